package dev.heddle.quic;

import dev.heddle.quic.internal.SessionMemory;

/**
 * The sessions of TLS that a client may resume (RFC 8446, section 2.2): a later connection to the same server then needs
 * no certificate and no signature. {@link QuicOptions#withSessions} takes it.
 *
 * <p>One is kept for each host, port, trust and list of protocols, 256 at most. It is used once, and not when the
 * certificate was checked more than two hours ago. Connections whose trust is another {@link dev.heddle.tls.TlsTrust}
 * share none. A server that takes it no more gets a whole handshake. Nothing is sent before the handshake (no 0-RTT).
 *
 * <p>A server can tell by a session that two connections have the same client.
 *
 * <p>Threads: any.
 */
public final class QuicSessions {

    private final SessionMemory memory = new SessionMemory();

    private QuicSessions() {}

    /** An empty one. */
    public static QuicSessions create() {
        return new QuicSessions();
    }

    SessionMemory memory() {
        return memory;
    }

    @Override
    public String toString() {
        return "QuicSessions[" + memory + "]";
    }
}
