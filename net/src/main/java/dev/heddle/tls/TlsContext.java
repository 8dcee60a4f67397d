package dev.heddle.tls;

import dev.heddle.Heddle;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's context of one set of keys and trust, made when first needed: that reads files and takes long. It also
 * holds the sessions that can be resumed, so options that differ in keys or trust never share one.
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
    private volatile @Nullable SSLContext made;

    TlsContext(Maker maker) {
        this.maker = maker;
    }

    /** A context that is there already. */
    static TlsContext of(SSLContext context) {
        return new TlsContext(() -> context);
    }

    /** The context; waits while it is made. */
    SSLContext get() {
        SSLContext context = made;
        return context == null ? Heddle.offload(() -> make()) : context;
    }

    private synchronized SSLContext make() {
        SSLContext context = made;
        if (context == null) {
            try {
                context = maker.make();
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("these keys or certificates cannot be used: " + e.getMessage(), e);
            }
            made = context;
        }
        return context;
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
