package dev.heddle.io;

import dev.heddle.BrokenException;
import org.jspecify.annotations.Nullable;

/**
 * The peer, or somebody between, ended the connection where more had to come: what was read so far may not be the whole.
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
