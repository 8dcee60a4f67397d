package dev.heddle.io;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The limits on how long the operations of a stream may wait. Each counts while a task waits in the stream; a stream
 * that nobody uses is not closed by any. Give them to {@link Streams#withTimeouts}.
 *
 * @param read the longest wait for the next bytes of the peer; positive
 * @param write the longest wait for room, which means for the peer to read; positive
 * @param idle the longest time of waiting without a byte in either direction; positive
 */
public record StreamTimeouts(Duration read, Duration write, Duration idle) {

    /** Longer than anything. */
    static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** No timeouts: start from here. */
    public static final StreamTimeouts NONE = new StreamTimeouts(FOREVER, FOREVER, FOREVER);

    public StreamTimeouts {
        Checks.positive("read", read);
        Checks.positive("write", write);
        Checks.positive("idle", idle);
    }

    /** These with another limit of waits for bytes. */
    public StreamTimeouts withRead(Duration read) {
        return new StreamTimeouts(read, write, idle);
    }

    /** These with another limit of waits for room. */
    public StreamTimeouts withWrite(Duration write) {
        return new StreamTimeouts(read, write, idle);
    }

    /** These with another limit of quiet. */
    public StreamTimeouts withIdle(Duration idle) {
        return new StreamTimeouts(read, write, idle);
    }
}
