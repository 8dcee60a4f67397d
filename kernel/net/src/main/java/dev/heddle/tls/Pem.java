package dev.heddle.tls;

import dev.heddle.internal.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Certificates and keys in PEM (RFC 7468). */
final class Pem {

    static final String KEY = "PRIVATE KEY";

    /** Longest file in bytes: revocation lists have hundreds of thousands of entries. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final int LINE = 64;
    private static final String RSA_KEY = "RSA PRIVATE KEY";
    private static final String EC_KEY = "EC PRIVATE KEY";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final String CONVERT = "convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out key8.pem";

    private Pem() {}

    /** Writes bytes under a label. */
    static void append(StringBuilder text, String label, byte[] bytes) {
        text.append("-----BEGIN ").append(label).append("-----\n")
                .append(Base64.getMimeEncoder(LINE, new byte[]{'\n'}).encodeToString(bytes))
                .append("\n-----END ").append(label).append("-----\n");
    }

    static String read(Path file) {
        try {
            return new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int from = 0;;) {
                Block block = block(text, "CERTIFICATE", from);
                if (block == null) {
                    break;
                }
                certificates
                        .add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                from = block.end();
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate in the PEM text cannot be read: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no certificate is in the text; PEM has -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(certificates);
    }

    static PrivateKey privateKey(String text) {
        if (text.contains("ENCRYPTED")) {
            throw new IllegalArgumentException("the private key is encrypted; " + CONVERT);
        }
        Block pkcs8 = block(text, KEY, 0);
        if (pkcs8 != null) {
            return decode(pkcs8.bytes());
        }
        Block rsa = block(text, RSA_KEY, 0);
        if (rsa != null) {
            return decode(Der.pkcs8OfRsa(rsa.bytes()));
        }
        Block ec = block(text, EC_KEY, 0);
        if (ec != null) {
            Optional<byte[]> wrapped = Der.pkcs8OfEc(ec.bytes());
            return decode(wrapped.orElseThrow(
                    () -> new IllegalArgumentException("the EC private key does not name its curve; " + CONVERT)));
        }
        throw new IllegalArgumentException(
                "no private key of a known form is in the text; if there is one, " + CONVERT);
    }

    private static PrivateKey decode(byte[] pkcs8) {
        var last = new GeneralSecurityException("unknown algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new IllegalArgumentException("the private key cannot be read: " + last.getMessage(), last);
    }

    /**
     * What stands between a begin and an end.
     *
     * @param end where the text goes on
     */
    private record Block(String body, int end) {
        byte[] bytes() {
            try {
                return Base64.getMimeDecoder().decode(body);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the PEM text is damaged: " + e.getMessage(), e);
            }
        }
    }

    private static @Nullable Block block(String text, String label, int from) {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int start = text.indexOf(begin, from);
        int stop = start < 0 ? -1 : text.indexOf(end, start);
        if (stop < 0) {
            if (start >= 0) {
                throw new IllegalArgumentException("the PEM text ends before " + end);
            }
            return null;
        }
        return new Block(text.substring(start + begin.length(), stop), stop + end.length());
    }
}
