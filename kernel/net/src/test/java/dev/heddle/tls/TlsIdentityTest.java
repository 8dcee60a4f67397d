package dev.heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates as openssl writes them, in all its forms. */
final class TlsIdentityTest {

    @TempDir
    Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    /** Makes {@code key.pem} in the form that this version of openssl prefers, and {@code cert.pem}. */
    private void make(String... keyOptions) {
        String[] command = {"req", "-x509", "-nodes", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem", "-newkey"};
        Openssl.run(directory, Openssl.joined(command, keyOptions));
    }

    private void assertServes(TlsIdentity identity) {
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.pem(file("cert.pem")));
        for (TlsVersion version : TlsVersion.values()) {
            assertEquals(identity.chain(), TlsFixture
                    .agreed("localhost", client.withVersions(version), ServerTls.of(identity)).client()
                    .peerCertificates());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384",
            "ed25519"})
    void keysInPkcs8AreRead(String kind) {
        make(kind.split(" "));

        assertServes(TlsIdentity.pem(file("cert.pem"), file("key.pem")));
    }

    @Test
    void traditionalRsaKeysAreRead() {
        make("rsa:2048");
        Openssl.run(directory, "rsa", "-in", "key.pem", "-traditional", "-out", "old.pem");

        assertServes(TlsIdentity.pem(file("cert.pem"), file("old.pem")));
    }

    @Test
    void traditionalEcKeysAreReadWithTheirParametersBefore() throws Exception {
        make("ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        Openssl.run(directory, "ec", "-in", "key.pem", "-out", "old.pem");
        Openssl.run(directory, "ecparam", "-name", "prime256v1", "-out", "parameters.pem");
        String both = Files.readString(file("parameters.pem")) + Files.readString(file("old.pem"));

        assertServes(TlsIdentity.pem(Files.readString(file("cert.pem")), both));
    }

    @Test
    void oneFileMayHoldBothAndSaySoInWords() throws Exception {
        make("rsa:2048");
        Files.writeString(file("both.pem"), "Bag Attributes\n" + Files.readString(file("key.pem"))
                + "subject=CN = localhost\n" + Files.readString(file("cert.pem")).replace("\n", "\r\n"));

        assertServes(TlsIdentity.pem(file("both.pem"), file("both.pem")));
    }

    @Test
    void encryptedKeyIsRefusedWithTheCommandThatHelps() {
        make("rsa:2048");
        Openssl.run(directory, "pkcs8", "-topk8", "-in", "key.pem", "-out", "secret.pem", "-passout", "pass:x");
        Openssl.run(directory, "rsa", "-in", "key.pem", "-traditional", "-aes128", "-passout", "pass:x", "-out",
                "old.pem");

        for (String name : List.of("secret.pem", "old.pem")) {
            var e = assertThrows(
                    IllegalArgumentException.class, () -> TlsIdentity.pem(file("cert.pem"), file(name)));
            assertEquals(
                    "the private key is encrypted; convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out key8.pem",
                    e.getMessage());
        }
    }

    @Test
    void keyOfAnotherCertificateIsRefused() throws Exception {
        make("rsa:2048");
        String certificate = Files.readString(file("cert.pem"));
        make("rsa:2048");

        var e = assertThrows(IllegalArgumentException.class,
                () -> TlsIdentity.pem(certificate, Files.readString(file("key.pem"))));
        assertTrue(e.getMessage().startsWith("the private key does not belong to the first certificate, CN=localhost"),
                e.getMessage());
    }

    @Test
    void whatIsNoPemIsRefused() {
        make("ec", "-pkeyopt", "ec_paramgen_curve:P-256");

        assertThrows(UncheckedIOException.class, () -> TlsIdentity.pem(file("missing.pem"), file("key.pem")));
        assertThrows(IllegalArgumentException.class, () -> TlsIdentity.pem(file("key.pem"), file("key.pem")));
        assertThrows(IllegalArgumentException.class, () -> TlsIdentity.pem(file("cert.pem"), file("cert.pem")));
        assertThrows(IllegalArgumentException.class, () -> TlsTrust.pem("hello"));
        for (String damaged : List.of(
                "-----BEGIN PRIVATE KEY-----\nAAAA",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMIIB\n-----END EC PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----")) {
            assertThrows(IllegalArgumentException.class, () -> TlsIdentity.pem(damaged, damaged), damaged);
        }
    }

    @Test
    void madeCertificateSatisfiesOpenssl() throws Exception {
        TlsIdentity server = CertificateMaker.named("localhost", "127.0.0.1").signedBy(TlsFixture.AUTHORITY);
        Files.writeString(file("authority.pem"), Openssl.pem(TlsFixture.AUTHORITY.certificate()));
        Files.writeString(file("server.pem"), Openssl.pem(server.certificate()));

        String answer = Openssl.run(directory, "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname",
                "localhost", "-CAfile", "authority.pem", "server.pem");

        assertTrue(answer.contains("server.pem: OK"), answer);
    }

    @Test
    void nothingSecretIsInTheText() {
        assertEquals("TlsIdentity[CN=other.example]", TlsFixture.OTHER.toString());
    }
}
