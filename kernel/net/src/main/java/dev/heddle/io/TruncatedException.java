package dev.heddle.io;

import dev.heddle.BrokenException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a read whose connection was ended, by the peer or somebody between, where more had to come: what was
 * read so far may not be the whole.
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
