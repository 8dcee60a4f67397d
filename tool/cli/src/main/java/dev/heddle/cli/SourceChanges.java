package dev.heddle.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The changes of a program: of its source files and of what is on its own class path. Owned by one thread. */
final class SourceChanges implements AutoCloseable {

    /** Directories of classes below one of the class path that are looked at. */
    static final int MAX_DIRECTORIES = 1_000;

    private static final String SOURCE = ".java";

    private final WatchService watcher = FileSystems.getDefault().newWatchService();
    private final List<Path> classPath;
    private final Map<WatchKey, Path> watched = new HashMap<>();
    private final Set<Path> sources = new HashSet<>();

    /** Of what does not compile nobody knows what else it is made of: any source file may be what it lacks. */
    private boolean looksAtAll;

    SourceChanges(Path file, List<Path> classPath) throws IOException {
        this.classPath = classPath;
        sources.add(file.toAbsolutePath().normalize());
    }

    /** Has another source file, from the next {@link #look} on. */
    void add(Path source) {
        sources.add(source);
    }

    /** Whether any source file beside those counts. */
    void lookAtAll(boolean all) {
        looksAtAll = all;
    }

    /**
     * Looks at the directories of the sources, those of the jars, and those of classes with all below them; where one
     * is not there, at what would hold it.
     */
    void look() throws IOException {
        var directories = new HashSet<Path>();
        for (Path source : sources) {
            directories.add(existing(source.getParent()));
        }
        for (Path one : classPath) {
            if (Files.isDirectory(one)) {
                directories.addAll(below(one));
            } else {
                directories.add(existing(one.getParent()));
            }
        }
        directories.removeAll(watched.values());
        for (Path directory : directories) {
            try {
                watched.put(directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE), directory);
            } catch (NoSuchFileException | NotDirectoryException gone) {
                // Who has taken it away is told of by what held it, or makes it anew: then it is looked at again.
            }
        }
    }

    /** The directory, or the nearest above it that is there. */
    private static Path existing(@Nullable Path directory) {
        Path one = directory;
        while (one != null && !Files.isDirectory(one)) {
            one = one.getParent();
        }
        return one == null ? Path.of("/") : one;
    }

    private static List<Path> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isDirectory).limit(MAX_DIRECTORIES).toList();
        } catch (IOException | UncheckedIOException beingChanged) {
            return List.of(directory);
        }
    }

    /** Waits for a change. */
    void await() throws InterruptedException {
        boolean changed = false;
        while (!changed) {
            changed = counts(watcher.take());
        }
    }

    /** Whether a change comes within a time. */
    boolean within(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean changed = false;
        while (true) {
            // All that is there already belongs to the same change.
            WatchKey key = changed ? watcher.poll() : watcher.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (key == null) {
                return changed;
            }
            changed |= counts(key);
        }
    }

    private boolean counts(WatchKey key) {
        boolean changed = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            changed |= counts(watched.get(key), event);
        }
        if (!key.reset()) {
            watched.remove(key);
        }
        return changed;
    }

    private boolean counts(@Nullable Path directory, WatchEvent<?> event) {
        if (directory == null || !(event.context() instanceof Path name)) {
            // More than could be told of.
            return true;
        }
        Path file = directory.resolve(name);
        return (looksAtAll && name.toString().endsWith(SOURCE))
                || sources.stream().anyMatch(one -> one.startsWith(file))
                || classPath.stream().anyMatch(one -> one.startsWith(file)
                        || (Files.isDirectory(one) && file.startsWith(one)));
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
