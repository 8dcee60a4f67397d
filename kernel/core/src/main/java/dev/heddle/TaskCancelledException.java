package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a join whose task had been cancelled, so that it has no result. Unlike {@link CancelledException} it
 * says nothing about the task that joins.
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
