package dev.heddle.cluster;

import dev.heddle.HeddleException;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * A failure that names the time until the next attempt, as of a service that says when to come again: a handler throws
 * it, or has it as a cause of what it throws. The attempt counts as any that has failed.
 */
public final class JobRetryException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /** Says why, and how long to wait. */
    public JobRetryException(Duration delay, String message) {
        super(message, null);
        Checks.notNegative("delay", delay);
        this.delay = delay;
    }

    /** How long to wait at least. */
    public Duration delay() {
        return delay;
    }
}
