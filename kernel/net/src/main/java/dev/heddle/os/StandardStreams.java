package dev.heddle.os;

import dev.heddle.Heddle;
import dev.heddle.LoopLocal;
import dev.heddle.engine.BlockingTransports;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;

/**
 * The standard streams of this process, be they a terminal, a pipe, a file or nothing, without holding up a loop.
 *
 * <pre>{@code
 * ByteStream in = StandardStreams.in();
 * for (Optional<String> line = in.readLine(1000); line.isPresent(); line = in.readLine(1000)) {
 *     StandardStreams.out().write(line.get().toUpperCase() + "\n");
 * }
 * }</pre>
 *
 * <p>A thread of its own moves the bytes of each. They are not made non-blocking: that would make them so for all the
 * processes that share the terminal or the pipe, the shell included, which then lose bytes.
 *
 * <p>Nothing is read from the input before somebody waits for it. What is written is on its way when {@code write}
 * returns, and the end of {@code main} waits for it, {@link System#exit} for a second. A reader that is gone, as in
 * {@code | head -1}, is a {@link dev.heddle.BrokenException} at a later write. {@link System#in} and {@link System#out}
 * are beside these streams, with buffers of their own: use one or the other.
 *
 * <p>Cancellation: a cancelled read has taken nothing; what comes after it is kept for the next.
 *
 * <p>Threads: each call gives the same stream to tasks of one loop; two loops must not use the same stream at the same
 * time. Closing one ends it for its loop, and leaves the descriptor open.
 *
 * <p>To test code that uses them, give it a {@link ByteStream}, such as an end of {@link MemoryStreams#pair()};
 * simulated loops have no standard streams.
 */
public final class StandardStreams {

    private static final LoopLocal<ByteStream> IN = LoopLocal.withInitial(
            () -> HalfTransport.reading(new CloseShieldTransport(Shared.IN)));
    private static final LoopLocal<ByteStream> OUT = LoopLocal.withInitial(
            () -> HalfTransport.writing(new CloseShieldTransport(Shared.OUT)));
    private static final LoopLocal<ByteStream> ERR = LoopLocal.withInitial(
            () -> HalfTransport.writing(new CloseShieldTransport(Shared.ERR)));

    private StandardStreams() {}

    /** One of each for the process, so that what a loop has not read is there for the next. */
    private static final class Shared {
        static final Transport IN = BlockingTransports.reading(new FileInputStream(FileDescriptor.in),
                "the standard input");
        static final Transport OUT = BlockingTransports.writing(new FileOutputStream(FileDescriptor.out),
                "the standard output", true);
        static final Transport ERR = BlockingTransports.writing(new FileOutputStream(FileDescriptor.err),
                "the standard error", true);
    }

    /**
     * The standard input, for reading only.
     *
     * @throws UnsupportedOperationException if the loop is simulated
     */
    public static ByteStream in() {
        return of(IN);
    }

    /**
     * The standard output, for writing only.
     *
     * @throws UnsupportedOperationException if the loop is simulated
     */
    public static ByteStream out() {
        return of(OUT);
    }

    /**
     * The standard error, for writing only.
     *
     * @throws UnsupportedOperationException if the loop is simulated
     */
    public static ByteStream err() {
        return of(ERR);
    }

    private static ByteStream of(LoopLocal<ByteStream> stream) {
        Engine engine = Heddle.currentLoop().engine();
        if (engine.isSimulated()) {
            throw new UnsupportedOperationException(
                    "the engine " + engine.name()
                            + " has no standard streams; pass the stream, and a pair in memory in tests");
        }
        return stream.get();
    }
}
