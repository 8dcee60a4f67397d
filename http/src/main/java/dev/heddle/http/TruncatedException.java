package dev.heddle.http;

import dev.heddle.BrokenException;
import org.jspecify.annotations.Nullable;

/**
 * The peer ended the connection inside a message: what was read so far is not the whole.
 */
public final class TruncatedException extends BrokenException {

    private static final long serialVersionUID = 1L;

    public TruncatedException(String message) {
        super(message);
    }

    public TruncatedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
