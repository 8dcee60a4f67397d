package dev.heddle.http.internal.server;

import dev.heddle.net.ListenFailedException;
import dev.heddle.tls.TlsIdentity;

/** HTTP/3, which comes in an artifact of its own; found by {@link java.util.ServiceLoader}. */
public interface Http3Provider {

    /**
     * Listens by UDP on the current loop.
     *
     * @param maxConnections the most connections of the port
     * @throws ListenFailedException if the port cannot be bound
     * @throws UnsupportedOperationException if there is no QUIC on this system
     */
    Http3Port listen(String host, int port, TlsIdentity identity, ConnectionSettings settings, int maxConnections);
}
