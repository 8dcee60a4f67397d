package dev.heddle.io;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The limits on how long the operations of a stream may wait. Each counts while a task waits in the stream; a stream
 * that nobody uses is not closed by any. Give them to {@link Streams#withTimeouts}.
 */
public final class StreamTimeouts {

    /** Longer than anything. */
    static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** No timeouts: start from here. */
    public static final StreamTimeouts NONE = new StreamTimeouts(FOREVER, FOREVER, FOREVER);

    private final Duration read;
    private final Duration write;
    private final Duration idle;

    private StreamTimeouts(Duration read, Duration write, Duration idle) {
        Checks.positive("read", read);
        Checks.positive("write", write);
        Checks.positive("idle", idle);
        this.read = read;
        this.write = write;
        this.idle = idle;
    }

    /** The longest wait for the next bytes of the peer; positive. */
    public Duration read() {
        return read;
    }

    /** The longest wait for room, which means for the peer to read; positive. */
    public Duration write() {
        return write;
    }

    /** The longest time of waiting without a byte in either direction; positive. */
    public Duration idle() {
        return idle;
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

    @Override
    public String toString() {
        return "StreamTimeouts[read=" + read + ", write=" + write + ", idle=" + idle + "]";
    }
}
