package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The task that was joined had been cancelled, so it has no result. Unlike {@link CancelledException} it says nothing about
 * the task that joins.
 */
public final class TaskCancelledException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public TaskCancelledException(String message) {
        super(message);
    }

    public TaskCancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
