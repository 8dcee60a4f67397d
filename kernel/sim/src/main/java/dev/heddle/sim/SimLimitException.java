package dev.heddle.sim;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a simulation that went past one of the limits of its {@link SimOptions}: most often it would never
 * have ended.
 */
public final class SimLimitException extends HeddleException {

    private static final long serialVersionUID = 1L;

    SimLimitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
