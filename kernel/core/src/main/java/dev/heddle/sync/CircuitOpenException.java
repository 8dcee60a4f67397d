package dev.heddle.sync;

import dev.heddle.HeddleException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CircuitBreaker} has not let a call through: the calls before it have failed. Nothing was begun. The cause is
 * the last failure, if it is known.
 */
public final class CircuitOpenException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    CircuitOpenException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** When it makes sense to try again; zero if that depends on calls that are under way. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
