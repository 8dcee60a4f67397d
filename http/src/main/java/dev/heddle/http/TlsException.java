package dev.heddle.http;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * TLS could not be agreed on, or the peer is not who it must be: the message says which. Nothing was sent to it.
 */
public final class TlsException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
