package dev.heddle.tls.openssl;

import dev.heddle.internal.Throwables;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngineProvider;
import dev.heddle.tls.internal.TlsEngineSource;
import dev.heddle.tls.internal.UnmappedException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/** The provider of TLS by the system's OpenSSL. */
public final class OpensslProvider implements TlsEngineProvider {

    /** For {@link java.util.ServiceLoader}. */
    public OpensslProvider() {}

    @Override
    public String name() {
        return "openssl";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Optional<String> whyNot() {
        return Linked.WHY_NOT;
    }

    /** All functions, linked at once: none turns out to be missing later. */
    private static final class Linked {

        static final Optional<String> WHY_NOT = Libraries.whyNot().or(Linked::link);

        private static Optional<String> link() {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                for (Class<?> functions : List.of(Crypto.class, SslCtx.class, Ssl.class, OpensslCallbacks.class)) {
                    lookup.ensureInitialized(functions);
                }
                return Optional.empty();
            } catch (IllegalAccessException e) {
                throw new LinkageError(e.getMessage(), e);
            } catch (ExceptionInInitializerError e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return Optional.of("a function of it is missing: " + Throwables.describe(cause));
            }
        }
    }

    @Override
    public TlsEngineSource source(TlsCredentials credentials) throws UnmappedException {
        JvmRules.check();
        return new OpensslSource(credentials);
    }
}
