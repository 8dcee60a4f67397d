package dev.heddle.tls.internal;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The agreement of two ends.
 *
 * @param version the JDK's name, such as {@code TLSv1.3}
 * @param cipherSuite the IANA name
 * @param group the IANA name of the group for the exchange of keys; empty if the engine does not tell it
 * @param protocol of the application; empty if none was agreed on
 * @param serverName the name that the client asked for; empty if none
 * @param peerCertificates the peer's own first; empty if it showed none
 * @param resumed whether the keys are older than this connection
 */
public record TlsAgreement(String version, String cipherSuite, String group, String protocol, String serverName,
        List<X509Certificate> peerCertificates, boolean resumed) {

    /** Of the time before. */
    public static final TlsAgreement NONE = new TlsAgreement(
            "NONE", "SSL_NULL_WITH_NULL_NULL", "", "", "", List.of(), false);
}
