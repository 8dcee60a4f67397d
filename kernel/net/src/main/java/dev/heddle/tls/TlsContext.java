package dev.heddle.tls;

import dev.heddle.Heddle;
import dev.heddle.internal.FirstUse;
import dev.heddle.internal.Throwables;
import dev.heddle.io.TlsException;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngineProvider;
import dev.heddle.tls.internal.TlsEngineSource;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.UnmappedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One set of keys and trust, and the engines' sources that are made of it when first needed: that reads files and takes
 * long. The sources hold the sessions that can be resumed, so options that differ in keys or trust never share one.
 *
 * <p>Engines are those that {@link TlsEngines} has chosen; where their provider does not know what is asked for, the
 * JDK's.
 *
 * <p>Threads: tasks of any loop.
 */
final class TlsContext {

    /** How the JDK's context is made; on a worker thread. */
    @FunctionalInterface
    interface JdkMaker {
        SSLContext make() throws GeneralSecurityException;
    }

    /** What another provider than the JDK gets; on a worker thread. */
    @FunctionalInterface
    interface CredentialsMaker {
        TlsCredentials make() throws GeneralSecurityException, UnmappedException;
    }

    private final JdkMaker jdkMaker;
    private final CredentialsMaker credentials;
    private final ConcurrentHashMap<TlsTerms, TlsEngineSource> sources = new ConcurrentHashMap<>();
    private @Nullable TlsEngineSource jdk;
    private @Nullable TlsEngineSource other;

    TlsContext(JdkMaker jdkMaker, CredentialsMaker credentials) {
        this.jdkMaker = jdkMaker;
        this.credentials = credentials;
    }

    /** A context of the JDK, which hides what it is made of. */
    static TlsContext of(SSLContext context) {
        return new TlsContext(() -> context, () -> {
            throw new UnmappedException("a context of the JDK decides");
        });
    }

    /** Makes what engines of these terms share, so that they need not wait for it. */
    void prepare(TlsTerms terms) {
        if (!sources.containsKey(terms)) {
            Heddle.offload(() -> source(terms));
        }
    }

    /** An engine that the caller has to free; waits while what it shares with others is made. */
    TlsEngine engine(TlsTerms terms, TlsPeer peer) {
        TlsEngineSource source = sources.get(terms);
        if (source == null) {
            source = Heddle.offload(() -> source(terms));
        }
        return source.engine(terms, peer);
    }

    private synchronized TlsEngineSource source(TlsTerms terms) {
        TlsEngineSource source = sources.get(terms);
        if (source == null) {
            try {
                FirstUse.TLS.begin();
                source = choose(terms);
            } catch (IOException e) {
                throw new TlsException("TLS cannot begin: " + e.getMessage(), e);
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("these keys or certificates cannot be used: " + e.getMessage(), e);
            }
            sources.put(terms, source);
        }
        return source;
    }

    private TlsEngineSource choose(TlsTerms terms) throws GeneralSecurityException {
        TlsEngineProvider provider = TlsEngines.other();
        if (provider != null) {
            try {
                TlsEngineSource made = other == null ? provider.source(credentials.make()) : other;
                other = made;
                made.prepare(terms);
                return made;
            } catch (UnmappedException e) {
                TlsEngines.fallBack(provider, Throwables.describe(e));
            }
        }
        TlsEngineSource made = jdk == null ? new JdkEngineSource(jdkMaker.make()) : jdk;
        jdk = made;
        return made;
    }
}
