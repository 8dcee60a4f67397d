package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a call that another task is already making on the same stream: two readers would steal from each
 * other.
 */
public final class BusyException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public BusyException(String message) {
        super(message);
        RefusedCalls.note(this);
    }

    public BusyException(String message, @Nullable Throwable cause) {
        super(message, cause);
        RefusedCalls.note(this);
    }
}
