package dev.heddle.io;

import dev.heddle.internal.Checks;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The maker of connected pairs of streams inside one loop: what one end writes the other reads. They behave like TCP,
 * with bounded buffers, half-close and reset, but nothing leaves the process and nothing depends on timing: the peer to
 * test with.
 *
 * <p>Threads: both ends are for tasks of the same loop.
 */
public final class MemoryStreams {

    /** The bytes that lie between the ends in each direction before a writer waits. */
    public static final int DEFAULT_CAPACITY_BYTES = 64 * 1024;

    private static final AtomicLong NUMBERS = new AtomicLong();

    private MemoryStreams() {}

    /**
     * The two ends of one connection. Closing the pair closes both.
     *
     * @param left one end
     * @param right the other end
     */
    public record Pair(ByteStream left, ByteStream right) implements AutoCloseable {

        @Override
        public void close() {
            left.close();
            right.close();
        }
    }

    /** A pair with {@link #DEFAULT_CAPACITY_BYTES} in each direction. */
    public static Pair pair() {
        return pair(DEFAULT_CAPACITY_BYTES);
    }

    /**
     * Makes a connected pair.
     *
     * @param capacityBytes how many bytes lie in each direction before a writer waits, at least 1
     */
    public static Pair pair(int capacityBytes) {
        Checks.atLeast("capacityBytes", capacityBytes, 1);
        String name = "memory:" + NUMBERS.incrementAndGet();
        String left = name + ":left";
        String right = name + ":right";
        var toRight = new MemoryPipe(left + " to right", capacityBytes);
        var toLeft = new MemoryPipe(right + " to left", capacityBytes);
        return new Pair(
                new ByteStream(new MemoryTransport(left, right, toLeft, toRight)),
                new ByteStream(new MemoryTransport(right, left, toRight, toLeft)));
    }
}
