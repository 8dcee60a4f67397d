package dev.heddle.quic.internal;

import dev.heddle.io.TlsException;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The check that a certificate is for an address (RFC 9110, section 4.3.5). The library, which has checked the rest of it,
 * compares names only.
 */
final class PeerAddress {

    /** {@code iPAddress} of a subject alternative name (RFC 5280, section 4.2.1.6). */
    private static final int ADDRESS = 7;

    private PeerAddress() {}

    /** Whether a host is an address in its text form. */
    static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Checks a certificate.
     *
     * @param certificate X.509, DER
     * @throws TlsException if it is not for the peer's address
     */
    static void check(byte[] certificate, InetSocketAddress peer) {
        try {
            var shown = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate));
            Collection<List<?>> names = shown.getSubjectAlternativeNames();
            boolean own = names != null && names.stream().anyMatch(name -> isFor(name, peer.getAddress()));
            if (!own) {
                throw untrusted(peer, null);
            }
        } catch (CertificateException e) {
            throw untrusted(peer, e);
        }
    }

    private static boolean isFor(List<?> name, InetAddress address) {
        return name.get(0).equals(ADDRESS) && InetAddress.ofLiteral((String) name.get(1)).equals(address);
    }

    private static TlsException untrusted(InetSocketAddress peer, @Nullable Exception cause) {
        return new TlsException("the certificate of " + Endpoint.text(peer) + " is not for that address", true, cause);
    }
}
