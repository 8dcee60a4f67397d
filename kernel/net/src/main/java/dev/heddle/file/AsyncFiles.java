package dev.heddle.file;

import dev.heddle.CancelledException;
import dev.heddle.generators.Generator;
import dev.heddle.internal.Checks;
import dev.heddle.io.LimitExceededException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * The functions for whole files and directories, which do not hold the loop up: the work is done by worker threads
 * while the calling task waits.
 *
 * <pre>{@code
 * String config = AsyncFiles.readText(Path.of("config.json"), 1_000_000);
 * AsyncFiles.replaceText(Path.of("state.json"), state);           // the old text or the new, never half of one
 * for (Path file : AsyncFiles.walk(Path.of("src"), 20)) { ... }
 * }</pre>
 *
 * <p>Each call is one visit to a worker, whatever the size. To read or write piece by piece, open a {@link FileStream};
 * for all that has no method here, {@code offload(() -> Files.move(...))} does.
 *
 * <p>Only regular files are read and written. A FIFO or device is refused, since opening one may wait for ever; a
 * directory too. Symbolic links are followed.
 *
 * <p>Every method may throw {@link FileFailedException}, with a reason, and {@link CancelledException}.
 *
 * <p>Cancellation: the work is interrupted and its end awaited, so nothing goes on behind a cancelled call's back.
 *
 * <p>Threads: any task. To test code that uses it, give it a {@link TempPath}; in a simulation the work is done in the
 * task itself.
 */
public final class AsyncFiles {

    /** Entries of a directory that one visit to a worker fetches. */
    static final int BATCH = 256;

    private AsyncFiles() {}

    // ---- whole files ----

    /**
     * Reads a file.
     *
     * <p>Cancellation: a cancelled call leaves nothing open.
     *
     * @param maxBytes the most bytes, 0 or more
     * @throws LimitExceededException if the file is longer
     */
    public static byte[] readBytes(Path file, int maxBytes) {
        return FileWork.call("read", file, () -> {
            FileWork.requireRegularOrAbsent(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                var content = new GatheredBytes(file.toString(), maxBytes, channel.size());
                for (int n = channel.read(content.room()); n >= 0; n = channel.read(content.room())) {
                    content.added(n);
                }
                return content.toArray();
            }
        });
    }

    /** Reads a file as UTF-8, as {@link #readBytes}; malformed bytes become U+FFFD. */
    public static String readText(Path file, int maxBytes) {
        return new String(readBytes(file, maxBytes), StandardCharsets.UTF_8);
    }

    /**
     * Writes a file in its place, which is made if it is not there; what was in it is gone. {@link #replaceBytes} is
     * safer.
     *
     * <p>Cancellation: a cancelled call may leave the file with a part of the bytes, and so does a failure.
     */
    public static void writeBytes(Path file, byte[] bytes) {
        FileWork.<Boolean>call("write", file, () -> {
            FileWork.requireRegularOrAbsent(file);
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(channel, bytes);
            }
            return true;
        });
    }

    /** Writes a text as UTF-8, as {@link #writeBytes}. */
    public static void writeText(Path file, String text) {
        writeBytes(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Gives a file new content at one stroke: others see the old or the new, also after a crash of the machine
     * (fsync(2), rename(2)). The new content is written to a hidden file beside it, which then takes its name and
     * permissions. Other hard links keep the old content.
     *
     * <p>Cancellation: a cancelled or failed call has changed nothing and leaves nothing behind. Only where the disk
     * fails last of all, when the name is forced, the new content is there and may be lost in a crash.
     */
    public static void replaceBytes(Path file, byte[] bytes) {
        FileWork.<Boolean>call("replace", file, () -> {
            AtomicFile.write(file, channel -> writeAll(channel, bytes));
            return true;
        });
    }

    /** Gives a file a new text as UTF-8 at one stroke, as {@link #replaceBytes}. */
    public static void replaceText(Path file, String text) {
        replaceBytes(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Copies a file; what had the target's name is replaced at one stroke, as by {@link #replaceBytes}. Where the file
     * system can, no bytes move at all.
     *
     * <p>Cancellation: a cancelled or failed call has changed nothing and leaves nothing behind.
     *
     * @return how many bytes it has
     */
    public static long copy(Path from, Path to) {
        return FileWork.<Long>call("copy", from, () -> {
            FileWork.requireRegularOrAbsent(from);
            try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
                long size = source.size();
                // Files of the system itself, proc(5), say that they are empty.
                return AtomicFile.write(
                        to,
                        size == 0 ? target -> readAll(source, target) : target -> transferAll(source, size, target));
            }
        });
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.position() < bytes.length) {
            rest.limit(Math.min(bytes.length, rest.position() + FileWork.MAX_STEP_BYTES));
            channel.write(rest);
        }
    }

    private static void readAll(FileChannel source, FileChannel target) throws IOException {
        ByteBuffer step = ByteBuffer.allocate(FileWork.MAX_STEP_BYTES);
        while (source.read(step) >= 0) {
            target.write(step.flip());
            step.clear();
        }
    }

    /** Step by step, since an interrupt is only seen in between. */
    private static void transferAll(FileChannel source, long size, FileChannel target) throws IOException {
        long done = 0;
        while (done < size) {
            long count = source.transferTo(done, Math.min(size - done, 8L * FileWork.MAX_STEP_BYTES), target);
            if (count <= 0) {
                return; // the file has become shorter
            }
            done += count;
        }
    }

    // ---- directories ----

    /**
     * The entries of a directory, in the order in which the system gives them, fetched while they are asked for.
     * Entries that come or go meanwhile may or may not be among them.
     *
     * <p>Cancellation: what was not asked for stays; the directory is closed with the generator, at the latest when its
     * task ends.
     */
    @SuppressWarnings("StreamResourceLeak") // the generator closes it
    public static Generator<Path> list(Path directory) {
        return entries(directory, () -> {
            FileWork.requireDirectoryOrAbsent(directory);
            return Files.list(directory);
        });
    }

    /**
     * A directory and all below it, each directory before what is in it, fetched while they are asked for. Does not
     * follow symbolic links below it. Ends with a failure at a directory that cannot be read.
     *
     * <p>Cancellation: as {@link #list}.
     *
     * @param maxDepth how many levels down to go, 0 or more; 1 gives the directory and its entries. Each level under
     *     way keeps a descriptor
     */
    @SuppressWarnings("StreamResourceLeak") // the generator closes it
    public static Generator<Path> walk(Path directory, int maxDepth) {
        Checks.notNegative("maxDepth", maxDepth);
        return entries(directory, () -> Files.walk(directory, maxDepth));
    }

    private static Generator<Path> entries(Path directory, Callable<Stream<Path>> open) {
        return Generator.of(out -> {
            Stream<Path> entries = FileWork.call("list", directory, open);
            try {
                Iterator<Path> rest = entries.iterator();
                List<Path> batch = nextOf(directory, rest);
                while (!batch.isEmpty()) {
                    out.yieldFrom(batch);
                    batch = nextOf(directory, rest);
                }
            } finally {
                FileWork.finish("close", directory, entries::close);
            }
        });
    }

    private static List<Path> nextOf(Path directory, Iterator<Path> rest) {
        return FileWork.call("list", directory, () -> {
            List<Path> batch = new ArrayList<>();
            while (batch.size() < BATCH && rest.hasNext()) {
                batch.add(rest.next());
            }
            return batch;
        });
    }
}
