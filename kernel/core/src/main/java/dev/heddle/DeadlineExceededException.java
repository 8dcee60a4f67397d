package dev.heddle;

import org.jspecify.annotations.Nullable;

/** The failure of a body that was not done within the time given to it. */
public final class DeadlineExceededException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public DeadlineExceededException(String message) {
        super(message);
    }

    public DeadlineExceededException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
