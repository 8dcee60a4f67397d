package dev.heddle.tls;

import static dev.heddle.tls.TlsFixture.AUTHORITY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One end by the JDK's engine, the other by OpenSSL: they agree on the same, and each resumes the other's sessions. */
final class MixedEnginesTest {

    private static final TlsIdentity SERVER = CertificateMaker.named("localhost").signedBy(AUTHORITY);
    private static final TlsIdentity CLIENT = CertificateMaker.named("client.example").signedBy(AUTHORITY);
    private static final TlsTrust TRUST = TlsTrust.of(AUTHORITY.certificate());

    private final ClientTls client = ClientTls.DEFAULT.withTrust(TRUST).withIdentity(CLIENT).withProtocols("h2", "x");
    private final ServerTls server = ServerTls.of(SERVER).withProtocols("x").withClientsNeeded(TRUST);

    private static SSLContext jdk(TlsIdentity identity) throws GeneralSecurityException {
        return JdkContexts.make(new KeyManager[]{new IdentityKeyManager(identity)}, TRUST.managers());
    }

    private static void assertAgreed(ClientTls client, ServerTls server, TlsVersion version) {
        var first = TlsFixture.agreed("localhost", client, server);
        var second = TlsFixture.agreed("localhost", client, server);

        assertEquals(version, first.client().version());
        assertEquals(version, first.server().version());
        assertEquals(first.client().cipherSuite(), first.server().cipherSuite());
        assertEquals("x", first.client().protocol());
        assertEquals("x", first.server().protocol());
        assertEquals("localhost", first.server().serverName());
        assertEquals(SERVER.chain(), first.client().peerCertificates());
        assertEquals(CLIENT.chain(), first.server().peerCertificates());
        assertFalse(first.client().resumed());
        assertTrue(second.client().resumed());
        assertTrue(second.server().resumed());
        assertEquals(SERVER.chain(), second.client().peerCertificates());
        assertEquals(CLIENT.chain(), second.server().peerCertificates());
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void clientOfOpensslMeetsAServerOfTheJdk(TlsVersion version) throws GeneralSecurityException {
        assertAgreed(client.withVersions(version),
                ServerTls.of(jdk(SERVER)).withProtocols("x").withClientsNeeded(), version);
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void clientOfTheJdkMeetsAServerOfOpenssl(TlsVersion version) throws GeneralSecurityException {
        assertAgreed(ClientTls.of(jdk(CLIENT)).withProtocols("h2", "x").withVersions(version), server, version);
    }
}
