package dev.heddle.cluster;

import dev.heddle.HeddleException;

/**
 * A failure that no further attempt would change, as of a payload that cannot be read: a handler that throws it, or has it
 * as a cause of what it throws, makes the job a dead letter at once.
 */
public final class JobNotRetriedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public JobNotRetriedException(String message) {
        super(message, null);
    }

    /** Says why, and what it comes from. */
    public JobNotRetriedException(String message, Throwable cause) {
        super(message, cause);
    }
}
