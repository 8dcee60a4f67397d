package dev.heddle;

import org.jspecify.annotations.Nullable;

/** The failure of a task whose body threw a checked exception, which is the cause. */
public final class TaskFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public TaskFailedException(String message) {
        super(message);
    }

    public TaskFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The checked exception that the body threw; this one where there is none, and the failure means itself. */
    Throwable thrown() {
        Throwable cause = getCause();
        return cause == null || cause instanceof RuntimeException || cause instanceof Error ? this : cause;
    }
}
