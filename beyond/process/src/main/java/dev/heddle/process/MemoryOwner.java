package dev.heddle.process;

import dev.heddle.process.internal.PrivateDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A process that owns shared memory: a directory with what it owns, and a lock in it that the kernel takes away when
 * the process ends.
 *
 * <p>Such a lock also goes when the process closes any other descriptor of the file, fcntl(2). So nothing in this JVM
 * may open it again, not even another copy of this class in a class loader of its own: the copies tell each other by a
 * property of the system.
 *
 * @param name random, so never that of an owner before
 * @param lock holds the lock while it is open
 */
record MemoryOwner(String name, Path directory, FileChannel lock) {

    private static final String LOCK = ".lock";
    private static final String OF_THIS_JVM = "dev.heddle.process.memoryOwners";

    /** Begins to own: makes a directory with a lock, below that of all owners. */
    static MemoryOwner begin(Path owners) throws IOException {
        while (true) {
            String name = MemoryDirectory.randomName();
            setOfThisJvm(name, true);
            MemoryOwner owner = null;
            try {
                owner = lock(name, MemoryDirectory.make(owners.resolve(name)));
            } finally {
                if (owner == null) {
                    setOfThisJvm(name, false);
                }
            }
            if (owner != null) {
                return owner;
            }
        }
    }

    /**
     * Null if another process took the new directory, which has no lock for a moment, for that of an owner that is
     * gone.
     */
    private static @Nullable MemoryOwner lock(String name, Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        FileChannel lock;
        try {
            lock = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PrivateDirectory.mode("rw-------"));
        } catch (NoSuchFileException e) {
            return null;
        }
        MemoryOwner owner = null;
        try {
            if (lock.tryLock() != null && Files.exists(file)) {
                owner = new MemoryOwner(name, directory, lock);
            }
            return owner;
        } finally {
            if (owner == null) {
                lock.close();
            }
        }
    }

    private static void setOfThisJvm(String name, boolean is) {
        System.getProperties().compute(OF_THIS_JVM, (key, before) -> {
            Set<String> all = new TreeSet<>(before == null ? List.of() : List.of(before.toString().split(" ")));
            if (is) {
                all.add(name);
            } else {
                all.remove(name);
            }
            return all.isEmpty() ? null : String.join(" ", all);
        });
    }

    private static boolean isOfThisJvm(String name) {
        return List.of(System.getProperty(OF_THIS_JVM, "").split(" ")).contains(name);
    }

    /** Ends to own; everything must be removed. What cannot be removed now is removed by whoever looks next. */
    void end() {
        try (lock) {
            Files.deleteIfExists(directory.resolve(LOCK));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // The lock is gone in any case.
        }
        setOfThisJvm(name, false);
    }

    /**
     * Removes what an owner has left, if it is gone.
     *
     * @param names the names of all shared memory
     */
    static void removeIfGone(Path directory, Path names) throws IOException {
        if (isOfThisJvm(String.valueOf(directory.getFileName()))) {
            return;
        }
        Path file = directory.resolve(LOCK);
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) {
                return;
            }
            removeAll(directory, names);
            Files.deleteIfExists(file);
        } catch (NoSuchFileException e) {
            // Somebody else was quicker, or it is about to begin: then the directory is empty, and it makes another
            // one.
        } catch (OverlappingFileLockException e) {
            return; // Another copy of this class is removing it.
        }
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // It has begun in the meantime.
        }
    }

    private static void removeAll(Path directory, Path names) throws IOException {
        for (Path file : PrivateDirectory.contents(directory)) {
            if (file.endsWith(LOCK)) {
                continue;
            }
            Path link = names.resolve(file.getFileName());
            if (Files.isSymbolicLink(link) && names.resolve(Files.readSymbolicLink(link)).normalize().equals(file)) {
                Files.deleteIfExists(link);
            }
            Files.deleteIfExists(file);
        }
    }
}
