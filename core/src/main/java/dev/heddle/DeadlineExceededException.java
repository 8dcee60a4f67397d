package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The time given to a body ran out before it was done.
 */
public final class DeadlineExceededException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public DeadlineExceededException(String message) {
        super(message);
    }

    public DeadlineExceededException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
