package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of TLS that a later connection resumes. */
final class QuicResumptionTest {

    private static final TlsTrust TRUST = QuicEnds.AUTHORITY.trust();
    private static final TlsIdentity SERVER = QuicEnds.AUTHORITY.issue(Duration.ofDays(8), "server");

    private static final LinkOptions BAD = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(20))
            .withJitter(Duration.ofMillis(20))
            .withLoss(0.05)
            .withReorder(0.05)
            .withDuplicate(0.02);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    private static void serveEcho(QuicListener listener) {
        listener.serve(connection -> connection.serve(stream -> stream.write(stream.readAll(100_000))));
    }

    private static void exchange(QuicConnection connection) {
        try (ByteStream stream = connection.open()) {
            stream.write("hello");
            stream.closeOutput();
            assertEquals("hello", new String(stream.readAll(100)));
        }
    }

    /** @return whether a session was resumed in a connection that has done its work */
    private static boolean visit(String host, int port, TlsTrust trust, QuicOptions options) {
        try (QuicConnection connection = Quic.connect(host, port, trust, options)) {
            exchange(connection);
            exchange(connection); // so that the session has come, be it late
            return connection.isResumed();
        }
    }

    private interface Body {
        void run(QuicListener listener, QuicOptions options) throws Exception;
    }

    private static void withServer(Body body) {
        Heddle.run(() -> serve(0, QuicEnds.IDENTITY, QuicEnds.OPTIONS,
                QuicEnds.OPTIONS.withSessions(QuicSessions.create()), body));
    }

    private static int serve(int port, TlsIdentity identity, QuicOptions granted, QuicOptions options, Body body)
            throws Exception {
        QuicListener listener = Quic.listen("127.0.0.1", port, identity, granted);
        Task<Void> server = Heddle.spawn(() -> serveEcho(listener));
        try {
            body.run(listener, options);
        } finally {
            listener.close();
            server.join();
            while (listener.statistics().connections() > 0) {
                Heddle.sleep(Duration.ofMillis(1)); // its port is free behind the last one
            }
        }
        return listener.port();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void nextConnectionResumesTheSessionOfTheLast(String host) {
        withServer((listener, options) -> {
            List<Boolean> resumed = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                resumed.add(visit(host, listener.port(), TRUST, options));
            }
            assertEquals(List.of(false, true, true, true), resumed);
            assertEquals(4, listener.statistics().established());
            assertEquals(3, listener.statistics().resumed());
        });
    }

    @Test
    void otherOptionsKeepTheSessions() {
        QuicSessions sessions = QuicSessions.create();
        QuicOptions options = QuicEnds.OPTIONS.withSessions(sessions).withMaxStreams(3).withProtocols("other");
        assertEquals(Optional.of(sessions), options.sessions());
        assertEquals(Optional.empty(), QuicEnds.OPTIONS.sessions());
    }

    @Test
    void bothEndsTellOfIt() {
        Heddle.run(() -> {
            QuicOptions options = QuicEnds.OPTIONS.withSessions(QuicSessions.create());
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, options)) {
                for (boolean resumed : List.of(false, true)) {
                    Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
                    try (QuicConnection client = Quic.connect("localhost", listener.port(), TRUST, options);
                            QuicConnection server = accepted.join()) {
                        Task<Void> echo = Heddle.spawn(() -> server.serve(s -> s.write(s.readAll(100))));
                        exchange(client);
                        assertEquals(resumed, client.isResumed());
                        assertEquals(resumed, server.isResumed());
                        client.abort(0, "");
                        echo.join();
                    }
                }
            }
        });
    }

    @Test
    void sessionIsResumedAlsoWhereTheClientIsAskedToComeBack() {
        Heddle.run(() -> serve(0, QuicEnds.IDENTITY, QuicEnds.OPTIONS.withMaxHandshakes(0),
                QuicEnds.OPTIONS.withSessions(QuicSessions.create()), (listener, options) -> {
                    assertFalse(visit("localhost", listener.port(), TRUST, options));
                    assertTrue(visit("localhost", listener.port(), TRUST, options));
                    assertEquals(2, listener.statistics().retried());
                }));
    }

    @Test
    void ofTwoConnectionsAtOnceOneResumes() {
        withServer((listener, options) -> {
            visit("localhost", listener.port(), TRUST, options);
            List<Boolean> resumed = Heddle.map(Collections.nCopies(2, listener.port()), 2,
                    port -> visit("localhost", port, TRUST, options));
            assertEquals(1, Collections.frequency(resumed, true), resumed::toString);
        });
    }

    @Test
    @Tag("full")
    void withoutSessionsAndWithAnotherTrustNothingIsResumed() {
        TlsTrust equal = TlsTrust.pem(TRUST.pem());
        TlsTrust other = TlsAuthority.create("others", Duration.ofDays(9)).trust();
        withServer((listener, options) -> {
            assertFalse(visit("localhost", listener.port(), TRUST, QuicEnds.OPTIONS));
            assertFalse(visit("localhost", listener.port(), TRUST, options));
            assertFalse(visit("localhost", listener.port(), TRUST, QuicEnds.OPTIONS));
            assertFalse(visit("localhost", listener.port(), equal, options));
            assertThrows(TlsException.class, () -> visit("localhost", listener.port(), other, options));
            assertTrue(visit("localhost", listener.port(), TRUST, options));
        });
    }

    /** It has other keys for its sessions; another certificate too; and takes fewer streams than the one before. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverThatHasBegunAnewGetsAWholeHandshake(boolean sameIdentity) {
        TlsIdentity next = sameIdentity
                ? QuicEnds.IDENTITY
                : QuicEnds.AUTHORITY.issue(Duration.ofDays(8), "localhost");
        Heddle.run(() -> {
            QuicOptions own = QuicEnds.OPTIONS.withSessions(QuicSessions.create());
            int port = serve(0, QuicEnds.IDENTITY, QuicEnds.OPTIONS, own, (listener, options) -> {
                assertFalse(visit("localhost", listener.port(), TRUST, options));
                assertTrue(visit("localhost", listener.port(), TRUST, options));
            });
            serve(port, next, QuicEnds.OPTIONS.withMaxStreams(1), own, (listener, options) -> {
                try (QuicConnection connection = Quic.connect("localhost", port, TRUST, options)) {
                    assertFalse(connection.isResumed());
                    Heddle.forEach(List.of(1, 2, 3), 3, i -> exchange(connection));
                }
                assertTrue(visit("localhost", port, TRUST, options));
            });
        });
    }

    @Test
    @Tag("full")
    void serverWhoseCertificateIsNotTrustedAnyMoreIsRefused() {
        TlsIdentity stranger = TlsAuthority.create("others", Duration.ofDays(9)).issue(Duration.ofDays(8), "localhost");
        Heddle.run(() -> {
            QuicOptions own = QuicEnds.OPTIONS.withSessions(QuicSessions.create());
            int port = serve(0, QuicEnds.IDENTITY, QuicEnds.OPTIONS, own,
                    (listener, options) -> visit("localhost", listener.port(), TRUST, options));
            serve(port, stranger, QuicEnds.OPTIONS, own, (listener, options) -> assertThrows(TlsException.class,
                    () -> visit("localhost", port, TRUST, options)));
        });
    }

    @Test
    void cancelledConnectTakesItsSessionAlongAndNothingElse() {
        Heddle.run(() -> {
            QuicOptions own = QuicEnds.OPTIONS.withSessions(QuicSessions.create());
            int port = serve(0, QuicEnds.IDENTITY, QuicEnds.OPTIONS, own,
                    (listener, options) -> visit("localhost", listener.port(), TRUST, options));
            try (UdpSocket _ = Udp.bind("127.0.0.1", port)) {
                assertThrows(DeadlineExceededException.class, () -> Heddle.timeout(Duration.ofMillis(50),
                        () -> Quic.connect("localhost", port, TRUST, own)));
            }
            serve(port, QuicEnds.IDENTITY, QuicEnds.OPTIONS, own, (listener, options) -> {
                assertFalse(visit("localhost", port, TRUST, options));
                assertTrue(visit("localhost", port, TRUST, options));
            });
        });
    }

    /** Six connections in a row, each cut off or whole, over a network that loses, doubles and reorders. */
    private static int resumptions(long seed) {
        int[] resumed = {0};
        Sim.run(SimOptions.DEFAULT.withSeed(seed).withLink(BAD), sim -> {
            SimNetwork network = sim.network();
            QuicListener listener = network.host("server")
                    .run(() -> Quic.listen("0.0.0.0", 443, SERVER, QuicEnds.OPTIONS));
            Task<Void> server = network.host("server").spawn(() -> serveEcho(listener));
            QuicOptions options = QuicEnds.OPTIONS.withSessions(QuicSessions.create());
            for (int i = 0; i < 6; i++) {
                Duration patience = Duration.ofMillis(i % 3 == 1 ? 40 + 10 * (seed % 7) : 60_000);
                try {
                    boolean was = network.host("client").run(
                            () -> Heddle.timeout(patience, () -> visit("server", 443, TRUST, options)));
                    resumed[0] += was ? 1 : 0;
                } catch (DeadlineExceededException e) {
                    assertEquals(1, i % 3);
                }
            }
            assertTrue(resumed[0] <= listener.statistics().resumed());
            listener.close();
            server.join();
        });
        return resumed[0];
    }

    private static void overBadNetworks(int seeds) {
        int resumed = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            resumed += resumptions(seed);
        }
        assertTrue(resumed >= seeds, "only " + resumed + " were resumed");
    }

    @Test
    void sessionsOverBadNetworksAreResumedOrNot() {
        overBadNetworks(10);
    }

    @Test
    @Tag("full")
    void sessionsOverManyBadNetworksAreResumedOrNot() {
        overBadNetworks(Integer.getInteger("heddle.quic.seeds", 100));
    }

    /** The certificate is checked again every two hours, however often the session was renewed. */
    @Test
    void sessionsEndTwoHoursBehindTheHandshakeThatBeganThem() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.DEFAULT.withJitter(Duration.ZERO)), sim -> {
            SimNetwork network = sim.network();
            QuicListener listener = network.host("server")
                    .run(() -> Quic.listen("0.0.0.0", 443, SERVER, QuicEnds.OPTIONS));
            Task<Void> server = network.host("server").spawn(() -> serveEcho(listener));
            QuicOptions options = QuicEnds.OPTIONS.withSessions(QuicSessions.create());
            List<Boolean> resumed = new ArrayList<>();
            network.host("client").run(() -> {
                for (int i = 0; i < 5; i++) {
                    resumed.add(visit("server", 443, TRUST, options));
                    Heddle.sleep(Duration.ofMinutes(50));
                }
                return null;
            });
            assertEquals(List.of(false, true, true, false, true), resumed);
            listener.close();
            server.join();
        });
    }
}
