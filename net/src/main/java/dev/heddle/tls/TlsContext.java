package dev.heddle.tls;

import dev.heddle.Heddle;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One set of keys and trust, and the maker of engines out of it, made when first needed: that reads files and takes
 * long. It also holds the sessions that can be resumed, so options that differ in keys or trust never share one.
 *
 * <p>Threads: tasks of any loop.
 */
final class TlsContext {

    /** How the context is made; on a worker thread. */
    @FunctionalInterface
    interface Maker {
        SSLContext make() throws GeneralSecurityException;
    }

    private final Maker maker;
    private volatile @Nullable JdkEngineSource made;

    TlsContext(Maker maker) {
        this.maker = maker;
    }

    /** A context that is there already. */
    static TlsContext of(SSLContext context) {
        return new TlsContext(() -> context);
    }

    /** Makes what all engines share, so that they need not wait for it. */
    void prepare() {
        source();
    }

    /** An engine that the caller has to free; waits while what it shares with others is made. */
    TlsEngine engine(TlsTerms terms, TlsPeer peer) {
        return source().engine(terms, peer);
    }

    private JdkEngineSource source() {
        JdkEngineSource source = made;
        return source == null ? Heddle.offload(() -> make()) : source;
    }

    private synchronized JdkEngineSource make() {
        JdkEngineSource source = made;
        if (source == null) {
            try {
                source = new JdkEngineSource(maker.make());
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("these keys or certificates cannot be used: " + e.getMessage(), e);
            }
            made = source;
        }
        return source;
    }

    /**
     * @param keys null for none
     * @param trust null for the JVM's default
     */
    static SSLContext make(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    static SSLContext jvmDefault() throws NoSuchAlgorithmException {
        return SSLContext.getDefault();
    }
}
