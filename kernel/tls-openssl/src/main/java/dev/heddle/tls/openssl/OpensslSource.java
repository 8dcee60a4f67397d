package dev.heddle.tls.openssl;

import dev.heddle.internal.AsksSystem;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngineSource;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.UnmappedException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The maker of engines of one set of keys and trust: it has the sessions that its clients may resume, and the keys that
 * its servers lock their tickets with. Those last a day, as in the JDK; who comes with an older ticket begins anew.
 */
@AsksSystem("sessions of OpenSSL have the system's time")
final class OpensslSource implements TlsEngineSource {

    static final Duration SESSION_LIFE = Duration.ofDays(1);

    /** Name, secret for the checksum and key of {@code SSL_CTX_set_tlsext_ticket_keys(3)}. */
    private static final int TICKET_KEY_BYTES = 80;

    private final TlsCredentials credentials;
    private final ClientSessions sessions = new ClientSessions();
    private final ConcurrentHashMap<TlsTerms, OpensslContext> contexts = new ConcurrentHashMap<>();
    private byte[] ticketKeys = freshKeys();
    private long ticketKeysNanos = System.nanoTime();

    OpensslSource(TlsCredentials credentials) {
        this.credentials = credentials;
    }

    private static byte[] freshKeys() {
        byte[] keys = new byte[TICKET_KEY_BYTES];
        new SecureRandom().nextBytes(keys);
        return keys;
    }

    @Override
    public void prepare(TlsTerms terms) throws UnmappedException {
        context(terms);
    }

    @Override
    public TlsEngine engine(TlsTerms terms, TlsPeer peer) {
        try {
            return new OpensslEngine(context(terms), credentials, sessions, peer, OpensslEngine.KEY_BYTES);
        } catch (UnmappedException e) {
            throw new IllegalStateException("what was prepared can no longer be made", e);
        }
    }

    private OpensslContext context(TlsTerms terms) throws UnmappedException {
        OpensslContext known = contexts.get(terms);
        if (known == null || (terms.server() && System.nanoTime() - known.madeNanos() > SESSION_LIFE.toNanos())) {
            known = new OpensslContext(terms, credentials, currentTicketKeys());
            contexts.put(terms, known);
        }
        return known;
    }

    /** The same for all terms, so that what one server has issued, another of these keys takes. */
    private synchronized byte[] currentTicketKeys() {
        if (System.nanoTime() - ticketKeysNanos >= SESSION_LIFE.toNanos()) {
            ticketKeys = freshKeys();
            ticketKeysNanos = System.nanoTime();
        }
        return ticketKeys;
    }
}
