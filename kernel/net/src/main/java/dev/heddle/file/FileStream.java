package dev.heddle.file;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Incoming;
import dev.heddle.internal.Unclosed;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * An open file that does not hold the loop up: the reading and writing is done by worker threads while the calling task
 * waits.
 *
 * <pre>{@code
 * try (FileStream log = FileStream.open(Path.of("access.log"))) {
 *     for (String line : log.lines(64 * 1024)) { ... }
 * }
 * try (FileStream out = FileStream.open(target, CREATE_NEW, WRITE)) {
 *     out.writeFrom(stream, 100_000_000);                   // an upload, as fast as the disk takes it
 * }
 * }</pre>
 *
 * <p>It has one position, at which the methods that name none read and write, one task at a time. {@link #readAt} and
 * {@link #writeAt} name their own, do not move it, and many tasks may be in them together. Reading in order reads
 * ahead; what another process writes into the part that was read ahead does not show.
 *
 * <p>Only regular files are opened. A FIFO or device is refused, since opening one may wait for ever where no cancel
 * reaches.
 *
 * <p>Every method may throw {@link FileFailedException}, with a reason; {@link ClosedException} if it is closed before
 * or meanwhile; {@link IllegalStateException} if it was not opened for that; the waiting ones {@link
 * CancelledException}. Those that use the position throw {@link BusyException} if another task is using it.
 *
 * <p>Cancellation: a step that a worker has begun, of at most 1 MiB, is done to its end and counts: a cancel never
 * closes the file, and no buffer is touched behind the caller's back. A cancelled read has taken nothing.
 *
 * <p>Threads: tasks of one loop. To test code that uses it, open a file in a {@link TempPath}; in a simulation the work
 * is done in the task itself.
 */
public final class FileStream implements AutoCloseable {

    /** What is taken from a stream at once, on its way to a file. */
    private static final int CHUNK_BYTES = 64 * 1024;

    /** Targets below this are served from what was read ahead: a copy costs less than a hop to a worker for each. */
    private static final int SMALL_TARGET_BYTES = 512 * 1024;

    private final Path path;
    private final FileChannel channel;
    private final Set<OpenOption> options;
    private final FileWindow window = new FileWindow();
    private final WaitSlot idle = new WaitSlot("the steps under way in a file that is being closed");

    private long position;
    private boolean busy;
    private boolean closed;
    private int underWay;

    /** Sees to it that it is told if it is dropped open; null if nobody watches. */
    private @Nullable Unclosed watch;

    private FileStream(Path path, FileChannel channel, Set<OpenOption> options) {
        this.path = path;
        this.channel = channel;
        this.options = options;
    }

    /**
     * Opens a file.
     *
     * <p>Cancellation: a cancelled call leaves nothing open, but may have made the file.
     *
     * @param options mostly {@link StandardOpenOption}s; none is {@code READ}. {@code APPEND} cannot go with {@code
     *     READ}
     * @throws IllegalArgumentException if the options contradict each other
     */
    public static FileStream open(Path path, OpenOption... options) {
        CancelScope.throwIfCancelled();
        Set<OpenOption> set = options.length == 0 ? Set.of(StandardOpenOption.READ) : Set.of(options);
        FileStream opened = FileWork.finish("open", path, () -> {
            FileWork.requireRegularOrAbsent(path);
            return new FileStream(path, FileChannel.open(path, set), set);
        });
        // The JDK closes the channel of one that was dropped.
        opened.watch = Unclosed.watch(opened, Heddle.currentLoop(), "the file " + path, () -> {});
        return opened;
    }

    private void unwatch() {
        if (watch != null) {
            watch.done();
            watch = null;
        }
    }

    // ---- at the position ----

    /** Reads into a whole array, as {@link #read(ByteBuffer)}. */
    public int read(byte[] target) {
        return read(ByteBuffer.wrap(target));
    }

    /**
     * Reads what there is, up to 1 MiB at a time, and moves the position.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param target where the bytes go; its position moves
     * @return how many, at least 1; 0 only if there is no room for any; -1 at the end, though the file may grow later
     */
    public int read(ByteBuffer target) {
        if (!target.hasRemaining()) {
            return 0;
        }
        begin();
        try {
            int count;
            if (window.size() == 0 && target.remaining() >= SMALL_TARGET_BYTES) {
                count = step(target, position);
            } else if (window.size() == 0 && !fill()) {
                count = -1;
            } else {
                count = window.moveTo(target);
            }
            position += Math.max(0, count);
            return count;
        } finally {
            busy = false;
        }
    }

    /**
     * Reads from the position to the end.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param maxBytes the most bytes, 0 or more
     * @throws LimitExceededException if there are more; the position stays
     */
    public byte[] readAll(int maxBytes) {
        begin();
        try {
            window.drop();
            var content = new GatheredBytes(path.toString(), maxBytes, size() - position);
            long at = position;
            for (int n = step(content.room(), at); n >= 0; n = step(content.room(), at)) {
                content.added(n);
                at += n;
            }
            position = at;
            return content.toArray();
        } finally {
            busy = false;
        }
    }

    /**
     * Reads a line that ends with {@code \n} or {@code \r\n} or the file, as UTF-8; malformed bytes become U+FFFD.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param maxBytes the most bytes of the line, its end not counted
     * @return the line without its end; empty at the end of the file
     * @throws LimitExceededException if the line is longer; it stays unread
     */
    public Optional<String> readLine(int maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        begin();
        try {
            int end = window.indexOfLineFeed();
            boolean more = true;
            while (end < 0 && more && window.size() <= maxBytes + 1L) {
                more = fill();
                end = window.indexOfLineFeed();
            }
            return end < 0 && window.size() == 0 ? Optional.empty() : Optional.of(takeLine(end, maxBytes));
        } finally {
            busy = false;
        }
    }

    /**
     * Takes a line that is buffered.
     *
     * @param lineFeedAt negative if there is none: the end of the file, or of what may be read
     */
    private String takeLine(int lineFeedAt, int maxBytes) {
        int length = lineFeedAt < 0 ? window.size() : lineFeedAt;
        int end = lineFeedAt > 0 && window.at(lineFeedAt - 1) == '\r' ? length - 1 : length;
        if (end > maxBytes) {
            throw new LimitExceededException("a line of " + path, maxBytes);
        }
        byte[] line = window.take(lineFeedAt < 0 ? length : length + 1);
        position += line.length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /**
     * The lines from the position on, read while they are asked for, each as by {@link #readLine}. Iterators share the
     * position.
     *
     * @param maxBytes the most bytes of each line, its end not counted
     */
    public Iterable<String> lines(int maxBytes) {
        return () -> new Incoming<>(() -> readLine(maxBytes), "no more lines in " + path);
    }

    /** Writes a whole array, as {@link #write(ByteBuffer)}. */
    public void write(byte[] source) {
        write(ByteBuffer.wrap(source));
    }

    /** Writes a text as UTF-8, as {@link #write(ByteBuffer)}. */
    public void write(String text) {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes all bytes of a buffer, and moves the position. A file that was opened with {@code APPEND} takes them at
     * its end.
     *
     * <p>Cancellation: a cancelled call has written what the buffer's position says.
     *
     * @param source the bytes; its position moves to its limit
     */
    public void write(ByteBuffer source) {
        begin();
        try {
            writeHere(source);
        } finally {
            busy = false;
        }
    }

    private void writeHere(ByteBuffer source) {
        int start = source.position();
        try {
            writeParts(source, position);
        } finally {
            position += source.position() - start;
        }
    }

    private void writeParts(ByteBuffer source, long from) {
        boolean appends = options.contains(StandardOpenOption.APPEND);
        int start = source.position();
        while (source.hasRemaining()) {
            if (source.position() > start) {
                CancelScope.throwIfCancelled();
            }
            ByteBuffer part = nextPart(source);
            long at = from + source.position() - start;
            try {
                operate("write", () -> {
                    while (part.hasRemaining()) {
                        if (appends) {
                            channel.write(part);
                        } else {
                            channel.write(part, at + part.position());
                        }
                    }
                    return true;
                });
            } finally {
                source.position(source.position() + part.position());
                window.drop();
            }
        }
    }

    private static ByteBuffer nextPart(ByteBuffer source) {
        return source.slice(source.position(), Math.min(source.remaining(), FileWork.MAX_STEP_BYTES));
    }

    /**
     * Where the methods that name no position read and write next, in bytes from the beginning; how many were appended,
     * where they do that.
     */
    public long position() {
        return position;
    }

    /**
     * Moves the position. Beyond the end there is nothing to read, and what is written there leaves a hole. Never
     * waits.
     *
     * @param position 0 or more
     */
    public void position(long position) {
        Checks.notNegative("position", position);
        requireIdle();
        window.drop();
        this.position = position;
    }

    // ---- at any position ----

    /**
     * Reads at some place, up to 1 MiB at a time.
     *
     * <p>Cancellation: a cancelled call has read nothing.
     *
     * @param position where, in bytes from the beginning, 0 or more
     * @param target where the bytes go; its position moves
     * @return how many, at least 1; 0 only if there is no room for any; -1 at or beyond the end
     */
    public int readAt(long position, ByteBuffer target) {
        Checks.notNegative("position", position);
        return target.hasRemaining() ? step(target, position) : 0;
    }

    /**
     * Writes all bytes of a buffer at some place.
     *
     * <p>Cancellation: a cancelled call has written what the buffer's position says.
     *
     * @param position where, in bytes from the beginning, 0 or more
     * @param source the bytes; its position moves to its limit
     * @throws IllegalStateException if it was opened with {@code APPEND}, which knows no place but the end
     */
    public void writeAt(long position, ByteBuffer source) {
        Checks.notNegative("position", position);
        if (options.contains(StandardOpenOption.APPEND)) {
            throw new IllegalStateException(
                    path + " is open for appending; to write at a position, open it with WRITE");
        }
        CancelScope.throwIfCancelled();
        writeParts(source, position);
    }

    // ---- streams ----

    /**
     * Writes all that a stream still brings, until its peer ends it. While the disk is slow the peer is held back.
     *
     * <p>Cancellation: a cancelled call has written all that it has taken from the stream, up to {@link #position}. One
     * that the disk fails may have lost up to 64 KiB behind it.
     *
     * @param maxBytes the most bytes, 0 or more
     * @return how many came
     * @throws LimitExceededException if more come; the first {@code maxBytes} are written, the rest is not taken
     */
    public long writeFrom(ByteStream source, long maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        begin();
        try {
            byte[] chunk = new byte[(int) Math.min(maxBytes, CHUNK_BYTES)];
            long count = 0;
            while (count < maxBytes) {
                int n = source.read(chunk, 0, (int) Math.min(maxBytes - count, chunk.length));
                if (n < 0) {
                    return count;
                }
                writeHere(ByteBuffer.wrap(chunk, 0, n));
                count += n;
            }
            if (source.fill().hasRemaining()) {
                throw new LimitExceededException("what is written to " + path, maxBytes);
            }
            return count;
        } finally {
            busy = false;
        }
    }

    /**
     * Sends what is between the position and the end of the file into a stream, as fast as its peer takes it. Not more
     * than told, also while the file grows.
     *
     * <p>Cancellation: a cancelled call has moved the position behind what has left, or has broken the stream's output.
     *
     * @param maxBytes the most bytes, 0 or more
     * @return how many were sent
     */
    public long sendTo(ByteStream target, long maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        begin();
        try {
            long count = 0;
            while (count < maxBytes && (window.size() > 0 || fill())) {
                ByteBuffer chunk = window.first((int) Math.min(maxBytes - count, window.size()));
                try {
                    target.write(chunk);
                } finally {
                    window.skip(chunk.position());
                    position += chunk.position();
                }
                count += chunk.position();
            }
            return count;
        } finally {
            busy = false;
        }
    }

    // ---- the file ----

    /** Asks how long the file is now, in bytes. */
    public long size() {
        CancelScope.throwIfCancelled();
        return operate("ask for the size of", channel::size);
    }

    /** Cuts the file off behind its first bytes; does nothing to a shorter one. The position stays. */
    public void truncate(long size) {
        Checks.notNegative("size", size);
        CancelScope.throwIfCancelled();
        operate("truncate", () -> channel.truncate(size));
        window.drop();
    }

    /** Waits until all that was written is on the disk, with the file's size and times (fsync(2)). */
    public void force() {
        CancelScope.throwIfCancelled();
        operate("force", () -> {
            channel.force(true);
            return true;
        });
    }

    /** What it was opened as. */
    public Path path() {
        return path;
    }

    /**
     * What is below: for calls that want one. Using its position, or using it in a thread that is interrupted, disturbs
     * this.
     */
    public FileChannel channel() {
        unwatch(); // who has it can close it
        return channel;
    }

    /** Whether it was not closed. */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Closes the file. Waits until steps under way are done, also in a cancelled scope; calls of several steps get a
     * {@link ClosedException} before their next one. What was written may not be on the disk yet, see {@link #force}.
     * Does nothing the second time.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        unwatch();
        if (underWay > 0) {
            Heddle.shield(idle::await);
        }
        window.drop();
        FileWork.finish("close", path, channel::close);
    }

    @Override
    public String toString() {
        return "FileStream[" + path + (closed ? ", closed]" : "]");
    }

    // ---- steps ----

    private boolean fill() {
        while (true) {
            ByteBuffer room = window.room();
            int count = step(room, position + window.size());
            if (window.accept(room)) {
                return count > 0;
            }
        }
    }

    /** Reads once; moves the position of the target only. */
    private int step(ByteBuffer target, long at) {
        CancelScope.throwIfCancelled();
        ByteBuffer part = nextPart(target);
        int count = operate("read", () -> channel.read(part, at));
        target.position(target.position() + Math.max(0, count));
        return count;
    }

    private <T> T operate(String doing, Callable<T> step) {
        requireOpen();
        underWay++;
        try {
            return FileWork.finish(doing, path, step);
        } catch (NonReadableChannelException | NonWritableChannelException e) {
            throw new IllegalStateException("cannot " + doing + " " + path + ": it was opened for " + options, e);
        } finally {
            underWay--;
            if (underWay == 0) {
                idle.wake();
            }
        }
    }

    private void begin() {
        CancelScope.throwIfCancelled();
        requireOpen();
        requireIdle();
        busy = true;
    }

    private void requireIdle() {
        if (busy) {
            throw new BusyException("another task is reading or writing at the position of " + path
                    + "; readAt and writeAt may run together");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException(path + " is closed");
        }
    }
}
