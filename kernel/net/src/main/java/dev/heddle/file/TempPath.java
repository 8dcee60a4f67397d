package dev.heddle.file;

import dev.heddle.CancelledException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory that is gone, with all in it, when its scope ends.
 *
 * <pre>{@code
 * try (TempPath work = TempPath.directory("build")) {
 *     AsyncFiles.writeText(work.path().resolve("a.txt"), "text");
 * }
 * }</pre>
 *
 * <p>Made in the system's place for such, {@code java.io.tmpdir}, and open to its owner only.
 *
 * <p>Cancellation: a cancelled call has made nothing. {@link #close} removes it in a cancelled scope too.
 *
 * <p>Threads: any task. To test code that uses it nothing else is needed.
 */
public final class TempPath implements AutoCloseable {

    private final Path path;

    private TempPath(Path path) {
        this.path = path;
    }

    /**
     * Makes an empty file.
     *
     * @param prefix how its name begins; maybe empty
     * @throws FileFailedException if the system cannot
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static TempPath file(String prefix) {
        return FileWork.call(
                "make a temporary file", Path.of(prefix), () -> new TempPath(Files.createTempFile(prefix, ".tmp")));
    }

    /**
     * Makes an empty directory.
     *
     * @param prefix how its name begins; maybe empty
     * @throws FileFailedException if the system cannot
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static TempPath directory(String prefix) {
        return FileWork.call(
                "make a temporary directory", Path.of(prefix), () -> new TempPath(Files.createTempDirectory(prefix)));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Removes it with all in it; of symbolic links the links only. Waits for the disk, also in a cancelled scope. Does
     * nothing if it is gone or was moved away.
     *
     * @throws FileFailedException if the system cannot remove all
     */
    @Override
    public void close() {
        FileWork.finish("remove", path, () -> removeTree(path));
    }

    private static void removeTree(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
