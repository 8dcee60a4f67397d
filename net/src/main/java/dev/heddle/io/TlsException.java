package dev.heddle.io;

import dev.heddle.BrokenException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of TLS: it could not be agreed on, the peer is not who it must be, or it broke the rules of TLS later:
 * the message says which. The connection is closed.
 */
public final class TlsException extends BrokenException {

    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
