package dev.heddle.tls.internal;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates for it.
 *
 * @param chain the own one first, at least one
 */
public record TlsKey(PrivateKey key, List<X509Certificate> chain) {

    @Override
    public String toString() {
        return "TlsKey[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
