package dev.heddle.tls;

import static dev.heddle.tls.TlsFixture.CLIENT_TLS;
import static dev.heddle.tls.TlsFixture.OTHER;
import static dev.heddle.tls.TlsFixture.SERVER;
import static dev.heddle.tls.TlsFixture.SERVER_TLS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TlsException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both ends can agree on: versions, ciphers, protocols, names, earlier sessions. */
final class TlsAgreementTest {

    private static void assertSays(String part, TlsException failure) {
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    @Test
    void newestVersionThatBothSpeakIsTaken() {
        assertEquals(TlsVersion.TLS_1_3, TlsFixture.agreed("localhost", CLIENT_TLS, SERVER_TLS).client().version());
        ClientTls old = CLIENT_TLS.withVersions(TlsVersion.TLS_1_2);
        assertEquals(TlsVersion.TLS_1_2, TlsFixture.agreed("localhost", old, SERVER_TLS).server().version());
    }

    @Test
    void noVersionInCommonIsSaid() {
        var failures = TlsFixture.failures("localhost", CLIENT_TLS.withVersions(TlsVersion.TLS_1_2),
                SERVER_TLS.withVersions(TlsVersion.TLS_1_3));

        assertSays("the peer speaks no version of TLS that this side does (alert protocol_version)", failures.client());
        assertSays("no TLS with memory:", failures.server());
    }

    @Test
    void serversOrderOfCipherSuitesCounts() {
        List<String> fast = List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");
        ClientTls client = CLIENT_TLS.withCipherSuites(fast.reversed());
        ServerTls reversed = ServerTls.of(SERVER).withCipherSuites(fast.reversed());

        assertEquals(fast.getFirst(),
                TlsFixture.agreed("localhost", client, ServerTls.of(SERVER)).client().cipherSuite());
        assertEquals(fast.getLast(), TlsFixture.agreed("localhost", client, reversed).server().cipherSuite());
    }

    @Test
    void noCipherSuiteInCommonIsSaid() {
        var failures = TlsFixture.failures("localhost",
                CLIENT_TLS.withCipherSuites(List.of("TLS_AES_256_GCM_SHA384")),
                SERVER_TLS.withCipherSuites(List.of("TLS_AES_128_GCM_SHA256")));

        assertSays("nothing in common", failures.client());
    }

    @Test
    void groupThatOneSideDoesNotKnowIsPassedOver() {
        ClientTls client = CLIENT_TLS.withGroups(List.of("GroupOfTheYear3000", "X25519MLKEM768", "secp384r1"));
        ServerTls server = SERVER_TLS.withGroups(List.of("X25519MLKEM1536", "secp384r1"));

        assertEquals(TlsVersion.TLS_1_3, TlsFixture.agreed("localhost", client, server).client().version());
    }

    @Test
    void groupIsToldWhereTheEngineDoes() {
        var agreed = TlsFixture.agreed("localhost", CLIENT_TLS, SERVER_TLS.withGroups(List.of("secp384r1")));
        String told = TlsEngines.chosen().equals("jdk") ? "" : "secp384r1";
        assertEquals(told, agreed.client().group());
        assertEquals(told, agreed.server().group());
    }

    @Test
    void groupOfAResumedSessionIsToldToo() {
        ClientTls client = CLIENT_TLS.withGroups(List.of("secp521r1"));
        TlsFixture.agreed("localhost", client, SERVER_TLS);
        String told = TlsEngines.chosen().equals("jdk") ? "" : "secp521r1";
        assertEquals(told, TlsFixture.agreed("localhost", client, SERVER_TLS).client().group());
    }

    /** The first of those that both know: curves where the engine is too old for the hybrid one. */
    @Test
    void hybridGroupIsAgreedOnWhereBothHaveIt() {
        var agreed = TlsFixture.agreed("localhost", CLIENT_TLS, SERVER_TLS);
        assertTrue(List.of("", "x25519", "X25519MLKEM768").contains(agreed.client().group()), agreed::toString);
        assertEquals(agreed.client().group(), agreed.server().group());
    }

    /** Whether it has a certificate does not matter: it has been told its groups before it needs one. */
    @Test
    void jdkThatKnowsTheHybridGroupIsAskedForItFirst() throws Exception {
        List<SSLEngine> made = new ArrayList<>();
        SSLContext context = remembering(made);
        TlsFixture.failures("localhost", ClientTls.of(context).withGroups(List.of("Next", "x25519")),
                ServerTls.of(context));
        assertEquals(List.of("X25519MLKEM768", "x25519"), groups(made, false).subList(0, 2));
        assertEquals(List.of("Next", "x25519"), groups(made, true));
    }

    @Test
    void clientOfTheJdkIsLeftItsOwnChoiceOfGroups() throws Exception {
        List<SSLEngine> made = new ArrayList<>();
        SSLContext context = remembering(made);
        TlsFixture.failures("localhost", ClientTls.of(context), ServerTls.of(context));
        assertEquals(groups(List.of(SSLContext.getDefault().createSSLEngine()), false), groups(made, true));
    }

    private static List<String> groups(List<SSLEngine> made, boolean client) {
        SSLEngine engine = made.stream().filter(each -> each.getUseClientMode() == client).findFirst().orElseThrow();
        String[] names = engine.getSSLParameters().getNamedGroups();
        return names == null ? List.of() : List.of(names);
    }

    /** A context of the JDK that lets one look at its engines. */
    private static SSLContext remembering(List<SSLEngine> made) throws Exception {
        SSLContext real = SSLContext.getDefault();
        return new SSLContext(new SSLContextSpi() {
            @Override
            protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {}

            @Override
            protected SSLSocketFactory engineGetSocketFactory() {
                return real.getSocketFactory();
            }

            @Override
            protected SSLServerSocketFactory engineGetServerSocketFactory() {
                return real.getServerSocketFactory();
            }

            @Override
            protected SSLEngine engineCreateSSLEngine() {
                return kept(real.createSSLEngine());
            }

            @Override
            protected SSLEngine engineCreateSSLEngine(String host, int port) {
                return kept(real.createSSLEngine(host, port));
            }

            private SSLEngine kept(SSLEngine engine) {
                made.add(engine);
                return engine;
            }

            @Override
            protected SSLSessionContext engineGetServerSessionContext() {
                return real.getServerSessionContext();
            }

            @Override
            protected SSLSessionContext engineGetClientSessionContext() {
                return real.getClientSessionContext();
            }
        }, real.getProvider(), real.getProtocol()) {};
    }

    @Test
    void noGroupInCommonIsAFailureOfBoth() {
        var failures = TlsFixture.failures("localhost", CLIENT_TLS.withGroups(List.of("secp384r1")),
                SERVER_TLS.withGroups(List.of("x25519")));

        assertSays("no TLS with", failures.client()); // each engine has words of its own
        assertSays("no TLS with", failures.server());
    }

    // ---- ALPN, RFC 7301 ----

    @Test
    void serversOrderOfProtocolsCounts() {
        var agreed = TlsFixture.agreed("localhost", CLIENT_TLS.withProtocols("http/1.1", "h2"),
                SERVER_TLS.withProtocols("h2", "http/1.1"));

        assertEquals("h2", agreed.client().protocol());
        assertEquals("h2", agreed.server().protocol());
    }

    @Test
    void noProtocolInCommonIsRefused() {
        var failures = TlsFixture.failures("localhost", CLIENT_TLS.withProtocols("h2"),
                SERVER_TLS.withProtocols("http/1.1"));

        assertSays("the peer knows none of the application protocols (alert no_application_protocol)",
                failures.client());
    }

    @Test
    void withoutAnOfferNoProtocolIsAgreedOn() {
        assertEquals("",
                TlsFixture.agreed("localhost", CLIENT_TLS, SERVER_TLS.withProtocols("h2")).client().protocol());
        assertEquals("",
                TlsFixture.agreed("localhost", CLIENT_TLS.withProtocols("h2"), SERVER_TLS).client().protocol());
    }

    // ---- SNI, RFC 6066 section 3 ----

    private static final TlsIdentity WILD = TlsIdentity.selfSigned("*.other.example");
    private static final ServerTls NAMED = SERVER_TLS.withName("other.example", OTHER).withName("*.other.example",
            WILD);
    private static final ClientTls TRUSTS_ALL = ClientTls.DEFAULT.withTrust(
            TlsTrust.of(SERVER.certificate(), OTHER.certificate(), WILD.certificate()));

    @Test
    void certificateIsChosenByTheNameThatTheClientAsksFor() {
        for (TlsVersion version : TlsVersion.values()) {
            ServerTls server = NAMED.withVersions(version);
            var other = TlsFixture.agreed("OTHER.example", TRUSTS_ALL, server);
            assertEquals(OTHER.chain(), other.client().peerCertificates());
            assertEquals("other.example", other.server().serverName().toLowerCase(Locale.ROOT));
            assertEquals(WILD.chain(),
                    TlsFixture.agreed("any.other.example", TRUSTS_ALL, server).client().peerCertificates());
            assertEquals(SERVER.chain(),
                    TlsFixture.agreed("a.example", TRUSTS_ALL, server).client().peerCertificates());
        }
    }

    @Test
    void certificateIsChosenByTheNameAlsoWhereTheHelloComesInPieces_CVE_2026_75595() {
        Heddle.run(() -> {
            MemoryStreams.Pair outer = MemoryStreams.pair();
            MemoryStreams.Pair inner = MemoryStreams.pair();
            Task<?> there = Heddle.spawn(() -> {
                TlsHandshakeTest.splitFirstRecord(outer.right(), inner.left());
                TlsHandshakeTest.relayByteByByte(outer.right(), inner.left());
            });
            Task<?> back = Heddle.spawn(() -> TlsHandshakeTest.relayByteByByte(inner.left(), outer.right()));
            List<ByteStream> both = Heddle.gather(
                    () -> Tls.upgradeClient(outer.left(), "other.example", TRUSTS_ALL),
                    () -> Tls.upgradeServer(inner.right(), NAMED));
            assertEquals(OTHER.chain(), Tls.session(both.getFirst()).orElseThrow().peerCertificates());
            both.forEach(ByteStream::close);
            there.join();
            back.join();
        });
    }

    @Test
    void nameThatEndsInADigitIsAnnounced() {
        TlsIdentity numbered = TlsIdentity.selfSigned("db1");
        var agreed = TlsFixture.agreed("db1", ClientTls.DEFAULT.withTrust(TlsTrust.of(numbered.certificate())),
                SERVER_TLS.withName("db1", numbered));

        assertEquals("db1", agreed.server().serverName());
        assertEquals(numbered.chain(), agreed.client().peerCertificates());
    }

    @Test
    void addressIsNotAnnouncedAndGetsTheFirstCertificate() {
        var agreed = TlsFixture.agreed("127.0.0.1", TRUSTS_ALL, NAMED.withUnknownNamesRefused());

        assertEquals(SERVER.chain(), agreed.client().peerCertificates());
        assertEquals("", agreed.server().serverName());
    }

    @Test
    void unknownNameGetsTheFirstCertificateOrIsRefused() {
        assertEquals(SERVER.chain(), TlsFixture.agreed("a.example", TRUSTS_ALL, NAMED).client().peerCertificates());

        var failures = TlsFixture.failures("a.example", TRUSTS_ALL, NAMED.withUnknownNamesRefused());
        assertSays("the peer has no certificate for this name (alert unrecognized_name)", failures.client());
        assertEquals(OTHER.chain(), TlsFixture
                .agreed("other.example", TRUSTS_ALL, NAMED.withUnknownNamesRefused()).client().peerCertificates());
    }

    /** What a server makes of a name that no good client sends. */
    private static TlsException serverWith(byte[] name, ServerTls server) {
        return Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new RawName(name)));
            engine.setSSLParameters(parameters);
            Task<?> client = Heddle.spawn(() -> assertThrows(TlsException.class,
                    () -> new TlsTransport(plain.left().transport(), new JdkTlsEngine(engine), Duration.ofSeconds(10))
                            .handshake()));
            TlsException failure = assertThrows(TlsException.class, () -> Tls.upgradeServer(plain.right(), server));
            client.join();
            return failure;
        });
    }

    private static final class RawName extends SNIServerName {
        RawName(byte[] name) {
            super(0, name);
        }
    }

    @Test
    void nameWithANulIsRefused() {
        byte[] name = Fixtures.bytes("a.example\0.evil.example");

        assertSays("no TLS with memory:", serverWith(name, NAMED));
        assertSays("no TLS with memory:", serverWith(name, NAMED.withUnknownNamesRefused()));
    }

    @Test
    void addressAsANameIsAnUnknownName() {
        assertSays("nrecognized", serverWith(Fixtures.bytes("127.0.0.1"), NAMED.withUnknownNamesRefused()));
    }

    @Test
    void helloWithSixteenKilobytesOfExtensionsIsAccepted() {
        String[] many = new String[61];
        Arrays.setAll(many, i -> i == 60 ? "h2" : "%02d".formatted(i) + "x".repeat(253));

        assertEquals("h2", TlsFixture
                .agreed("localhost", CLIENT_TLS.withProtocols(many), SERVER_TLS.withProtocols("h2")).client()
                .protocol());
    }

    // ---- sessions ----

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void secondConnectionResumesTheSession(TlsVersion version) {
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate())).withVersions(version);
        ServerTls server = ServerTls.of(SERVER);

        var first = TlsFixture.agreed("localhost", client, server);
        var second = TlsFixture.agreed("localhost", client.withProtocols("h2"), server);

        assertFalse(first.client().resumed());
        assertFalse(first.server().resumed());
        assertTrue(second.client().resumed());
        assertTrue(second.server().resumed());
        assertEquals(first.client().peerCertificates(), second.client().peerCertificates());
    }

    @Test
    void noSessionIsResumedUnderAnotherTrustOrForAnotherHost() {
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate()));
        ServerTls server = ServerTls.of(SERVER);
        TlsFixture.agreed("localhost", client.insecure(), server);

        assertFalse(TlsFixture.agreed("localhost", client, server).client().resumed());
        assertFalse(TlsFixture.agreed("a.example", client, server).client().resumed());
    }

    @Test
    void ticketCountsEvenIfNobodyReadsAfterIt() {
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate()));
        ServerTls server = ServerTls.of(SERVER);
        Heddle.run(() -> {
            for (boolean again : new boolean[]{false, true}) {
                try (var pair = TlsFixture.secure(MemoryStreams.pair(), client, server)) {
                    assertEquals(again, Tls.session(pair.left()).orElseThrow().resumed());
                }
                TlsFixture.awaitTick();
            }
        });
    }

    @Test
    void streamWithoutTlsHasNoSession() {
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                assertEquals(Optional.empty(), Tls.session(pair.left()));
            }
        });
    }
}
