package dev.heddle.tls;

import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.UnmappedException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The functions that make the JDK's contexts and trust managers, and tell what is in them. On worker threads. */
final class JdkContexts {

    private static final String KEY_STORE = "javax.net.ssl.keyStore";

    private JdkContexts() {}

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

    /** What the JVM's default context has, as far as that can be known. */
    static TlsCredentials defaultCredentials() throws GeneralSecurityException, UnmappedException {
        if (!SSLContext.getDefault().getProtocol().equals("Default")) {
            throw new UnmappedException("the program has set a default context of its own");
        }
        if (System.getProperty(KEY_STORE) != null) {
            throw new UnmappedException(KEY_STORE + " gives the JVM's default context a key");
        }
        return new TlsCredentials(null, Map.of(), extended(defaultTrust()));
    }

    /** The JVM's authorities, or those of {@code javax.net.ssl.trustStore}. */
    static TrustManager[] defaultTrust() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return factory.getTrustManagers();
    }

    /** @throws UnmappedException if it is of a kind to which the JDK's engine adds checks of its own */
    static X509ExtendedTrustManager extended(TrustManager[] managers) throws UnmappedException {
        for (TrustManager manager : managers) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new UnmappedException("the JVM's trust manager is of another kind");
    }
}
