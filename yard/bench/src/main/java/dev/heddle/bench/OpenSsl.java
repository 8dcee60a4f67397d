package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;

/**
 * The files that programs with OpenSSL need for TLS, made anew for each that asks, so that they fit the certificate.
 */
final class OpenSsl {

    /** The clients allow nothing else, so all servers speak the same, whatever each prefers. */
    private static final String CLIENT = """
            openssl_conf = all
            [all]
            ssl_conf = tls
            [tls]
            system_default = only
            [only]
            MinProtocol = TLSv1.3
            Ciphersuites = %s
            Groups = X25519
            """.formatted(TlsCertificate.CIPHER_SUITE);

    private static final int LINE = 64;

    private OpenSsl() {}

    /** The environment of a client. */
    static Map<String, String> client() throws IOException {
        return Map.of("OPENSSL_CONF", file("client.cnf", CLIENT).toString());
    }

    /** The key and the certificate of all servers, in PEM (RFC 7468). */
    static Path certificate() throws IOException, GeneralSecurityException {
        TlsCertificate certificate = TlsCertificate.load();
        return file(
                "localhost.pem",
                pem("PRIVATE KEY", certificate.key().getEncoded())
                        + pem("CERTIFICATE", certificate.certificate().getEncoded()));
    }

    private static String pem(String label, byte[] bytes) {
        String text = Base64.getMimeEncoder(LINE, new byte[]{'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    /** Elsewhere first, then put in place in one step: another process may be doing the same. */
    private static Path file(String name, String content) throws IOException {
        Files.createDirectories(Home.TLS);
        Path fresh = Files.createTempFile(Home.TLS, name, "");
        Files.writeString(fresh, content);
        return Files.move(fresh, Home.TLS.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
