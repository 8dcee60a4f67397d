package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.LoopLocal;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.http.internal.middleware.Precompressed;
import dev.heddle.internal.PageCache;
import dev.heddle.internal.PageCaches;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The paths that have led a worker thread to files lately: the next time the loop's own thread reads such a file, or
 * opens a large one, if the engine can and nothing has to be waited for. Nothing of a file is kept, so what changes is
 * seen at once.
 *
 * <p>For the tasks of one loop.
 */
final class RecentFiles {

    /** The most paths that are known for a handler. */
    static final int MAX_PATHS = 16_384;

    /** Of a longer path nothing is kept. */
    private static final int MAX_LENGTH = 250;

    /** After so many vain tries in a row a path is left to the worker threads: a link on the way, for instance. */
    private static final int MAX_VAIN = 3;

    /** Then it is tried once in so many times: what was not in memory may be there again. */
    private static final int AGAIN = 64;

    private static final LoopLocal<OfLoop> OF_LOOP = LoopLocal.withInitial(OfLoop::new, OfLoop::close);

    /** Paths of Java are those of the system byte by byte. */
    private static final boolean PLAIN_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"))
            .equals(StandardCharsets.UTF_8);

    /** Those of all handlers of a loop. */
    private static final class OfLoop {
        private final Map<StaticFiles, RecentFiles> handlers = new WeakHashMap<>();
        private final @Nullable PageCache cache = open();

        private static @Nullable PageCache open() {
            // The simulator has files without a time, and the portable engine may be there to call nothing native.
            if (!PLAIN_NAMES || !(Heddle.currentLoop().engine() instanceof DescriptorEngine)) {
                return null;
            }
            try {
                Optional<PageCaches> caches = PageCaches.find();
                return caches.isEmpty() ? null : caches.get().open(OpenFile.SMALL_BYTES);
            } catch (IOException noMemory) {
                return null;
            }
        }

        @Nullable RecentFiles of(StaticFiles handler) {
            PageCache opened = cache;
            return opened == null ? null : handlers.computeIfAbsent(handler, _ -> new RecentFiles(opened));
        }

        void close() {
            if (cache != null) {
                cache.close();
            }
        }
    }

    /**
     * What a worker thread has seen.
     *
     * @param file what may be tried the next time; else null
     */
    record Looked(FileTree.@Nullable Found found, @Nullable Known file) {}

    private final PageCache cache;

    /** By the path as it was asked for; the least recently used first. */
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_PATHS;
        }
    };

    RecentFiles(PageCache cache) {
        this.cache = cache;
    }

    /** Those of a handler on the current loop; null if nobody can look into the system's memory there. */
    static @Nullable RecentFiles of(StaticFiles handler) {
        return OF_LOOP.get().of(handler);
    }

    /** What is known of a path that was asked for; null if a worker thread has to look. */
    @Nullable Known known(String asked) {
        return known.get(asked);
    }

    /** A file that a worker thread has found, if it may be tried. Blocks; for that thread. */
    @Nullable Known tryable(Path root, List<String> segments, String name) {
        String above = segments.size() == 1
                ? ""
                : String.join("/", segments.subList(0, segments.size() - 1)) + "/";
        byte[] path = (root.toAbsolutePath() + "/" + above + name).getBytes(StandardCharsets.UTF_8);
        return cache.isTryable(path) ? new Known(cache, name, path) : null;
    }

    /** Keeps in mind what a worker thread has seen, and gives what it has found. */
    FileTree.@Nullable Found keeping(String asked, Looked looked) {
        if (looked.file == null) {
            known.remove(asked);
        } else if (asked.length() <= MAX_LENGTH) {
            Known file = known.computeIfAbsent(asked, _ -> looked.file);
            if (looked.found instanceof FileTree.FoundFile found && !found.coding().isEmpty()) {
                file.compressed.add(found.coding());
            }
        }
        return looked.found;
    }

    /** A path that has led to a file. */
    static final class Known {

        private final PageCache cache;
        private final String name;
        private final byte[] path;

        /** The codings of the files beside it that were sent in its place. */
        private final Set<String> compressed = new HashSet<>(2);

        private int vain;

        Known(PageCache cache, String name, byte[] path) {
            this.cache = cache;
            this.name = name;
            this.path = path;
        }

        String name() {
            return name;
        }

        /**
         * The file, or a compressed one in its place, read now.
         *
         * @param codings of compressed ones that the peer takes, its favourite first
         * @return null if a worker thread has to look
         */
        FileTree.@Nullable FoundFile read(List<Precompressed> codings) {
            if (vain >= MAX_VAIN && ++vain % AGAIN != 0) {
                return null;
            }
            FileTree.FoundFile found = first(codings);
            vain = found == null ? vain + 1 : 0;
            return found;
        }

        private FileTree.@Nullable FoundFile first(List<Precompressed> codings) {
            for (Precompressed coding : codings) {
                byte[] beside = coding.beside(path);
                if (compressed.contains(coding.coding())) {
                    FileTree.FoundFile found = read(beside, coding.coding());
                    if (found != null) {
                        return ifNoOlder(found);
                    }
                    compressed.remove(coding.coding());
                }
                // Whether what is there is a file, a worker thread finds out.
                if (!PageCache.NO_FILE.equals(cache.modified(beside))) {
                    return null;
                }
            }
            return read(path, "");
        }

        private FileTree.@Nullable FoundFile read(byte[] file, String coding) {
            PageCache.Snapshot read = cache.read(file, OpenFile.SMALL_BYTES);
            return read == null ? null : new FileTree.FoundFile(OpenFile.found(name, read), coding);
        }

        private FileTree.@Nullable FoundFile ifNoOlder(FileTree.FoundFile found) {
            Instant plain = cache.modified(path);
            if (plain == null || plain.equals(PageCache.NO_FILE) || found.file().modified().isBefore(plain)) {
                found.file().close();
                return null;
            }
            return found;
        }
    }
}
