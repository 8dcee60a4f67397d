package dev.heddle.io;

import dev.heddle.Action;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.internal.Durations;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The transport of {@link Streams#withTimeouts}. Idle is the time in which tasks wait and no byte moves: one that works
 * meanwhile is not late.
 */
final class TimeoutTransport extends FilterTransport {

    /** Long enough for one look at the system: what has come while nobody waited is not overlooked. */
    private static final Duration ONE_LOOK = Duration.ofNanos(1);

    private final StreamTimeouts timeouts;
    private int waiting;

    /** While tasks wait: since when the time counts. */
    private long quietSinceNanos;

    /** While none waits: how much of it there is. */
    private long quietNanos;

    TimeoutTransport(ByteStream stream, StreamTimeouts timeouts) {
        super(stream);
        this.timeouts = timeouts;
    }

    private static long now() {
        return Heddle.currentLoop().nanoTime();
    }

    @Override
    public int tryRead(ByteBuffer target) {
        return moved(super.tryRead(target));
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        return moved(super.tryWrite(source));
    }

    private int moved(int count) {
        if (count > 0) {
            quietNanos = 0;
            quietSinceNanos = now();
        }
        return count;
    }

    @Override
    public void awaitReadable() {
        await(super::awaitReadable, timeouts.read(), "sent nothing", "read");
    }

    @Override
    public void awaitWritable() {
        await(super::awaitWritable, timeouts.write(), "took nothing", "write");
    }

    private void await(Action wait, Duration limit, String what, String phase) {
        if (waiting == 0) {
            quietSinceNanos = now() - quietNanos;
        }
        waiting++;
        try {
            awaitCounted(wait, limit, what, phase);
        } finally {
            waiting--;
            quietNanos = now() - quietSinceNanos;
        }
    }

    private void awaitCounted(Action wait, Duration limit, String what, String phase) {
        long begun = now();
        while (true) {
            Duration left = left(limit, begun);
            Duration leftIdle = left(timeouts.idle(), quietSinceNanos);
            Duration nearest = left.compareTo(leftIdle) < 0 ? left : leftIdle;
            if (Heddle.moveOnAfter(nearest.isPositive() ? nearest : ONE_LOOK, wait)) {
                return;
            }
            if (!left(limit, begun).isPositive()) {
                throw new DeadlineExceededException(
                        remoteAddress() + " " + what + " for " + Durations.words(limit) + ": " + phase + " timeout");
            }
            // The other direction may have moved bytes meanwhile.
            if (!left(timeouts.idle(), quietSinceNanos).isPositive()) {
                throw new DeadlineExceededException(
                        "no byte came from or went to " + remoteAddress() + " for " + Durations.words(timeouts.idle())
                                + ": idle timeout");
            }
        }
    }

    private static Duration left(Duration limit, long sinceNanos) {
        return limit.minusNanos(now() - sinceNanos);
    }
}
