package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.internal.Checks;
import java.nio.ByteBuffer;

/**
 * The wrappers of a stream, and the relay between two.
 *
 * <pre>{@code
 * var timeouts = StreamTimeouts.NONE.withIdle(Duration.ofMinutes(5));
 * listener.serve(1_000, client -> {
 *     try (ByteStream server = Tcp.connect("10.0.0.7", 5432)) {
 *         Streams.relay(Streams.withTimeouts(client, timeouts), server);
 *     }
 * });
 * }</pre>
 *
 * <p>A wrapper takes the given stream's place: it begins with what that one has read ahead, and closing it closes that
 * one. The given one must not be read or written any more. A stream in which a task is reading or writing is refused
 * with a {@link BusyException}, one whose output is cut off with a {@link BrokenException}.
 *
 * <p>Threads: tasks of the streams' loop. Cancellation: through a wrapper it is as with {@link ByteStream}. To test
 * code that uses them, wrap the ends of {@link MemoryStreams#pair()}.
 */
public final class Streams {

    private Streams() {}

    /**
     * Slows a stream down.
     *
     * @param reading the rate of what comes; shared with the other streams that were given the same one
     * @param writing the rate of what goes; may be the same
     */
    public static ByteStream throttled(ByteStream stream, ByteRateLimiter reading, ByteRateLimiter writing) {
        return new ByteStream(new ThrottledTransport(stream, reading, writing));
    }

    /**
     * Ends waits that take too long with a {@link DeadlineExceededException} that names the timeout. A read that was
     * ended has taken nothing; a write that was ended in the middle of its bytes has broken the output, as one that is
     * cancelled. To bound a whole conversation use {@link dev.heddle.Heddle#timeout}.
     */
    public static ByteStream withTimeouts(ByteStream stream, StreamTimeouts timeouts) {
        return new ByteStream(new TimeoutTransport(stream, timeouts));
    }

    /** Counts the bytes of a stream, from now on, and what it has read ahead. */
    public static ByteStream metered(ByteStream stream, ByteCounter meter) {
        return new ByteStream(new MeteredTransport(stream, meter));
    }

    /**
     * Bounds what the peer may send in all: reading past the bound is refused with a {@link LimitExceededException},
     * again and again.
     *
     * @param maxBytes the most bytes from now on, 0 or more, what was read ahead counted
     */
    public static ByteStream limited(ByteStream stream, long maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        return new ByteStream(new LimitedTransport(stream, maxBytes));
    }

    /**
     * Makes one stream of two: it reads the one and writes the other, as with the two pipes of a program. Closing it
     * closes both.
     *
     * @param in what is read; never written
     * @param out what is written; never read
     */
    public static ByteStream staple(ByteStream in, ByteStream out) {
        return new ByteStream(new StapledTransport(in, out));
    }

    /**
     * Copies all that comes from one stream to another until the first one ends. Closes neither. Holds a buffer only
     * while bytes lie in it, and reads no more while the target does not take them.
     *
     * <p>Cancellation: a cancelled call may have broken the target's output; what was not written is still in the
     * source.
     *
     * @return the count of bytes copied
     * @throws BrokenException if either connection is lost
     * @throws ClosedException if this side closes either stream
     * @throws BusyException if another task reads the one or writes the other
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public static long copy(ByteStream from, ByteStream to) {
        long copied = 0;
        while (true) {
            ByteBuffer bytes = from.fill();
            if (!bytes.hasRemaining()) {
                return copied;
            }
            int count = bytes.remaining();
            to.write(bytes);
            copied += count;
        }
    }

    /**
     * What a relay has passed on.
     *
     * @param bytesLeftToRight what came from the first stream
     * @param bytesRightToLeft what came from the second
     */
    public record Relayed(long bytesLeftToRight, long bytesRightToLeft) {}

    /**
     * Connects two streams: passes all on, both ways at once, as a proxy does. When one side ends its output the other
     * is told so, and the way back stays open. Returns when both ways have ended, and has closed both streams. A peer
     * that keeps its way open for ever keeps the relay: {@link #withTimeouts} bounds that.
     *
     * <p>Cancellation: a cancelled call has aborted both streams.
     *
     * @throws BrokenException if either connection is lost; both streams are aborted
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static Relayed relay(ByteStream left, ByteStream right) {
        return new Relay(left, right).run();
    }
}
