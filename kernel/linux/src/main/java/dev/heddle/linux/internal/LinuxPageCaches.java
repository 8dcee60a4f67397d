package dev.heddle.linux.internal;

import dev.heddle.internal.PageCache;
import dev.heddle.internal.PageCaches;
import java.io.IOException;
import java.util.Optional;

/** The page cache of Linux, as {@link CachedFiles} reads it. */
public final class LinuxPageCaches implements PageCaches {

    /** For {@link java.util.ServiceLoader}. */
    public LinuxPageCaches() {}

    @Override
    public Optional<String> whyNot() {
        return Platform.whyNot();
    }

    @Override
    public PageCache open(int maxBytes) throws IOException {
        return new CachedFiles(maxBytes);
    }
}
