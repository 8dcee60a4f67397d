package dev.heddle.quic.internal;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.quic.QuicListenerStatistics;
import dev.heddle.quic.Router;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A port of two loops. Each has a port number of its own here, so that a test says whose socket a datagram comes to. */
@Timeout(60)
final class PortShareTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 7);
    private static final InetAddress ASKED = InetAddress.ofLiteral("192.0.2.2");

    private static ConnectionTerms terms(int maxHandshakes) {
        return new ConnectionTerms(List.of("h3"), Duration.ofSeconds(5), Duration.ofSeconds(2), 100, 16, 256 * 1024,
                1024 * 1024, 0, 100, maxHandshakes, ApplicationCodes.NONE, null);
    }

    /** One loop's end of the port: it answers each stream with what came, and counts connections. */
    private static final class End {

        private final Loop loop;
        private final Endpoint endpoint;
        private int accepted;

        End(PortShare share, int maxHandshakes) {
            loop = Heddle.currentLoop();
            UdpSocket free = Udp.bind("127.0.0.1", 0);
            int port = free.port();
            free.close();
            endpoint = Endpoint.listen("127.0.0.1", port, terms(maxHandshakes), IDENTITY.pem(), share);
            loop.spawn(() -> {
                while (true) {
                    Conversation next = endpoint.accept();
                    accepted++;
                    Heddle.spawn(() -> echo(next));
                }
            });
        }

        private static void echo(Conversation conversation) {
            try {
                while (true) {
                    QuicStream stream = conversation.streams().accept();
                    String came = RawClient.readAll(stream);
                    stream.tryWrite(ByteBuffer.wrap(came.getBytes(StandardCharsets.ISO_8859_1)));
                    stream.shutdownOutput();
                }
            } catch (BrokenException e) {
                // Its client has gone.
            }
        }

        int port() {
            return endpoint.localAddress().getPort();
        }

        QuicListenerStatistics statistics() {
            return loop.spawn(endpoint::statistics).join();
        }

        int accepted() {
            return loop.spawn(() -> accepted).join();
        }
    }

    private interface Body {
        void run(End here, End there, Router router) throws Exception;
    }

    /** Runs a body with the ends of two loops, and a router that sends to the first. */
    private static void withEnds(List<PortShare> shares, int maxHandshakes, Body body) {
        run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = Heddle.currentLoop().siblings().get(1);
            var here = new End(shares.getFirst(), maxHandshakes);
            Task<End> opening = other.spawn(() -> new End(shares.getLast(), maxHandshakes));
            End there = opening.join();
            try (var router = new Router(here.port())) {
                body.run(here, there, router);
            } finally {
                here.endpoint.abort();
                other.spawn(there.endpoint::abort).join();
            }
        });
    }

    private static void assertAnswers(RawClient client) {
        assertEquals("AB", RawClient.readAll(client.send("4142", true)));
    }

    private static void goOnAtTheOtherSocket(List<PortShare> shares) {
        withEnds(shares, 64, (here, there, router) -> {
            try (RawClient client = new RawClient(router.port(), AUTHORITY.trust())) {
                assertAnswers(client);
                router.changePort();
                router.sendTo(there.port());
                for (int i = 0; i < 20; i++) {
                    Heddle.timeout(Duration.ofSeconds(4), () -> assertAnswers(client));
                }
                assertEquals(1, here.accepted());
                assertEquals(0, there.accepted());
                assertTrue(there.statistics().forwarded() > 20);
                assertEquals(0, there.statistics().connections());
            }
        });
    }

    @Test
    void clientWhosePacketsComeToAnotherLoopGoesOn() {
        goOnAtTheOtherSocket(PortShare.of(2));
    }

    /** The fault that the test above is to find: ids in which the other loop reads no number. */
    @Test
    @Tag("full")
    void withoutTheNumberItWouldNotGoOn() {
        List<PortShare> strangers = List.of(PortShare.of(2).getFirst(), PortShare.of(2).getLast());
        assertThrows(DeadlineExceededException.class, () -> goOnAtTheOtherSocket(strangers));
    }

    /** Then the client's first datagrams begin two connections, of which one ends by its time. */
    @Test
    @Tag("full")
    void clientWhoseAddressChangesInTheHandshakeGetsOneConnection() {
        withEnds(PortShare.of(2), 64, (here, there, router) -> {
            router.loseAnswers(true);
            Task<RawClient> connecting = Heddle.spawn(() -> new RawClient(router.port(), AUTHORITY.trust()));
            while (here.statistics().connections() == 0) {
                Heddle.sleep(Duration.ofMillis(1));
            }
            router.changePort();
            router.sendTo(there.port());
            router.loseAnswers(false);
            try (RawClient client = connecting.join()) {
                assertAnswers(client);
                assertEquals(0, here.accepted());
                assertEquals(1, there.accepted());
                Heddle.timeout(Duration.ofSeconds(10), () -> {
                    while (here.statistics().connections() > 0) {
                        Heddle.sleep(Duration.ofMillis(10));
                    }
                });
                assertAnswers(client);
                assertEquals(0, here.statistics().established());
            }
        });
    }

    /** It comes back with the token and the id that the first loop gave it; that one takes it. */
    @Test
    void clientThatWasAskedToComeBackMayDoSoAtAnotherSocket() {
        withEnds(PortShare.of(2), 0, (here, there, router) -> {
            router.sendBy(packet -> hasToken(packet) ? there.port() : here.port());
            try (RawClient client = new RawClient(router.port(), AUTHORITY.trust())) {
                assertAnswers(client);
                assertEquals(1, here.accepted());
                assertEquals(0, there.statistics().retried());
                assertTrue(there.statistics().forwarded() > 0);
            }
        });
    }

    private static boolean hasToken(byte[] packet) {
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        PacketHeader header = PacketHeader.isLong(bytes) ? PacketHeader.read(bytes) : null;
        return header != null && header.token().length > 0;
    }

    @Test
    void tokenIsGoodOnEachLoop() {
        List<PortShare> shares = PortShare.of(3);
        byte[] original = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] token = shares.get(0).tokens().make(1, PEER, original, 42);
        for (PortShare share : shares) {
            assertArrayEquals(original,
                    share.tokens().original(2, PEER, token, 42));
        }
    }

    @Test
    void eachLoopKnowsWhatIsItsOwnAndNothingIsToBeSeenOfItInIds() {
        List<PortShare> shares = PortShare.of(64);
        Set<Long> numbers = new HashSet<>();
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            long id = shares.get(5).newId();
            numbers.add(id >>> 48);
            ids.add(id);
            assertFalse(shares.get(5).forward(id, ByteBuffer.allocate(9), PEER, null));
            assertTrue(shares.get(6).forward(id, ByteBuffer.allocate(9), PEER, null));
        }
        assertEquals(1_000, ids.size());
        assertTrue(numbers.size() > 900, () -> "only " + numbers.size() + " of 65,536");
        assertEquals(1_000, shares.get(6).dropped()); // nobody takes them yet
    }

    @Test
    void idsOfAnotherPortAreNobodys() {
        List<PortShare> shares = PortShare.of(2);
        PortShare stranger = PortShare.of(2).getFirst();
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += shares.getFirst().forward(stranger.newId(), ByteBuffer.allocate(9), PEER, null) ? 1 : 0;
        }
        assertTrue(taken <= 5, "one in 65,536, and it were " + taken);
    }

    @Test
    void overTheBoundDatagramsAreDroppedAndCountedAndThoseBelowComeInOrder() {
        run(() -> {
            List<PortShare> shares = PortShare.of(2);
            PortShare from = shares.getFirst();
            PortShare to = shares.getLast();
            List<Integer> came = new ArrayList<>();
            to.begin(Heddle.currentLoop(), (datagram, sender, asked) -> {
                assertEquals(PEER, sender);
                assertEquals(ASKED, asked);
                came.add(datagram.getInt());
            });
            long id = to.newId();
            for (int i = 0; i < PortShare.MAX_FORWARDED + 100; i++) {
                assertTrue(from.forward(id, ByteBuffer.allocate(100).putInt(0, i), PEER, ASKED));
            }
            assertTrue(from.forward(id, ByteBuffer.allocate(QuicheConfig.MAX_DATAGRAM_BYTES + 1), PEER, ASKED));
            assertEquals(PortShare.MAX_FORWARDED, from.forwarded());
            assertEquals(101, from.dropped());
            while (came.size() < PortShare.MAX_FORWARDED) {
                Heddle.checkpoint();
            }
            List<Integer> sorted = new ArrayList<>(came);
            Collections.sort(sorted);
            assertEquals(sorted, came);
            assertTrue(from.forward(id, ByteBuffer.allocate(100).putInt(0, -1), PEER, ASKED));
            while (came.size() == PortShare.MAX_FORWARDED) {
                Heddle.checkpoint();
            }
            assertEquals(-1, came.getLast());
            to.end();
            assertTrue(from.forward(id, ByteBuffer.allocate(100), PEER, ASKED));
            assertEquals(102, from.dropped());
            assertNotEquals(0, from.forwarded());
        });
    }
}
