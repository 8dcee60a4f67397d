package dev.heddle.cluster.store;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The store does not answer, or not in time. Nothing was changed by the call. */
public final class StoreUnavailableException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public StoreUnavailableException(String message) {
        this(message, null);
    }

    /** Says why. */
    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
