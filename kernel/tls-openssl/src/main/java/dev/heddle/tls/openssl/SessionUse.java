package dev.heddle.tls.openssl;

import dev.heddle.internal.AsksSystem;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.security.cert.X509Certificate;
import java.util.List;

/** The session that one connection of a client resumes, and leaves for the next. */
@AsksSystem("sessions of OpenSSL have the system's time")
final class SessionUse {

    private final ClientSessions sessions;
    private final ClientSessions.Key key;

    /** The {@code SSL_SESSION *} that is kept already; only compared. */
    private long known;

    SessionUse(ClientSessions sessions, TlsPeer peer, TlsTerms terms) {
        this.sessions = sessions;
        this.key = new ClientSessions.Key(peer, terms);
    }

    /**
     * Has a handshake resume a session, if there is one.
     *
     * @return what the peer has shown when it began; none without a session
     */
    List<X509Certificate> resume(NativeSsl owner) {
        List<X509Certificate> chain = sessions.resume(key, owner);
        known = chain.isEmpty() ? 0 : owner.call(Ssl.GET_SESSION);
        return chain;
    }

    /** Keeps the session if it is a new one: of TLS 1.2 after the handshake, of TLS 1.3 after a ticket. */
    void keep(NativeSsl owner, List<X509Certificate> chain) {
        long session = owner.call(Ssl.GET_SESSION);
        if (session != 0 && session != known && Ssl.SESSION_IS_RESUMABLE.number(session) == 1) {
            known = session;
            sessions.put(key, new ClientSessions.Session(
                    owner.call(Ssl.GET1_SESSION), chain, owner.number(Ssl.VERSION) == Ssl.TLS_1_3, System.nanoTime()));
        }
    }
}
