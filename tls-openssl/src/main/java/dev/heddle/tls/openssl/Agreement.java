package dev.heddle.tls.openssl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** What two ends have agreed on, read out of the library once, so that it is known when the native memory is gone. */
final class Agreement {

    /** The names of suites by their {@code SSL_CIPHER *}, which stay where they are for the life of the process. */
    private static final ConcurrentHashMap<Long, String> SUITES = new ConcurrentHashMap<>();

    private String name = "";
    private String version = "NONE";
    private String cipherSuite = "SSL_NULL_WITH_NULL_NULL";
    private String protocol = "";
    private List<X509Certificate> peerCertificates = List.of();
    private boolean tls13;
    private boolean resumed;

    /** The name that the client asks for. */
    void name(String name) {
        this.name = name;
    }

    void peerCertificates(List<X509Certificate> chain) {
        this.peerCertificates = List.copyOf(chain);
    }

    /** Has a client ask for the name. */
    void announce(long ssl) {
        if (!name.isEmpty()) {
            try (Arena arena = Arena.ofConfined()) {
                Ssl.CTRL.call(ssl, Ssl.CTRL_SET_HOST_NAME, 0, arena.allocateFrom(name).address());
            }
        }
    }

    /** @param clientShows whether the other end is a client that may have shown a certificate */
    void complete(long ssl, boolean clientShows) throws CertificateException {
        tls13 = Ssl.VERSION.number(ssl) == Ssl.TLS_1_3;
        version = tls13 ? "TLSv1.3" : "TLSv1.2";
        cipherSuite = suite(Ssl.GET_CURRENT_CIPHER.call(ssl));
        resumed = Ssl.SESSION_REUSED.number(ssl) == 1;
        protocol = selectedProtocol(ssl);
        if (resumed && clientShows) {
            peerCertificates = rememberedByServer(ssl);
        }
    }

    private static String selectedProtocol(long ssl) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(ValueLayout.JAVA_LONG, 2);
            Ssl.GET0_ALPN_SELECTED.call(ssl, found.address(), found.address() + Long.BYTES);
            int length = found.get(ValueLayout.JAVA_INT, Long.BYTES);
            if (length == 0) {
                return "";
            }
            byte[] bytes = Libraries.at(found.get(ValueLayout.JAVA_LONG, 0), length).toArray(ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** A server's chain of its client leaves out the client's own. */
    private static List<X509Certificate> rememberedByServer(long ssl) throws CertificateException {
        long own = Ssl.GET0_PEER_CERTIFICATE.call(ssl);
        if (own == 0) {
            return List.of();
        }
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(Crypto.certificate(own));
        chain.addAll(Crypto.certificates(Ssl.GET_PEER_CERT_CHAIN.call(ssl)));
        return List.copyOf(chain);
    }

    /** How keys are agreed on, in the word that trust managers are given for a server's chain. */
    String keyExchange(long ssl) {
        String suite = suite(Ssl.GET_PENDING_CIPHER.call(ssl));
        int end = suite.indexOf("_WITH_");
        return end < 0 ? "UNKNOWN" : suite.substring("TLS_".length(), end);
    }

    private static String suite(long cipher) {
        return cipher == 0
                ? "SSL_NULL_WITH_NULL_NULL"
                : SUITES.computeIfAbsent(cipher, known -> Libraries.text(Ssl.CIPHER_STANDARD_NAME.call(known)));
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    boolean isTls13() {
        return tls13;
    }

    String cipherSuite() {
        return cipherSuite;
    }

    String protocol() {
        return protocol;
    }

    List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }

    boolean isResumed() {
        return resumed;
    }
}
