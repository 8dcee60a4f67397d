package dev.heddle.file;

import dev.heddle.file.FileChange.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The directories that one watch service watches, and what its events mean for paths.
 *
 * <p>A new directory is registered first and listed then, so that whatever comes into it is in the list, in an event,
 * or in both.
 *
 * <p>The kernel knows directories, not paths: one that is moved inside of the tree keeps its key, and which of the two
 * events is seen first is open. So a key belongs to the path it was registered for last, and the old path lets go of it
 * only if it still owns it.
 *
 * <p>Threads: blocks; worker threads, one call at a time.
 */
final class WatchedTree {

    private static final WatchEvent.Kind<?>[] ALL = {
            StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE
    };

    private final WatchService service;
    private final Path root;
    private final boolean recursive;
    private final PendingChanges pending;
    private final Map<WatchKey, Path> paths = new HashMap<>();
    private final Map<Path, WatchKey> keys = new HashMap<>();

    WatchedTree(WatchService service, Path root, boolean recursive, PendingChanges pending) {
        this.service = service;
        this.root = root;
        this.recursive = recursive;
        this.pending = pending;
    }

    /** Begins to watch. */
    void start() throws IOException {
        register(root);
        if (recursive) {
            watchBelow(root, false);
        }
    }

    /** Takes the events of a key, all of them, and then throws the first failure. */
    void absorb(WatchKey key) throws IOException {
        IOException failure = null;
        for (WatchEvent<?> event : key.pollEvents()) {
            Path directory = paths.get(key);
            if (directory != null) {
                try {
                    absorb(directory, event);
                } catch (IOException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
        if (!key.reset()) {
            forget(key);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether the root was removed. */
    boolean isGone() {
        return !keys.containsKey(root);
    }

    private void absorb(Path directory, WatchEvent<?> event) throws IOException {
        if (!(event.context() instanceof Path name)) {
            pending.add(Kind.OVERFLOWED, directory);
            if (recursive) {
                watchBelow(directory, false);
            }
            return;
        }
        Path path = directory.resolve(name);
        if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE) {
            pending.add(Kind.CREATED, path);
            if (recursive) {
                watchNew(path);
            }
        } else if (event.kind() == StandardWatchEventKinds.ENTRY_DELETE) {
            pending.add(Kind.DELETED, path);
            forgetBelow(path);
        } else {
            pending.add(Kind.MODIFIED, path);
        }
    }

    private void watchNew(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                register(path);
                watchBelow(path, true);
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Gone again; an event of its parent says so.
            }
        }
    }

    /** Watches all directories below one that is watched. */
    private void watchBelow(Path top, boolean tell) throws IOException {
        Deque<Path> left = new ArrayDeque<>();
        left.add(top);
        while (!left.isEmpty()) {
            Path directory = left.remove();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    if (tell) {
                        pending.add(Kind.CREATED, entry);
                    }
                    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        register(entry);
                        left.add(entry);
                    }
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Gone again; an event of its parent says so.
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
    }

    private void register(Path directory) throws IOException {
        WatchKey key = directory.register(service, ALL);
        paths.put(key, directory);
        keys.put(directory, key);
    }

    private void forget(WatchKey key) {
        Path path = paths.remove(key);
        if (path != null && keys.remove(path, key) && path.equals(root)) {
            pending.add(Kind.DELETED, root);
        }
    }

    private void forgetBelow(Path top) {
        if (keys.containsKey(top)) {
            keys.entrySet().removeIf(entry -> {
                if (!entry.getKey().startsWith(top)) {
                    return false;
                }
                if (paths.remove(entry.getValue(), entry.getKey())) {
                    entry.getValue().cancel();
                }
                return true;
            });
        }
    }
}
