package dev.heddle.net;

import dev.heddle.Action;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import java.nio.ByteBuffer;
import java.time.Duration;

/** {@link Streams#withTimeouts}. */
final class TimeoutTransport extends FilterTransport {

    private final StreamTimeouts timeouts;
    private long movedAtNanos = now();

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
            movedAtNanos = now();
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
        long begun = now();
        while (true) {
            Duration left = left(limit, begun);
            Duration leftIdle = left(timeouts.idle(), movedAtNanos);
            if (Heddle.moveOnAfter(left.compareTo(leftIdle) < 0 ? left : leftIdle, wait)) {
                return;
            }
            if (!left(limit, begun).isPositive()) {
                throw new DeadlineExceededException(
                        remoteAddress() + " " + what + " for " + limit + ": " + phase + " timeout");
            }
            // The other direction may have moved bytes meanwhile.
            if (!left(timeouts.idle(), movedAtNanos).isPositive()) {
                throw new DeadlineExceededException(
                        "no byte came from or went to " + remoteAddress() + " for " + timeouts.idle()
                                + ": idle timeout");
            }
        }
    }

    private static Duration left(Duration limit, long sinceNanos) {
        return limit.minusNanos(now() - sinceNanos);
    }
}
