package dev.heddle.io;

import dev.heddle.BrokenException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of TLS: it could not be agreed on, the peer is not who it must be, or it broke the rules of TLS later:
 * the message says which. The connection is closed.
 */
public final class TlsException extends BrokenException {

    private static final long serialVersionUID = 1L;

    private final boolean untrusted;
    private final boolean refused;

    public TlsException(String message) {
        this(message, null);
    }

    public TlsException(String message, @Nullable Throwable cause) {
        this(message, false, cause);
    }

    /**
     * @param untrusted whether the certificate of the peer is the reason
     */
    public TlsException(String message, boolean untrusted, @Nullable Throwable cause) {
        this(message, untrusted, false, cause);
    }

    /**
     * @param untrusted whether the certificate of the peer is the reason
     * @param refused whether the certificate of this side is
     */
    public TlsException(String message, boolean untrusted, boolean refused, @Nullable Throwable cause) {
        super(message, cause);
        this.untrusted = untrusted;
        this.refused = refused;
    }

    /**
     * Whether the peer speaks TLS, but its certificate is not one to trust: not signed by a trusted authority, expired,
     * revoked, or for another name. Without the check there would be a connection, and nobody would know to whom.
     */
    public boolean isUntrusted() {
        return untrusted;
    }

    /**
     * Whether the peer has refused the certificate of this side, or misses one. A client may hear of it with its first
     * read only. The next try with the same certificate ends as this one.
     */
    public boolean isRefused() {
        return refused;
    }
}
