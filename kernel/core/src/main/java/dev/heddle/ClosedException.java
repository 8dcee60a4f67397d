package dev.heddle;

import org.jspecify.annotations.Nullable;

/** The failure of a call on a stream, channel, listener or pool that this side has closed. */
public final class ClosedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private transient boolean endsWait;

    public ClosedException(String message) {
        super(message);
        RefusedCalls.note(this);
    }

    public ClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
        RefusedCalls.note(this);
    }

    /** Notes that the call waited when its own side closed, which is how a reader is told to end. */
    void endsWait() {
        endsWait = true;
    }

    /** Whether it is how a waiting call ended, and not one that came too late. */
    boolean isEndOfWait() {
        return endsWait;
    }
}
