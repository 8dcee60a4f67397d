package dev.heddle.http.client;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a proxy that was reached but makes no connection to the server: it refuses, cannot, or does not speak
 * its protocol. Nothing of the request has been sent.
 */
public final class ProxyException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final boolean ofServer;

    public ProxyException(String message) {
        this(message, null);
    }

    public ProxyException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private ProxyException(String message, @Nullable Throwable cause, boolean ofServer) {
        super(message, cause);
        this.ofServer = ofServer;
    }

    /** The failure of a proxy that would have gone on if the server, or this address of it, could be reached. */
    static ProxyException ofServer(String message, @Nullable Throwable cause) {
        return new ProxyException(message, cause, true);
    }

    /** Whether another address, or a later try, may do better. */
    boolean isOfServer() {
        return ofServer;
    }
}
