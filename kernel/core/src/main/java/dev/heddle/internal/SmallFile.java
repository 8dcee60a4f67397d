package dev.heddle.internal;

import dev.heddle.CancelledException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file of some lines whose name people choose, such as one of keys or of settings: it is read whole, at once.
 *
 * <p>A regular file, also behind links, is read where the caller stands, as it mostly lies in memory. What waits for
 * somebody, a pipe without a name as shells make of {@code <(command)}, {@code /dev/stdin} or a device, is read by a
 * thread of its own while the calling task waits. A named pipe is refused: to open one waits for its other end, and no
 * cancel reaches that wait.
 */
public final class SmallFile {

    private SmallFile() {}

    /**
     * Reads one. A caller that is no task blocks.
     *
     * <p>Cancellation: a task waits for what is no regular file, and may have read a part of it then.
     *
     * @param maxBytes the most bytes
     * @throws NoSuchFileException if it is not there
     * @throws FileSystemException if it is longer, or a named pipe
     * @throws CancelledException if the enclosing scope is cancelled while it waits
     */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        boolean regular = Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
        if (!regular && FileKinds.isNamedPipe(file)) {
            throw new FileSystemException(file.toString(), null, "a named pipe, and to open one may wait for ever;"
                    + " give a file, or what a shell makes of <(cat pipe)");
        }
        boolean waits = !regular && Task.ofThread(Thread.currentThread())
                .filter(task -> !task.loop().engine().isSimulated())
                .isPresent();
        return waits ? readAside(file, maxBytes) : read(Files.newInputStream(file), file, maxBytes);
    }

    /** In a thread of the system, as an interrupt ends its wait in a channel, and not that of a worker or a task. */
    private static byte[] readAside(Path file, int maxBytes) throws IOException {
        var whole = new Promise<byte[]>();
        Thread reader = Thread.ofPlatform().daemon().name("read " + file).start(() -> {
            try {
                whole.complete(read(Channels.newInputStream(FileChannel.open(file)), file, maxBytes));
            } catch (IOException | RuntimeException | Error e) {
                whole.fail(e);
            }
        });
        try {
            return whole.join();
        } catch (TaskFailedException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        } finally {
            if (!whole.isDone()) {
                reader.interrupt();
            }
        }
    }

    private static byte[] read(InputStream opened, Path file, int maxBytes) throws IOException {
        try (opened) {
            byte[] bytes = opened.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new FileSystemException(file.toString(), null, "longer than " + maxBytes + " bytes");
            }
            return bytes;
        }
    }
}
