package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.TlsAgreement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The functions that read out of the library what two ends have agreed on. */
final class Agreed {

    /** The names of suites by their {@code SSL_CIPHER *}, which stay where they are for the life of the process. */
    private static final ConcurrentHashMap<Long, String> SUITES = new ConcurrentHashMap<>();

    /** The names of groups by the library's own numbers. */
    private static final ConcurrentHashMap<Integer, String> GROUPS = new ConcurrentHashMap<>();

    /** The JDK's names of the versions. */
    static final String TLS_1_3 = "TLSv1.3";

    static final String TLS_1_2 = "TLSv1.2";

    private Agreed() {}

    /** All of it; once, so that it is known when the native memory is gone. */
    static TlsAgreement read(long ssl, String serverName, List<X509Certificate> peerCertificates) {
        return new TlsAgreement(
                isTls13(ssl) ? TLS_1_3 : TLS_1_2, suite(Ssl.GET_CURRENT_CIPHER.call(ssl)), group(ssl),
                protocol(ssl), serverName, peerCertificates, isResumed(ssl));
    }

    static boolean isTls13(long ssl) {
        return Ssl.VERSION.number(ssl) == Ssl.TLS_1_3;
    }

    static boolean isResumed(long ssl) {
        return Ssl.SESSION_REUSED.number(ssl) == 1;
    }

    private static String group(long ssl) {
        int number = Ssl.CTRL.number(ssl, Ssl.CTRL_GET_NEGOTIATED_GROUP);
        return number == 0
                ? ""
                : GROUPS.computeIfAbsent(number, known -> Libraries.text(Ssl.GROUP_TO_NAME.call(ssl, known)));
    }

    private static String protocol(long ssl) {
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

    /** What a client has shown when the session began. A server's chain of it leaves out the client's own. */
    static List<X509Certificate> rememberedByServer(long ssl) throws CertificateException {
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
    static String keyExchange(long ssl) {
        String suite = suite(Ssl.GET_PENDING_CIPHER.call(ssl));
        int end = suite.indexOf("_WITH_");
        return end < 0 ? "UNKNOWN" : suite.substring("TLS_".length(), end);
    }

    private static String suite(long cipher) {
        return cipher == 0
                ? TlsAgreement.NONE.cipherSuite()
                : SUITES.computeIfAbsent(cipher, known -> Libraries.text(Ssl.CIPHER_STANDARD_NAME.call(known)));
    }
}
