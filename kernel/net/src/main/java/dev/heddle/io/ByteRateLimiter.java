package dev.heddle.io;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A rate of bytes for the streams that share it: a token bucket. It fills at the rate up to the burst, and each byte
 * takes one token. Streams that find too few wait in line, so each gets its turn.
 *
 * <pre>{@code
 * ByteRateLimiter uplink = ByteRateLimiter.of(1_000_000);                       // one megabyte per second for all of them together
 * listener.serve(100, stream -> send(Streams.throttled(stream, ByteRateLimiter.unlimited(), uplink)));
 * }</pre>
 *
 * <p>Threads: streams of one loop. Cancellation: a stream whose wait is cancelled has taken no token and left the line.
 * To test code that uses it, run it in simulated time.
 */
public final class ByteRateLimiter {

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * A waiting stream gets at least what comes in such a part of a second, so that a slow rate does not mean tiny
     * packets.
     */
    private static final int QUANTA_PER_SECOND = 50;

    private final long bytesPerSecond;
    private final long burstBytes;
    private final long quantumBytes;
    private final Deque<Turn> line = new ArrayDeque<>();
    private double tokens;
    private long filledAtNanos;
    private @Nullable Loop loop;

    private ByteRateLimiter(long bytesPerSecond, long burstBytes) {
        this.bytesPerSecond = bytesPerSecond;
        this.burstBytes = burstBytes;
        this.quantumBytes = Math.max(1, Math.min(burstBytes, bytesPerSecond / QUANTA_PER_SECOND));
        this.tokens = burstBytes;
    }

    /** A rate with a burst of a tenth of a second, as {@link #of(long, long)}. */
    public static ByteRateLimiter of(long bytesPerSecond) {
        return of(bytesPerSecond, Math.max(1, bytesPerSecond / 10));
    }

    /**
     * A rate with a burst.
     *
     * @param bytesPerSecond at least 1
     * @param burstBytes the most bytes that go at once after a time of quiet, at least 1
     */
    public static ByteRateLimiter of(long bytesPerSecond, long burstBytes) {
        Checks.atLeast("bytesPerSecond", bytesPerSecond, 1);
        Checks.atLeast("burstBytes", burstBytes, 1);
        return new ByteRateLimiter(bytesPerSecond, burstBytes);
    }

    /** No bound: for a direction that is not throttled. */
    public static ByteRateLimiter unlimited() {
        return new ByteRateLimiter(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private boolean isUnlimited() {
        return bytesPerSecond == Long.MAX_VALUE;
    }

    /** The bytes that a stream may move now: none while others wait in line before it. */
    long allowed(Turn turn) {
        if (isUnlimited()) {
            return Long.MAX_VALUE;
        }
        return turn.granted || line.isEmpty() ? available() : 0;
    }

    /** A stream has moved so many bytes, and must ask anew for more. */
    void took(Turn turn, int bytes) {
        turn.granted = false;
        if (!isUnlimited()) {
            tokens -= bytes;
        }
    }

    private long available() {
        Loop here = Heddle.currentLoop();
        long now = here.nanoTime();
        if (loop == null) {
            loop = here;
            filledAtNanos = now;
        } else if (loop != here) {
            throw new IllegalStateException(this + " belongs to " + loop.name() + "; make one for each loop");
        }
        tokens = Math.min((double) burstBytes, tokens + (now - filledAtNanos) / NANOS_PER_SECOND * bytesPerSecond);
        filledAtNanos = now;
        return (long) tokens;
    }

    /** Waits in line until it is a stream's turn and a worthwhile piece may go, or the stream is closed. */
    void await(Turn turn) {
        if (isUnlimited()) {
            return;
        }
        Waiter waiter = turn.begin();
        line.add(turn);
        try {
            while (!turn.closed) {
                boolean first = line.peekFirst() == turn;
                if (first && available() >= quantumBytes) {
                    turn.granted = true;
                    return;
                }
                waiter.reset();
                if (first) {
                    waiter.awaitWithin(untilQuantum());
                } else {
                    waiter.await();
                }
            }
        } finally {
            line.remove(turn);
            turn.waiter = null;
            Turn next = line.peekFirst();
            if (next != null) {
                next.wake();
            }
        }
    }

    /** Never zero, so that time goes on. */
    private Duration untilQuantum() {
        return Duration.ofNanos(1 + (long) ((quantumBytes - tokens) * NANOS_PER_SECOND / bytesPerSecond));
    }

    /** How many streams wait in line. */
    int waiting() {
        return line.size();
    }

    @Override
    public String toString() {
        return isUnlimited()
                ? "ByteRateLimiter[unlimited]"
                : "ByteRateLimiter[" + bytesPerSecond + " bytes per second]";
    }

    /** One direction of one stream at its throttle. */
    static final class Turn {
        private final Object waitingFor;

        /** While it waits: it would keep the task that made it, and so the stream, in reach. */
        private @Nullable Waiter waiter;

        /** The wait has ended well, and what was waited for is not used yet. */
        private boolean granted;

        private boolean closed;

        Turn(Object waitingFor) {
            this.waitingFor = waitingFor;
        }

        private Waiter begin() {
            var begun = new Waiter(waitingFor);
            waiter = begun;
            return begun;
        }

        private void wake() {
            if (waiter != null) {
                waiter.complete();
            }
        }

        /** Ends the wait, now and later: the stream is closed. */
        void close() {
            closed = true;
            wake();
        }
    }
}
