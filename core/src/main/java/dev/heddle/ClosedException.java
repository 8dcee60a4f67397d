package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * This side has closed the stream, channel, listener or pool that is being used.
 */
public final class ClosedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public ClosedException(String message) {
        super(message);
    }

    public ClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
