package dev.heddle.tls.internal;

import org.jspecify.annotations.Nullable;

/**
 * The other end, as far as it is known before a handshake.
 *
 * @param host a name or an address; null of a server's clients
 * @param port 0 if there is none; sessions are kept for a host and its port
 * @param serverName the name to ask for (SNI) in its ASCII form; empty for none
 */
public record TlsPeer(@Nullable String host, int port, String serverName) {

    /** A client of a server. */
    public static final TlsPeer CLIENT = new TlsPeer(null, 0, "");
}
