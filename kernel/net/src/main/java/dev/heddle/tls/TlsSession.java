package dev.heddle.tls;

import dev.heddle.tls.internal.TlsAgreement;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The agreement of the two ends of a TLS stream: see {@link Tls#session}.
 *
 * @param version the version of TLS
 * @param cipherSuite its name in the IANA registry: {@code TLS_AES_128_GCM_SHA256}
 * @param group the group that keys were exchanged with, by its name in the IANA registry: {@code X25519MLKEM768}; empty
 *     where the engine does not tell it, as that of the JDK
 * @param protocol the application protocol (ALPN, RFC 7301), such as {@code h2}; empty if none was agreed on
 * @param serverName the name that the client asked for (SNI, RFC 6066 section 3); empty if it named none
 * @param peerCertificates the peer's checked certificates, its own first; empty if it showed none
 * @param resumed whether the keys come from an earlier session, so that no certificate was sent again
 */
public record TlsSession(TlsVersion version, String cipherSuite, String group, String protocol, String serverName,
        List<X509Certificate> peerCertificates, boolean resumed) {

    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
    }

    static TlsSession of(TlsAgreement agreed) {
        return new TlsSession(TlsVersion.of(agreed.version()), agreed.cipherSuite(), agreed.group(), agreed.protocol(),
                agreed.serverName(), agreed.peerCertificates(), agreed.resumed());
    }
}
