package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a run in which everything waits and nothing can happen, or some wait for each other in a circle: the
 * message is a {@link WaitReport}.
 */
public final class DeadlockException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public DeadlockException(String message) {
        super(message);
    }

    public DeadlockException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
