package dev.heddle.quic.internal;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.LoopLocal;
import dev.heddle.sync.Mutex;
import dev.heddle.tls.TlsTrust;
import java.util.LinkedHashMap;

/**
 * The configurations of a loop's clients, one for all connections on the same terms: the library reads what is trusted
 * out of a file, and takes milliseconds for what a system trusts.
 *
 * <p>Threads: the tasks of its loop.
 */
final class ClientConfigs {

    /** So many are kept; of more the one that was used longest ago is made anew. */
    static final int MAX = 8;

    private static final LoopLocal<ClientConfigs> OF_LOOP = LoopLocal.withInitial(
            ClientConfigs::new, all -> all.configs.values().forEach(QuicheConfig::close));

    private record Key(ConnectionTerms terms, TlsTrust trust) {}

    /** The least recently used first. */
    private final LinkedHashMap<Key, QuicheConfig> configs = new LinkedHashMap<>(MAX, 0.75f, true);

    /** Held by who makes one, so that others wait for it. */
    private final Mutex making = Mutex.create();

    private ClientConfigs() {}

    /**
     * Gives the one of these terms, to be used before the task waits for anything.
     *
     * @throws HeddleException if the library does not take the certificates
     * @throws IllegalStateException if the trust cannot be written as PEM
     */
    static QuicheConfig get(ConnectionTerms terms, TlsTrust trust) {
        return OF_LOOP.get().get(new Key(terms, trust));
    }

    private QuicheConfig get(Key key) {
        QuicheConfig known = configs.get(key);
        return known == null ? make(key) : known;
    }

    private QuicheConfig make(Key key) {
        making.acquire();
        try {
            QuicheConfig known = configs.get(key);
            if (known == null) {
                known = Heddle.offload(() -> new QuicheConfig(key.terms, null, key.trust.pem(), null));
                configs.put(key, known);
                if (configs.size() > MAX) {
                    configs.pollFirstEntry().getValue().close();
                }
            }
            return known;
        } finally {
            making.release();
        }
    }
}
