package dev.heddle;

import org.jspecify.annotations.Nullable;

/** The failure of a call on a stream, channel, listener or pool that this side has closed. */
public final class ClosedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public ClosedException(String message) {
        super(message);
        RefusedCalls.note(this);
    }

    public ClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
        RefusedCalls.note(this);
    }
}
