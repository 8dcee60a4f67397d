package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The enclosing cancel scope is cancelled. Comes again at every waiting call until that scope is left, so catching it
 * changes nothing; use it to clean up, and let it pass.
 */
public final class CancelledException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message);
    }

    public CancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
