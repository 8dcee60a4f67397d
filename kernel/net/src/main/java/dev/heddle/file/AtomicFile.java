package dev.heddle.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The atomic replacement of a file: a hidden file beside it is written, forced to the disk and renamed, and then the
 * directory is forced, without which the new name could be lost (fsync(2)). Whatever fails before the rename, also a
 * full disk or an interrupt, removes the hidden file. Blocks; for worker threads.
 */
final class AtomicFile {

    private static final String PREFIX = ".heddle-";
    private static final String SUFFIX = ".tmp";

    /** Puts the new content into an empty file. */
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /** Gives the new size. */
    static long write(Path file, Content content) throws IOException {
        FileWork.requireRegularOrAbsent(file);
        // What a link points to is replaced, not the link.
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.resolveSibling("");
        // That of an old file is its owner's only until it has the old one's permissions.
        Path hidden = Files.createTempFile(directory, PREFIX, SUFFIX,
                Files.exists(target) ? new FileAttribute<?>[0] : usualPermissions(directory));
        boolean renamed = false;
        try {
            long size = fill(hidden, target, content);
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
            renamed = true;
            force(directory);
            return size;
        } finally {
            if (!renamed) {
                Files.deleteIfExists(hidden);
            }
        }
    }

    /** The permissions come before the content, which may be a secret, and are forced with it. */
    private static long fill(Path hidden, Path target, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(hidden, StandardOpenOption.WRITE)) {
            takePermissions(target, hidden);
            content.writeTo(channel);
            channel.force(true);
            return channel.size();
        }
    }

    /** Those of a new file, which the umask narrows; the JDK gives temporary files to their owner only. */
    private static FileAttribute<?>[] usualPermissions(Path directory) {
        return isPosix(directory)
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"))
                }
                : new FileAttribute<?>[0];
    }

    private static void takePermissions(Path from, Path to) throws IOException {
        if (isPosix(from) && Files.exists(from)) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * Forces the new name, where the system can open a directory. The change is committed by now, so an interrupt, of
     * which there is only one, comes too late.
     */
    private static void force(Path directory) throws IOException {
        boolean done = !isPosix(directory);
        while (!done) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
                done = true;
            } catch (ClosedByInterruptException e) {
                Thread.interrupted();
            }
        }
    }
}
