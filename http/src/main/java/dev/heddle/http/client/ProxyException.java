package dev.heddle.http.client;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a proxy that was reached but makes no connection to the server: it refuses, cannot, or does not speak
 * its protocol. Nothing of the request has been sent.
 */
public final class ProxyException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public ProxyException(String message) {
        super(message);
    }

    public ProxyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
