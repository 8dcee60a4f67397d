package dev.heddle.tls.openssl;

import dev.heddle.internal.AsksSystem;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions that clients of one set of keys and trust may resume, by whom they are with. The owner of each {@code
 * SSL_SESSION *} in it. One of TLS 1.3 is used once (RFC 8446, appendix C.4).
 *
 * <p>Threads: any.
 */
final class ClientSessions {

    /** Peers that are remembered; who was not spoken to for longest is forgotten first. */
    static final int MAX_PEERS = 1024;

    /** Sessions of TLS 1.3 for one peer. */
    static final int MAX_PER_PEER = 4;

    /** Whom a session is with, and on which terms. */
    record Key(TlsPeer peer, List<String> versions, List<String> cipherSuites, boolean hostChecked) {

        Key(TlsPeer peer, TlsTerms terms) {
            this(peer, terms.versions(), terms.cipherSuites(), terms.hostChecked());
        }
    }

    /**
     * @param address an {@code SSL_SESSION *}
     * @param chain what the peer has shown when it began
     * @param once whether it may be resumed only once
     */
    record Session(long address, List<X509Certificate> chain, boolean once, long bornNanos) {}

    private final Table table = new Table();

    ClientSessions() {
        Libraries.CLEANER.register(this, table);
    }

    /** Takes a reference over. */
    void put(Key key, Session session) {
        table.put(key, session);
    }

    /**
     * Gives a session to a new connection.
     *
     * @return what the peer has shown; none if there is no session
     */
    List<X509Certificate> resume(Key key, NativeSsl owner) {
        return table.resume(key, owner);
    }

    /** The sessions; apart from their owner, so that they can be freed behind it. */
    @AsksSystem("sessions of OpenSSL have the system's time")
    private static final class Table implements Runnable {

        private final LinkedHashMap<Key, ArrayDeque<Session>> sessions = new LinkedHashMap<>(16, 0.75f, true);

        synchronized void put(Key key, Session session) {
            ArrayDeque<Session> kept = sessions.computeIfAbsent(key, _ -> new ArrayDeque<>());
            if (!session.once()) {
                kept.forEach(Table::free);
                kept.clear();
            } else if (kept.size() == MAX_PER_PEER) {
                free(kept.removeFirst());
            }
            kept.addLast(session);
            if (sessions.size() > MAX_PEERS) {
                Map.Entry<Key, ArrayDeque<Session>> eldest = sessions.firstEntry();
                eldest.getValue().forEach(Table::free);
                sessions.remove(eldest.getKey());
            }
        }

        synchronized List<X509Certificate> resume(Key key, NativeSsl owner) {
            ArrayDeque<Session> kept = sessions.get(key);
            Session newest = kept == null ? null : kept.peekLast();
            if (kept == null || newest == null) {
                return List.of();
            }
            boolean tooOld = System.nanoTime() - newest.bornNanos() > OpensslSource.SESSION_LIFE.toNanos();
            if (!tooOld) {
                owner.number(Ssl.SET_SESSION, newest.address());
            }
            if (tooOld || newest.once()) {
                kept.removeLast();
                free(newest);
                if (kept.isEmpty()) {
                    sessions.remove(key);
                }
            }
            return tooOld ? List.of() : newest.chain();
        }

        private static void free(Session session) {
            Ssl.SESSION_FREE.call(session.address());
        }

        @Override
        public synchronized void run() {
            for (ArrayDeque<Session> kept : new ArrayList<>(sessions.values())) {
                kept.forEach(Table::free);
            }
            sessions.clear();
        }
    }
}
