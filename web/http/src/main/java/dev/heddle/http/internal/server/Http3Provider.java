package dev.heddle.http.internal.server;

import dev.heddle.Loop;
import dev.heddle.net.ListenFailedException;
import dev.heddle.tls.TlsIdentity;
import java.util.List;

/** HTTP/3, which comes in an artifact of its own; found by {@link java.util.ServiceLoader}. */
public interface Http3Provider {

    /**
     * Listens by UDP.
     *
     * @param maxConnections the most connections of each loop
     * @param loops on which to listen; the current loop is one of them
     * @throws ListenFailedException if the port cannot be bound
     * @throws UnsupportedOperationException if there is no QUIC on this system
     */
    Http3Port listen(String host, int port, TlsIdentity identity, ConnectionSettings settings, int maxConnections,
            List<Loop> loops);
}
