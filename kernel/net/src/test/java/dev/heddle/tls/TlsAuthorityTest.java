package dev.heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An authority of one's own makes certificates that those who trust it believe, and nobody else. */
final class TlsAuthorityTest {

    private static final Duration YEAR = Duration.ofDays(365);

    private final TlsAuthority ours = TlsAuthority.create("ours", YEAR);

    @Test
    void whatItIssuesIsBelievedByWhoTrustsIt() {
        TlsIdentity server = ours.issue(YEAR, "localhost");
        TlsIdentity node = ours.issue(YEAR, "localhost");

        ServerTls serverTls = ServerTls.of(server).withClientsNeeded(ours.trust());
        ClientTls clientTls = ClientTls.DEFAULT.withTrust(ours.trust()).withIdentity(node);
        assertEquals(
                server.certificate(),
                TlsFixture.agreed("localhost", clientTls, serverTls).client().peerCertificates().getFirst());
    }

    @Test
    void whatAnotherOfTheSameNameIssuesIsNot() {
        TlsAuthority theirs = TlsAuthority.create("ours", YEAR);

        assertThrows(GeneralSecurityException.class, () -> theirs.issue(YEAR, "localhost").certificate()
                .verify(ours.certificate().getPublicKey()));
    }

    @Test
    void itComesBackFromItsFileWithItsKey(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("authority.pem"), ours.identity().pem());

        TlsIdentity issued = TlsAuthority.pem(file).issue(YEAR, "node-1.example", "10.0.0.1");

        issued.certificate().verify(ours.certificate().getPublicKey());
        assertEquals(2, issued.certificate().getSubjectAlternativeNames().size());
    }

    @Test
    void certificateOfANodeIsNoAuthority(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("node.pem"), ours.issue(YEAR, "node-1.example").pem());

        String refused = assertThrows(IllegalArgumentException.class, () -> TlsAuthority.pem(file)).getMessage();
        assertTrue(
                refused.endsWith("node.pem is the certificate of CN=node-1.example, which is no authority"), refused);
    }

    @Test
    void hostMayEndInADigit() throws Exception {
        assertEquals(
                List.of(List.of(2, "zk1"), List.of(7, "10.0.0.1")),
                List.copyOf(ours.issue(YEAR, "zk1", "10.0.0.1").certificate().getSubjectAlternativeNames()));
    }

    @Test
    void nothingIsValidLongerThanItsAuthority() {
        assertEquals(
                ours.certificate().getNotAfter(),
                ours.issue(YEAR.multipliedBy(9), "localhost").certificate().getNotAfter());
    }

    @Test
    void chainInPemHasNoKey() {
        TlsIdentity node = ours.issue(YEAR, "localhost");

        assertEquals(node.chain(), TlsIdentity.pem(node.chainPem(), node.pem()).chain());
        assertFalse(node.chainPem().contains("PRIVATE"));
    }
}
