package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * Another task is already doing this with the same stream: two readers would steal from each other.
 */
public final class BusyException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public BusyException(String message) {
        super(message);
    }

    public BusyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
