package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The root of all failures that Heddle itself reports. Unchecked; each subclass is named for what happened.
 */
public class HeddleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HeddleException(String message) {
        super(message);
    }

    public HeddleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
