package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngineProvider;
import dev.heddle.tls.internal.TlsEngineSource;
import dev.heddle.tls.internal.UnmappedException;
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
        return Libraries.whyNot();
    }

    @Override
    public TlsEngineSource source(TlsCredentials credentials) throws UnmappedException {
        if (Boolean.getBoolean("com.sun.net.ssl.checkRevocation")) {
            throw new UnmappedException("com.sun.net.ssl.checkRevocation asks for stapled answers of authorities");
        }
        return new OpensslSource(credentials);
    }
}
