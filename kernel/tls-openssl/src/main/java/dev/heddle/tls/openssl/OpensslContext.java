package dev.heddle.tls.openssl;

import dev.heddle.internal.AsksSystem;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsKey;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import dev.heddle.tls.internal.UnmappedException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The owner of the {@code SSL_CTX *} of one set of terms: a main one, and on a server one for each further name. They are
 * freed when the options that they were made of, and all engines, are gone; the library itself counts who uses them.
 *
 * <p>Threads: any.
 */
@AsksSystem("sessions of OpenSSL have the system's time")
final class OpensslContext {

    /** Kinds of keys that both sides of the border know by the same encoding. */
    private static final Set<String> KEY_KINDS = Set.of("RSA", "RSASSA-PSS", "EC", "EdDSA", "Ed25519", "Ed448");

    private final TlsTerms terms;
    private final Memory memory = new Memory();
    private final byte[] sessionSalt;
    private final long madeNanos = System.nanoTime();

    OpensslContext(TlsTerms terms, TlsCredentials credentials, byte[] ticketKeys) throws UnmappedException {
        this.terms = terms;
        this.sessionSalt = (terms.clients() + " " + terms.cipherSuites()).getBytes(StandardCharsets.UTF_8);
        Libraries.CLEANER.register(this, memory);
        ContextMaker maker = new ContextMaker(terms, credentials, ticketKeys);
        memory.main = maker.make(credentials.key());
        for (Map.Entry<String, TlsKey> name : credentials.names().entrySet()) {
            memory.names.put(name.getKey(), maker.make(name.getValue()));
        }
    }

    static void requireKnownKind(@Nullable TlsKey key) throws UnmappedException {
        if (key == null) {
            return;
        }
        if (!KEY_KINDS.contains(key.key().getAlgorithm())) {
            throw new UnmappedException("a key of " + key.key().getAlgorithm() + " is not known to it");
        }
        if (!"PKCS#8".equals(key.key().getFormat())) {
            throw new UnmappedException("the key of " + key + " does not leave its device");
        }
    }

    TlsTerms terms() {
        return terms;
    }

    long madeNanos() {
        return madeNanos;
    }

    long main() {
        return memory.main;
    }

    /** The contexts of the further names. */
    Map<String, Long> names() {
        return memory.names;
    }

    boolean asksClients() {
        return terms.clients() != Clients.UNKNOWN;
    }

    /** What sessions are bound to beside their name, see {@code SSL_set_session_id_context(3)}. */
    byte[] sessionSalt() {
        return sessionSalt;
    }

    /** What is freed. */
    private static final class Memory implements Runnable {

        long main;
        final Map<String, Long> names = new HashMap<>();

        @Override
        public void run() {
            SslCtx.FREE.call(main);
            names.values().forEach(SslCtx.FREE::call);
        }
    }
}
