package dev.heddle.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A way into the system's memory of files; who can make system calls offers one to {@link ServiceLoader}.
 *
 * <p>Threads: any.
 */
public interface PageCaches {

    /** One that works here, looked up once; empty if there is none. */
    static Optional<PageCaches> find() {
        return Found.FIRST;
    }

    /** Why it cannot work here, in a few words; empty if it can. */
    Optional<String> whyNot();

    /**
     * Opens one for a loop, which closes it.
     *
     * @param maxBytes of a file that can be read
     * @throws IOException if the system has no memory for it
     */
    PageCache open(int maxBytes) throws IOException;

    /** Loaded when first asked for. */
    final class Found {

        private static final Optional<PageCaches> FIRST = Services.first(PageCaches.class,
                each -> each.whyNot().isEmpty());

        private Found() {}
    }
}
