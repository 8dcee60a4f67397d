package dev.heddle.tls;

import static dev.heddle.tls.TlsFixture.AUTHORITY;
import static dev.heddle.tls.TlsFixture.CLIENT_TLS;
import static dev.heddle.tls.TlsFixture.OTHER;
import static dev.heddle.tls.TlsFixture.SERVER;
import static dev.heddle.tls.TlsFixture.SERVER_TLS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.io.TlsException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed, and what is said to who is not. */
final class TlsCertificateTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final ClientTls TRUSTS_AUTHORITY = ClientTls.DEFAULT.withTrust(TlsTrust.of(AUTHORITY.certificate()));

    private static CertificateMaker localhost() {
        return CertificateMaker.named("localhost");
    }

    private static String refusal(String host, ClientTls client, TlsIdentity server) {
        TlsException refused = TlsFixture.refusal(host, client, ServerTls.of(server));
        assertTrue(refused.isUntrusted(), "the certificate is the reason");
        return refused.getMessage();
    }

    private static void assertSays(String part, String message) {
        assertTrue(message.contains(part), message);
    }

    @Test
    void certificateOfATrustedAuthorityIsBelieved() {
        TlsIdentity server = localhost().signedBy(AUTHORITY);

        TlsSession session = TlsFixture.agreed("localhost", TRUSTS_AUTHORITY, ServerTls.of(server)).client();

        assertEquals(server.chain(), session.peerCertificates());
    }

    @Test
    void expiredCertificateIsRefusedWithItsDate() {
        Instant end = NOW.minus(Duration.ofDays(5));
        TlsIdentity signed = localhost().valid(end.minusSeconds(1_000), end).signedBy(AUTHORITY);
        TlsIdentity pinned = localhost().valid(end.minusSeconds(1_000), end).selfSigned();
        ClientTls trustsPinned = ClientTls.DEFAULT.withTrust(TlsTrust.of(pinned.certificate()));

        assertSays("its certificate has expired on " + end, refusal("localhost", TRUSTS_AUTHORITY, signed));
        assertSays("its certificate has expired: on " + end, refusal("localhost", trustsPinned, pinned));
    }

    @Test
    void certificateThatIsNotValidYetIsRefusedWithItsDate() {
        Instant start = NOW.plus(Duration.ofDays(5));
        TlsIdentity signed = localhost().valid(start, start.plusSeconds(1_000)).signedBy(AUTHORITY);
        TlsIdentity pinned = localhost().valid(start, start.plusSeconds(1_000)).selfSigned();
        ClientTls trustsPinned = ClientTls.DEFAULT.withTrust(TlsTrust.of(pinned.certificate()));

        assertSays("not valid yet, but from " + start, refusal("localhost", TRUSTS_AUTHORITY, signed));
        assertSays("not valid yet: but from " + start, refusal("localhost", trustsPinned, pinned));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.example", "x.a.example", "wild.example", "127.0.0.2", "::2"})
    void certificateForAnotherHostIsRefused(String host) {
        String message = refusal(host, CLIENT_TLS, SERVER);

        assertSays("no TLS with " + host + " (memory:", message);
        assertSays("its certificate is refused: No subject alternative", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "a.example.", "any.wild.example", "127.0.0.1", "::1"})
    void namesAndAddressesOfTheCertificateAreAccepted(String host) {
        assertEquals("", TlsFixture.agreed(host, CLIENT_TLS, SERVER_TLS).client().protocol());
    }

    @Test
    void wildcardStandsForOneLabelOnly() {
        assertSays("its certificate is refused", refusal("deep.any.wild.example", CLIENT_TLS, SERVER));
    }

    @Test
    void certificateSignedByItselfIsRefusedUnlessItIsTrusted() {
        assertSays("its certificate is not signed by a trusted authority", refusal("other.example", CLIENT_TLS, OTHER));
        assertSays("its certificate is not signed by a trusted authority",
                refusal("other.example", ClientTls.DEFAULT, OTHER));
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() {
        TlsIdentity stranger = CertificateMaker.authority("Test Authority").selfSigned();

        assertSays("its certificate is", refusal("localhost", TRUSTS_AUTHORITY, localhost().signedBy(stranger)));
    }

    @Test
    void certificateThatMaySignNothingMakesNoOther() {
        TlsIdentity leaf = CertificateMaker.named("leaf.example").signedBy(AUTHORITY);

        assertSays("its certificate is", refusal("localhost", TRUSTS_AUTHORITY, localhost().signedBy(leaf)));
    }

    @Test
    void revokedCertificateIsRefusedAndTheOthersAreNot() throws GeneralSecurityException {
        CertificateMaker revoked = localhost();
        Instant when = NOW.minus(Duration.ofHours(2));
        TlsTrust trust = TlsTrust.of(AUTHORITY.certificate()).withRevocations(revocationList(revoked.serial(), when));
        ClientTls client = ClientTls.DEFAULT.withTrust(trust);

        assertSays("its certificate was revoked on " + when,
                refusal("localhost", client, revoked.signedBy(AUTHORITY)));
        assertEquals(
                TlsVersion.TLS_1_3,
                TlsFixture.agreed("localhost", client, ServerTls.of(localhost().signedBy(AUTHORITY))).client()
                        .version());
    }

    @Test
    void revocationListThatIsBrokenIsRefused_CVE_2026_53434() throws GeneralSecurityException {
        String good = revocationList(BigInteger.TEN, NOW.minusSeconds(60));
        String none = "-----BEGIN X509 CRL-----\nMAAA\n-----END X509 CRL-----\n";
        TlsTrust trust = TlsTrust.of(AUTHORITY.certificate());
        for (String text : List.of("", "junk", none, good + none, none + good,
                good + good.substring(0, good.length() / 2))) {
            assertThrows(IllegalArgumentException.class, () -> trust.withRevocations(text), text);
        }
        assertThrows(IllegalStateException.class, () -> TlsTrust.system().withRevocations(good));
    }

    @Test
    void withoutAListThatCountsNothingOfAnAuthorityIsBelieved_CVE_2026_34500() throws GeneralSecurityException {
        TlsIdentity elsewhere = CertificateMaker.authority("Elsewhere").selfSigned();
        String list = revocationList(BigInteger.TEN, NOW.minusSeconds(60));
        ClientTls client = ClientTls.DEFAULT
                .withTrust(TlsTrust.of(AUTHORITY.certificate(), elsewhere.certificate()).withRevocations(list));

        ServerTls listed = ServerTls.of(localhost().signedBy(AUTHORITY));
        assertEquals(TlsVersion.TLS_1_3, TlsFixture.agreed("localhost", client, listed).client().version());
        assertSays("Could not determine revocation status",
                refusal("localhost", client, localhost().signedBy(elsewhere)));

        String old = revocationList(BigInteger.TEN, NOW.minusSeconds(60), NOW.minus(Duration.ofHours(1)));
        ClientTls late = ClientTls.DEFAULT.withTrust(TlsTrust.of(AUTHORITY.certificate()).withRevocations(old));
        assertSays("Could not determine revocation status",
                refusal("localhost", late, localhost().signedBy(AUTHORITY)));
    }

    private static String revocationList(BigInteger serial, Instant when) throws GeneralSecurityException {
        return revocationList(serial, when, NOW.plusSeconds(1_000_000));
    }

    /** RFC 5280, section 5.1. */
    private static String revocationList(BigInteger serial, Instant when, Instant next)
            throws GeneralSecurityException {
        byte[] body = Der.sequence(
                Der.integer(1),
                Der.sequence(Der.oid("1.2.840.10045.4.3.2")),
                AUTHORITY.certificate().getSubjectX500Principal().getEncoded(),
                Der.time(next.minusSeconds(2_000_000)),
                Der.time(next),
                Der.sequence(Der.sequence(Der.integer(serial), Der.time(when))));
        String base64 = Base64.getMimeEncoder().encodeToString(CertificateMaker.signed(body, AUTHORITY.key()));
        return "-----BEGIN X509 CRL-----\n" + base64 + "\n-----END X509 CRL-----\n";
    }

    @Test
    void serverHearsWhyItIsRefused() {
        var failures = TlsFixture.failures("b.example", CLIENT_TLS, SERVER_TLS);

        assertSays("the peer refused the certificate of this side (alert certificate_unknown)",
                failures.server().getMessage());
    }

    @Test
    void insecureClientBelievesAnybodyAndSaysSoInLogs() {
        ClientTls insecure = CLIENT_TLS.insecure();

        assertEquals(OTHER.chain(),
                TlsFixture.agreed("127.0.0.9", insecure, ServerTls.of(OTHER)).client().peerCertificates());
        assertEquals("ClientTls[[TLS_1_3, TLS_1_2], INSECURE]", insecure.toString());
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void serverCanNeedACertificateOfItsClients(TlsVersion version) {
        ServerTls server = SERVER_TLS.withVersions(version).withClientsNeeded(TlsTrust.of(AUTHORITY.certificate()));
        TlsIdentity known = CertificateMaker.named("client.example").signedBy(AUTHORITY);

        assertEquals(known.chain(),
                TlsFixture.agreed("localhost", CLIENT_TLS.withIdentity(known), server).server().peerCertificates());

        var without = TlsFixture.failures("localhost", CLIENT_TLS, server);
        assertSays("the peer showed no certificate", without.server().getMessage());
        assertSays("alert", without.client().getMessage());
        var stranger = TlsFixture.failures("localhost", CLIENT_TLS.withIdentity(OTHER), server);
        assertSays("TLS with", stranger.server().getMessage());
    }

    @Test
    void serverCanWantACertificateAndDoWithout() {
        ServerTls server = SERVER_TLS.withClientsWanted(TlsTrust.of(OTHER.certificate()));

        assertEquals(0, TlsFixture.agreed("localhost", CLIENT_TLS, server).server().peerCertificates().size());
        assertEquals(OTHER.chain(),
                TlsFixture.agreed("localhost", CLIENT_TLS.withIdentity(OTHER), server).server().peerCertificates());
    }

    @Test
    void contextOfTheJdkDecidesAlone() throws GeneralSecurityException {
        SSLContext context = JdkContexts.make(new KeyManager[]{new IdentityKeyManager(SERVER)},
                TlsTrust.of(SERVER.certificate()).managers());

        var agreed = TlsFixture.agreed("localhost", ClientTls.of(context), ServerTls.of(context).withClientsNeeded());

        assertEquals(SERVER.chain(), agreed.server().peerCertificates());
        assertThrows(IllegalStateException.class, () -> ClientTls.of(context).withTrust(TlsTrust.system()));
        assertThrows(IllegalStateException.class, () -> ClientTls.of(context).withIdentity(OTHER));
        assertThrows(IllegalStateException.class, () -> ClientTls.of(context).insecure());
        assertThrows(IllegalStateException.class, () -> ServerTls.of(context).withName("b.example", OTHER));
        assertThrows(IllegalStateException.class, () -> ServerTls.of(context).withClientsWanted(TlsTrust.system()));
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> TlsTrust.of());
        assertThrows(IllegalArgumentException.class, () -> CLIENT_TLS.withVersions());
        assertThrows(IllegalArgumentException.class, () -> CLIENT_TLS.withProtocols(""));
        assertThrows(IllegalArgumentException.class, () -> SERVER_TLS.withHandshakeTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> TlsIdentity.selfSigned());
        assertThrows(IllegalStateException.class, () -> TlsTrust.system().withRevocations(""));
        assertThrows(IllegalArgumentException.class,
                () -> TlsIdentity.of(SERVER.key(), OTHER.certificate()));
    }
}
