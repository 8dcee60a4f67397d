package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuicTest {

    private static byte[] echoed(QuicConnection connection, byte[] sent) {
        try (ByteStream stream = connection.open()) {
            Task<Void> writer = Heddle.spawn(() -> {
                stream.write(sent);
                stream.closeOutput();
            });
            byte[] back = stream.readAll(sent.length + 1);
            writer.join();
            return back;
        }
    }

    private static void serveEcho(QuicConnection connection) {
        connection.serve(stream -> {
            byte[] piece = new byte[16 * 1024];
            for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                stream.write(piece, 0, count);
            }
        });
    }

    private static void withEcho(QuicOptions options, EchoBody body) {
        Heddle.run(() -> {
            QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, options);
            Task<Void> server = Heddle.spawn(() -> listener.serve(QuicTest::serveEcho));
            try (QuicConnection client = Quic.connect("localhost", listener.port(), QuicEnds.AUTHORITY.trust(),
                    options)) {
                body.run(client);
            }
            listener.close();
            server.join();
        });
    }

    private static final byte[] IDLE = {1, 2, 3};

    /** What the client reads of what the server begins to say. */
    private static byte[] sentWhenIdle(QuicConnection client, QuicConnection server) {
        ByteStream said = server.open();
        said.write(IDLE);
        said.closeOutput();
        return client.accept().readAll(100);
    }

    private interface EchoBody {
        void run(QuicConnection client) throws Exception;
    }

    @Test
    void whyNotIsToldOutsideOfTasksAndToACancelledOne() {
        assertEquals(Optional.empty(), Quic.whyNot());
        Heddle.run(() -> {
            Task<Optional<String>> cancelled = Heddle.spawn(() -> {
                Heddle.currentTask().cancel("a test");
                return Quic.whyNot();
            });
            assertEquals(Optional.empty(), cancelled.join());
        });
    }

    /** As of a machine with several, or with one that moves between machines; with any source a client hears nothing. */
    @Test
    void listenerOnAllAddressesAnswersFromTheOneThatWasAsked() {
        assumeTrue(Heddle.run(() -> Heddle.currentLoop().engine() instanceof DescriptorEngine),
                "elsewhere the system chooses");
        TlsIdentity identity = QuicEnds.AUTHORITY.issue(Duration.ofDays(1), "127.0.0.1", "127.0.0.2");
        for (String all : List.of("0.0.0.0", "::")) {
            for (int handshakes : new int[]{64, 0}) { // with 0 it asks to come back first
                Heddle.run(() -> {
                    QuicListener listener = Quic.listen(all, 0, identity,
                            QuicEnds.OPTIONS.withMaxHandshakes(handshakes));
                    Task<Void> server = Heddle.spawn(() -> listener.serve(QuicTest::serveEcho));
                    for (String asked : List.of("127.0.0.2", "127.0.0.1", "127.0.0.2")) {
                        try (QuicConnection client = Quic.connect(
                                asked, listener.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS)) {
                            byte[] sent = new byte[300_000];
                            assertArrayEquals(sent, echoed(client, sent));
                        }
                    }
                    listener.close();
                    server.join();
                });
            }
        }
    }

    /** Who has seen a connection's id could send its answers astray. */
    @Test
    void datagramThatCannotBeOpenedMovesNoAnswersToWhereItWent() {
        assumeTrue(Heddle.run(() -> Heddle.currentLoop().engine() instanceof DescriptorEngine),
                "elsewhere the system chooses");
        Heddle.run(() -> {
            InetAddress asked = InetAddress.ofLiteral("127.0.0.2");
            try (QuicListener listener = Quic.listen("0.0.0.0", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS);
                    var router = new Router("127.0.0.1", new InetSocketAddress(asked, listener.port()));
                    UdpSocket stranger = Udp.bind("127.0.0.1", 0)) {
                byte[][] seen = new byte[1][];
                router.sendBy(packet -> {
                    seen[0] = packet;
                    return listener.port();
                });
                Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
                try (QuicConnection client = Quic.connect(
                        "localhost", router.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS);
                        QuicConnection server = accepted.join()) {
                    assertArrayEquals(IDLE, sentWhenIdle(client, server));
                    Heddle.sleep(Duration.ofMillis(100)); // all is acknowledged
                    byte[] forged = seen[0].clone();
                    forged[forged.length - 1] ^= 1;
                    stranger.send(forged, new InetSocketAddress("127.0.0.1", listener.port()));
                    Heddle.sleep(Duration.ofMillis(20)); // it has come
                    assertArrayEquals(IDLE, sentWhenIdle(client, server));
                }
                assertEquals(Set.of(asked), router.answeredFrom());
            }
        });
    }

    @Test
    void bytesGoThereAndBack() {
        byte[] sent = new byte[3_000_000];
        new Random(7).nextBytes(sent);
        withEcho(QuicEnds.OPTIONS, client -> {
            assertEquals("test", client.protocol());
            assertArrayEquals(sent, echoed(client, sent));
        });
    }

    /** What a stream had written last was the memory that the next connection began in. */
    @Test
    void connectionBehindFewBytesOfAnotherIsTaken() {
        Heddle.run(() -> {
            try (var ends = new QuicEnds()) {
                ends.open();
                Task<QuicConnection> accepted = Heddle.spawn(ends.listener()::accept);
                try (QuicConnection next = Quic.connect(
                        "localhost", ends.listener().port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS)) {
                    assertTrue(next.isOpen());
                    accepted.join().close();
                }
            }
        });
    }

    /** The library forgets a stream when its bytes have arrived and it has an end, be that on its way or not. */
    @Test
    void endArrivesThatIsWrittenAsTheAcknowledgementComes() {
        Heddle.run(() -> Heddle.forEach(IntStream.range(0, 16).boxed().toList(), 16, connection -> {
            try (var ends = new QuicEnds()) {
                for (int steps = 0; steps < 30; steps++) {
                    endBehindBytes(ends, steps);
                }
            }
        }));
    }

    private static void endBehindBytes(QuicEnds ends, int steps) {
        try (ByteStream client = ends.client().open()) {
            client.closeOutput();
            try (ByteStream server = ends.server().accept()) {
                assertEquals(0, server.readAll(1).length);
                server.write("hello");
                for (int i = 0; i < steps; i++) {
                    Heddle.checkpoint();
                }
                server.closeOutput();
                assertEquals(5, Heddle.timeout(Duration.ofSeconds(10), () -> client.readAll(10)).length);
            }
        }
    }

    /** As where a router forgets a client, and gives it another port (RFC 9000, section 9). */
    @Test
    void clientWhoseAddressChangesGoesOn() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS);
                    Router router = new Router(listener.port())) {
                Task<Void> server = Heddle.spawn(() -> listener.serve(connection -> connection.serve(
                        stream -> stream.write(stream.readAll(10_000_000)))));
                try (QuicConnection client = Quic.connect(
                        "localhost", router.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS)) {
                    for (int round = 1; round <= 7; round++) {
                        assertEquals(100_000, echoed(client, new byte[100_000]).length);
                        router.changePort();
                        assertEquals(round, echoed(client, new byte[round]).length);
                    }
                    assertEquals(1, listener.statistics().established());
                }
                server.cancel("all is said");
            }
        });
    }

    @Test
    void moreStreamsThanThePeerAllowsTakeTurns() {
        withEcho(QuicEnds.OPTIONS.withMaxStreams(3), client -> {
            List<Integer> lengths = Heddle.map(Collections.nCopies(100, 500), 50,
                    length -> echoed(client, new byte[length]).length);
            assertEquals(Collections.nCopies(100, 500), lengths);
        });
    }

    @Test
    void streamThatNobodyReadsHoldsUpNoOther() {
        withEcho(QuicEnds.OPTIONS, client -> {
            ByteStream silent = client.open();
            Task<Void> writer = Heddle.spawn(() -> silent.write(new byte[10_000_000]));
            assertThrows(DeadlineExceededException.class, () -> Heddle.timeout(Duration.ofMillis(100), writer::join));
            assertEquals(5, echoed(client, new byte[5]).length);
            silent.abort();
            assertThrows(ClosedException.class, writer::join);
        });
    }

    @Test
    void clientsAreAskedToComeBackAndDo() {
        withEcho(QuicEnds.OPTIONS.withMaxHandshakes(0),
                client -> assertEquals(5, echoed(client, new byte[5]).length));
    }

    @Test
    void codeAndReasonOfAnEndAreTold() {
        Heddle.run(() -> {
            try (var ends = new QuicEnds()) {
                ends.server().abort(42, "enough\n");
                Heddle.sleep(Duration.ofMillis(50));
                assertFalse(ends.client().isOpen());
                var told = assertThrows(BrokenException.class, () -> ends.client().open());
                assertTrue(told.getMessage().contains("the peer has ended it with code 42, \"enough?\""),
                        told::getMessage);
                assertThrows(ClosedException.class, () -> ends.client().accept());
            }
        });
    }

    @Test
    void whatWasWrittenArrivesThoughStreamAndConnectionAreClosedAtOnce() {
        byte[] sent = new byte[200_000];
        new Random(8).nextBytes(sent);
        Heddle.run(() -> {
            var ends = new QuicEnds();
            QuicEnds.Streams streams = ends.open();
            streams.client().write(sent);
            streams.client().close();
            ends.client().close();
            assertArrayEquals(sent, streams.server().readAll(sent.length));
            ends.close();
        });
    }

    @Test
    void resetIsNoEnd() {
        Heddle.run(() -> {
            try (var ends = new QuicEnds()) {
                QuicEnds.Streams streams = ends.open();
                streams.client().write("half");
                streams.client().abort();
                var told = assertThrows(BrokenException.class, () -> streams.server().readAll(100));
                assertTrue(told.getMessage().contains("reset"), told::getMessage);
            }
        });
    }

    @Test
    void serverThatIsNotTrustedIsRefused() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS)) {
                var told = assertThrows(TlsException.class,
                        () -> Quic.connect("localhost", listener.port(), TlsTrust.system(), QuicEnds.OPTIONS));
                assertTrue(told.getMessage().contains("unknown_ca"), told::getMessage);
                assertTrue(told.isUntrusted());
            }
        });
    }

    @Test
    void serverOfAnotherNameIsRefused() {
        TlsIdentity other = QuicEnds.AUTHORITY.issue(Duration.ofDays(8), "other.example");
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, other, QuicEnds.OPTIONS)) {
                for (String name : List.of("localhost", "127.0.0.1")) {
                    var told = assertThrows(TlsException.class, () -> Quic.connect(
                            name, listener.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS));
                    assertTrue(told.isUntrusted(), told::getMessage);
                }
            }
        });
    }

    @Test
    void serverIsMetByItsAddress() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS)) {
                Quic.connect("127.0.0.1", listener.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS).close();
            }
        });
    }

    @Test
    @Tag("full")
    void protocolsWithNothingInCommonAreRefused() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS)) {
                var told = assertThrows(TlsException.class, () -> Quic.connect("localhost", listener.port(),
                        QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS.withProtocols("other")));
                assertTrue(told.getMessage().contains("no_application_protocol"), told::getMessage);
            }
        });
    }

    @Test
    void serverThatIsNotThereIsWaitedForNoLongerThanAHandshakeMayTake() {
        Heddle.run(() -> {
            UdpSocket silent = Udp.bind("127.0.0.1", 0);
            QuicOptions hasty = QuicEnds.OPTIONS.withHandshakeTimeout(Duration.ofMillis(100));
            var told = assertThrows(BrokenException.class,
                    () -> Quic.connect("localhost", silent.port(), QuicEnds.AUTHORITY.trust(), hasty));
            assertTrue(told.getMessage().contains("no handshake in 100 ms"), told::getMessage);
            silent.close();
        });
    }

    @Test
    void portWithoutAServerIsToldAtOnce() {
        Heddle.run(() -> {
            UdpSocket gone = Udp.bind("127.0.0.1", 0);
            int port = gone.port();
            gone.close();
            var told = assertThrows(BrokenException.class, () -> Heddle.timeout(Duration.ofSeconds(5),
                    () -> Quic.connect("localhost", port, QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS)));
            assertTrue(told.getMessage().contains("unreachable"), told::getMessage);
        });
    }

    @Test
    void cancelledConnectLeavesNothing() {
        Heddle.run(() -> {
            UdpSocket silent = Udp.bind("127.0.0.1", 0);
            assertThrows(DeadlineExceededException.class, () -> Heddle.timeout(Duration.ofMillis(50),
                    () -> Quic.connect("localhost", silent.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS)));
            silent.close();
        });
    }

    @Test
    void silentPeerIsLostBehindTheIdleTime() {
        Heddle.run(() -> {
            QuicOptions hasty = QuicEnds.OPTIONS.withIdleTimeout(Duration.ofMillis(300));
            try (var ends = new QuicEnds(hasty)) {
                QuicEnds.Streams streams = ends.open();
                var told = assertThrows(BrokenException.class, () -> streams.client().readExactly(1));
                assertTrue(told.getMessage().contains("silent"), told::getMessage);
            }
        });
    }

    @Test
    void datagramsThatAreNoneOfOursAreIgnored() {
        Heddle.run(() -> {
            try (var ends = new QuicEnds(); UdpSocket stranger = Udp.bind("127.0.0.1", 0)) {
                var at = new InetSocketAddress("127.0.0.1", ends.listener().port());
                var random = new Random(9);
                for (int length : new int[]{0, 1, 7, 8, 9, 40, 1_199, 1_200, 1_472, 9_000, 65_507}) {
                    for (int first : new int[]{0x00, 0x40, 0x80, 0xc0, 0xff}) {
                        byte[] bytes = new byte[length];
                        random.nextBytes(bytes);
                        if (length > 0) {
                            bytes[0] = (byte) first;
                        }
                        stranger.send(bytes, at);
                    }
                }
                QuicEnds.Streams streams = ends.open();
                streams.client().write("still here");
                assertEquals("still here", new String(streams.server().readExactly(10)));
            }
        });
    }

    @Test
    void whatOnlyLooksLikeAFirstPacketLeavesNothing() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS);
                    UdpSocket stranger = Udp.bind("127.0.0.1", 0)) {
                var random = new Random(5);
                for (int i = 0; i < 1_000; i++) {
                    byte[] bytes = new byte[1_200];
                    random.nextBytes(bytes);
                    ByteBuffer.wrap(bytes).put((byte) 0xc3).putInt(1).put((byte) 8).putLong(i).put((byte) 0)
                            .put((byte) 0).putShort((short) (0x4000 + 1_182));
                    stranger.send(bytes, new InetSocketAddress("127.0.0.1", listener.port()));
                    if (i % 100 == 0) {
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                }
                Heddle.sleep(Duration.ofMillis(100));
                assertEquals(0, listener.statistics().connections());
                assertEquals(0, listener.statistics().established());
            }
        });
    }

    @Test
    void moreConnectionsThanAllowedGetNoAnswerAndTheirPlaceIsFreeAgain() {
        QuicOptions one = QuicEnds.OPTIONS.withMaxConnections(1).withHandshakeTimeout(Duration.ofMillis(300));
        Heddle.run(() -> {
            var ends = new QuicEnds(one);
            int port = ends.listener().port();
            var told = assertThrows(BrokenException.class,
                    () -> Quic.connect("localhost", port, QuicEnds.AUTHORITY.trust(), one));
            assertTrue(told.getMessage().contains("no handshake"), told::getMessage);
            assertEquals(1, ends.listener().statistics().connections());
            assertTrue(ends.listener().statistics().refused() > 0);
            ends.client().abort(0, "");
            QuicConnection next = Heddle.timeout(Duration.ofSeconds(20), () -> {
                while (true) {
                    try {
                        return Quic.connect("localhost", port, QuicEnds.AUTHORITY.trust(), one);
                    } catch (BrokenException e) {
                        // Its place is not free yet.
                    }
                }
            });
            next.close();
            ends.close();
        });
    }

    @Test
    void cancelledWaitsTakeAndOpenNothing() {
        Heddle.run(() -> {
            try (var ends = new QuicEnds(QuicEnds.OPTIONS.withMaxStreams(1))) {
                assertThrows(DeadlineExceededException.class,
                        () -> Heddle.timeout(Duration.ofMillis(20), () -> ends.server().accept()));
                QuicEnds.Streams first = ends.open();
                assertThrows(DeadlineExceededException.class,
                        () -> Heddle.timeout(Duration.ofMillis(20), () -> ends.client().open()));
                first.client().close();
                first.server().close();
                QuicEnds.Streams second = Heddle.timeout(Duration.ofSeconds(10), ends::open);
                second.client().write("x");
                assertEquals(1, second.server().readExactly(1).length);
            }
        });
    }

    /** What a reader does not want takes nothing from what the connection may carry, however often. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void streamsThatAreGivenUpLeaveRoomForTheNext(boolean byTheirWriter) {
        Heddle.run(() -> {
            try (var ends = new QuicEnds()) {
                for (int i = 0; i < 30; i++) {
                    QuicEnds.Streams given = ends.open();
                    Task<Void> writing = Heddle.spawn(() -> given.server().write(new byte[1_000_000]));
                    given.client().readExactly(1);
                    Heddle.sleep(Duration.ofMillis(5));
                    if (byTheirWriter) {
                        given.server().abort();
                    }
                    given.client().close();
                    assertTrue(writing.awaitOutcome() instanceof Outcome.Failure);
                    given.server().close();
                }
                QuicEnds.Streams last = ends.open();
                Heddle.spawn(() -> last.server().write(new byte[1_000_000]));
                Heddle.timeout(Duration.ofSeconds(10), () -> last.client().readExactly(1_000_000));
            }
        });
    }

    @Test
    void secondTaskThatAcceptsIsRefusedAndTheFirstGoesOn() {
        Heddle.run(() -> {
            QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS);
            Task<QuicConnection> first = Heddle.spawn(listener::accept);
            Heddle.checkpoint();
            assertThrows(BusyException.class, listener::accept);
            QuicConnection client = Quic.connect("localhost", listener.port(), QuicEnds.AUTHORITY.trust(),
                    QuicEnds.OPTIONS);
            first.join().close();
            client.close();
            listener.close();
        });
    }

    @Test
    void handlerThatFailsIsToldAndResetsItsStream() {
        List<String> told = new ArrayList<>();
        Heddle.run(Config.DEFAULT.withFailureHandler((what, failure) -> told.add(what + ": " + failure.getMessage())),
                () -> {
                    QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS);
                    Task<Void> server = Heddle.spawn(() -> listener.serve(connection -> {
                        throw new IllegalStateException("a bug");
                    }));
                    try (QuicConnection client = Quic.connect(
                            "localhost", listener.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS)) {
                        assertThrows(ClosedException.class, client::accept);
                    }
                    listener.close();
                    server.join();
                });
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.getFirst().endsWith("a bug"), told::toString);
    }

    /** RFC 9000, section 6: a packet of an unknown version is answered by those that are known. */
    @Test
    void unknownVersionIsAnsweredByTheKnownOne() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS);
                    UdpSocket stranger = Udp.bind("127.0.0.1", 0)) {
                ByteBuffer first = ByteBuffer.allocate(1_200)
                        .put((byte) 0xc0).putInt(0x1a2a3a4a)
                        .put((byte) 8).putLong(1)
                        .put((byte) 4).putInt(2)
                        .clear();
                stranger.send(first, new InetSocketAddress("127.0.0.1", listener.port()));
                ByteBuffer answer = stranger.receive().payload();
                assertTrue((answer.get() & 0x80) != 0);
                assertEquals(0, answer.getInt());
                assertEquals(4, answer.get());
                assertEquals(2, answer.getInt());
                assertEquals(8, answer.get());
                assertEquals(1, answer.getLong());
                boolean known = false;
                while (answer.hasRemaining()) {
                    known |= answer.getInt() == 1;
                }
                assertTrue(known);
            }
        });
    }

    @Test
    void optionsSayWhatTheyRefuse() {
        assertThrows(IllegalArgumentException.class, () -> QuicOptions.DEFAULT.withProtocols());
        assertThrows(IllegalArgumentException.class, () -> QuicOptions.DEFAULT.withProtocols("é"));
        assertThrows(IllegalArgumentException.class, () -> QuicOptions.DEFAULT.withMaxStreams(0));
        var told = assertThrows(IllegalArgumentException.class,
                () -> Heddle.run(() -> Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicOptions.DEFAULT)));
        assertTrue(told.getMessage().contains("withProtocols"), told::getMessage);
    }
}
