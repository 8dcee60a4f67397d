package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.net.Datagram;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.UdpStatistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The contract of every engine's {@link dev.heddle.engine.Datagrams} under a {@link UdpSocket}. An engine over a real
 * system inherits {@link UdpContract}, another one this class, and says how to run a loop.
 */
@TestLimit
public abstract class DatagramContract {

    private static final String LOOPBACK = "127.0.0.1";
    private static final InetAddress GROUP = InetAddress.ofLiteral("239.255.77.1");
    private static final int MAX_IPV4 = 65_507;

    /** Longer than any datagram takes here, so that its end means that none comes. */
    private static final Duration FAR = Duration.ofSeconds(30);

    /** Enough for a datagram on the way, for tests that none comes. */
    private static final Duration SOON = Duration.ofMillis(50);

    /** For subclasses. */
    protected DatagramContract() {}

    /** Runs a body as the main task of a fresh loop whose network loses nothing. */
    protected abstract void run(Action body) throws Exception;

    private static UdpSocket bind() {
        return Udp.bind(LOOPBACK, 0);
    }

    private static UdpSocket bind(DatagramOptions options) {
        return Udp.bind(LOOPBACK, 0, options);
    }

    private static Datagrams raw() throws IOException {
        var local = new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), 0);
        return DatagramEngine.of(Heddle.currentLoop().engine()).datagrams(local, DatagramOptions.DEFAULT);
    }

    /** A test over two sockets. */
    private interface PairBody {
        void run(UdpSocket one, UdpSocket other) throws Exception;
    }

    private void withPair(PairBody body) throws Exception {
        withPair(DatagramOptions.DEFAULT, body);
    }

    /** Runs a test over two sockets, the second with options. */
    private void withPair(DatagramOptions options, PairBody body) throws Exception {
        run(() -> {
            try (UdpSocket one = bind();
                    UdpSocket other = bind(options)) {
                body.run(one, other);
            }
        });
    }

    private static Datagram receive(UdpSocket socket) {
        return Heddle.timeout(FAR, socket::receive);
    }

    private static void assertNothingComes(UdpSocket socket) {
        Optional<Datagram> came = Heddle.moveOnAfter(SOON, socket::receive);
        assertTrue(came.isEmpty(), came::toString);
    }

    /** A port on which nobody receives. */
    private static InetSocketAddress deadPort() {
        try (UdpSocket socket = bind()) {
            return socket.localAddress();
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    @Test
    void datagramArrivesWholeWithItsSender() throws Exception {
        withPair((one, other) -> {
            ByteBuffer payload = ByteBuffer.wrap(bytes(1_000));
            one.send(payload, other.localAddress());
            Datagram came = receive(other);

            assertFalse(payload.hasRemaining(), "all was taken");
            assertEquals(ByteBuffer.wrap(bytes(1_000)), came.payload());
            assertEquals(one.localAddress(), came.from());
            assertFalse(came.truncated());
        });
    }

    @Test
    void datagramsKeepTheirBounds() throws Exception {
        withPair((one, other) -> {
            one.send("ab", other.localAddress());
            String first = receive(other).text();
            one.send("c", other.localAddress());

            assertEquals("ab", first);
            assertEquals("c", receive(other).text());
        });
    }

    @Test
    void emptyDatagramIsADatagram() throws Exception {
        withPair((one, other) -> {
            one.send(new byte[0], other.localAddress());
            assertEquals(0, receive(other).payload().remaining());
        });
    }

    @Test
    void largestDatagramArrives() throws Exception {
        withPair((one, other) -> {
            one.send(bytes(MAX_IPV4), other.localAddress());
            Datagram came = receive(other);

            assertFalse(came.truncated());
            assertEquals(ByteBuffer.wrap(bytes(MAX_IPV4)), came.payload());
        });
    }

    @Test
    void oneThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        withPair((one, other) -> {
            var refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> one.send(new byte[MAX_IPV4 + 1], other.localAddress()));
            assertTrue(refused.toString().contains("65508 bytes, the most is 65507"), refused::toString);
            one.send("fits", other.localAddress());
            assertEquals("fits", receive(other).text());
        });
    }

    @Test
    void oneThatIsLongerThanAllowedIsCutAndSaysSo() throws Exception {
        withPair(DatagramOptions.DEFAULT.withMaxBytes(4), (one, other) -> {
            one.send("1234", other.localAddress());
            Datagram fits = receive(other);
            one.send("12345", other.localAddress());
            Datagram cut = receive(other);

            assertEquals("1234", fits.text());
            assertFalse(fits.truncated());
            assertEquals("1234", cut.text());
            assertTrue(cut.truncated());
            assertStatistics(0, 2, 1, other);
        });
    }

    @Test
    void lookFindsWhatIsThereAndNeverWaits() throws Exception {
        withPair((one, other) -> {
            assertTrue(other.tryReceive().isEmpty());
            one.send("a", other.localAddress());
            Optional<Datagram> came = other.tryReceive();
            while (came.isEmpty()) {
                Heddle.sleep(Duration.ofMillis(1));
                came = other.tryReceive();
            }
            assertEquals("a", came.get().text());
        });
    }

    @Test
    void receiverWaitsForWhatComesLater() throws Exception {
        withPair((one, other) -> {
            Task<String> receiver = Heddle.spawn(() -> receive(other).text());
            Fixtures.letOthersRun();
            assertFalse(receiver.isDone());
            one.send("late", other.localAddress());
            assertEquals("late", receiver.join());
        });
    }

    @Test
    void connectedSocketHearsItsPeerOnly() throws Exception {
        run(() -> {
            try (UdpSocket peer = bind();
                    UdpSocket stranger = bind();
                    UdpSocket connected = Udp.connect(LOOPBACK, peer.port())) {
                assertEquals(peer.localAddress(), connected.remoteAddress().orElseThrow());
                connected.send("hello");
                Datagram hello = receive(peer);
                assertEquals(connected.localAddress(), hello.from());

                stranger.send("from a stranger", connected.localAddress());
                assertNothingComes(connected);
                peer.send("from the peer", hello.from());
                assertEquals("from the peer", receive(connected).text());
            }
        });
    }

    @Test
    void connectedSocketSendsToItsPeerOnly() throws Exception {
        run(() -> {
            try (UdpSocket peer = bind();
                    UdpSocket stranger = bind();
                    UdpSocket connected = Udp.connect(LOOPBACK, peer.port())) {
                connected.send("named", peer.localAddress());
                assertEquals("named", receive(peer).text());
                assertThrows(IllegalStateException.class, () -> connected.send("x", stranger.localAddress()));
                assertThrows(IllegalStateException.class, () -> stranger.send("x"));
            }
        });
    }

    @Test
    void connectedSocketIsToldThatNobodyReceivesAndGoesOn() throws Exception {
        run(() -> {
            InetSocketAddress dead = deadPort();
            try (UdpSocket connected = Udp.connect(LOOPBACK, dead.getPort())) {
                connected.send("anybody there?");
                var failure = assertThrows(BrokenException.class, () -> receive(connected));
                assertTrue(failure.toString().contains("nobody receives at " + LOOPBACK), failure::toString);

                try (UdpSocket late = Udp.bind(LOOPBACK, dead.getPort())) {
                    connected.send("and now?");
                    assertEquals("and now?", receive(late).text());
                    late.send("yes", connected.localAddress());
                    assertEquals("yes", receive(connected).text());
                }
            }
        });
    }

    @Test
    void socketForAnybodyIsNotToldThatNobodyReceives() throws Exception {
        withPair((socket, other) -> {
            socket.send("lost", deadPort());
            assertNothingComes(socket);
            other.send("found", socket.localAddress());
            assertEquals("found", receive(socket).text());
        });
    }

    /** A wait ends while a datagram is there, also one that an earlier wait has told of. */
    @Test
    void waitEndsWhileADatagramIsThere() throws Exception {
        run(() -> {
            try (Datagrams socket = raw()) {
                for (int i = 0; i < 4_000; i++) {
                    // One more than is received at first, so that some are left behind.
                    assertTrue(i > 9 || socket.trySend(ByteBuffer.allocate(1), socket.localAddress()));
                    assertTrue(socket.trySend(ByteBuffer.allocate(1), socket.localAddress()));
                    Heddle.moveOnAfter(Duration.ofNanos(10L * i), socket::awaitReceivable);
                    do {
                        Heddle.timeout(FAR, socket::awaitReceivable);
                    } while (socket.tryReceive(ByteBuffer.allocate(1)) == Datagrams.NOTHING);
                }
            }
        });
    }

    /** Also so many that Linux takes them in no one call; and behind that a long one arrives whole. */
    @Test
    void datagramsSentInOneRunArriveEach() throws Exception {
        run(() -> {
            try (Datagrams sender = raw();
                    UdpSocket receiver = bind()) {
                for (int count : new int[]{3, 150}) {
                    ByteBuffer run = ByteBuffer.wrap(bytes(10 * count + 1));
                    Task<Void> sending = Heddle.spawn(() -> {
                        while (!sender.trySendEach(run, 10, receiver.localAddress())) {
                            sender.awaitSendable();
                        }
                    });
                    Set<ByteBuffer> sent = new HashSet<>();
                    Set<ByteBuffer> came = new HashSet<>();
                    for (int at = 0; at < run.capacity(); at += 10) {
                        sent.add(run.slice(at, Math.min(10, run.capacity() - at)));
                        came.add(receive(receiver).payload());
                    }
                    assertEquals(sent, came);
                    sending.join();
                }
                sender.trySend(ByteBuffer.wrap(bytes(1_000)), receiver.localAddress());
                assertEquals(ByteBuffer.wrap(bytes(1_000)), receive(receiver).payload());
            }
        });
    }

    /** Runs of two senders, one with an empty datagram between: each comes with its bounds and its sender. */
    @Test
    void datagramsReceivedInRunsKeepBoundsAndSenders() throws Exception {
        run(() -> {
            try (Datagrams one = raw();
                    Datagrams other = raw();
                    Datagrams receiver = raw()) {
                Set<List<Object>> sent = new HashSet<>();
                for (int length : new int[]{10, 1_200, 0, 700}) {
                    sendRun(one, receiver, length, sent);
                    sendRun(other, receiver, length + 1, sent);
                }
                Set<List<Object>> came = new HashSet<>();
                ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
                while (came.size() < sent.size()) {
                    receiveRun(receiver, target, came);
                }
                assertEquals(sent, came);
                assertEquals(Datagrams.NOTHING, receiver.tryReceiveEach(target.clear()));
            }
        });
    }

    /** Sends some of a length, of which the last is shorter, where that is above 0, and else one. */
    private static void sendRun(Datagrams from, Datagrams to, int length, Set<List<Object>> sent) {
        byte[] all = bytes(Math.max(0, 6 * length - 3));
        for (int at = 0; at == 0 || at < all.length; at += Math.max(1, length)) {
            int end = Math.min(all.length, at + length);
            sent.add(List.of(from.localAddress(), ByteBuffer.wrap(Arrays.copyOfRange(all, at, end))));
        }
        assertTrue(length == 0
                ? from.trySend(ByteBuffer.wrap(all), to.localAddress())
                : from.trySendEach(ByteBuffer.wrap(all), length, to.localAddress()));
    }

    /** Waits for one run and takes it apart. */
    private static void receiveRun(Datagrams receiver, ByteBuffer target, Set<List<Object>> came) {
        int bytes = receiver.tryReceiveEach(target.clear());
        while (bytes == Datagrams.NOTHING) {
            Heddle.timeout(FAR, receiver::awaitReceivable);
            bytes = receiver.tryReceiveEach(target.clear());
        }
        int end = target.position();
        for (int at = 0; at == 0 || at < end; at += Math.max(1, bytes)) {
            byte[] one = new byte[Math.min(bytes, end - at)];
            target.get(at, one);
            came.add(List.of(receiver.sender(), ByteBuffer.wrap(one)));
        }
    }

    /** Also into memory of the heap; and behind one that was cut the next is whole. */
    @Test
    void whatDoesNotFitBehindARunIsLost() throws Exception {
        run(() -> {
            try (Datagrams sender = raw();
                    Datagrams receiver = raw()) {
                for (ByteBuffer target : List.of(ByteBuffer.allocate(7), ByteBuffer.allocateDirect(7))) {
                    assertTrue(sender.trySend(ByteBuffer.wrap(bytes(10)), receiver.localAddress()));
                    Set<List<Object>> came = new HashSet<>();
                    receiveRun(receiver, target, came);
                    assertTrue(sender.trySend(ByteBuffer.wrap(bytes(6)), receiver.localAddress()));
                    receiveRun(receiver, target, came);
                    assertEquals(Set.of(List.of(sender.localAddress(), ByteBuffer.wrap(bytes(7))),
                            List.of(sender.localAddress(), ByteBuffer.wrap(bytes(6)))), came);
                }
            }
        });
    }

    @Test
    void cancelledWaitForARunHasTakenNothing() throws Exception {
        run(() -> {
            try (Datagrams sender = raw();
                    Datagrams receiver = raw()) {
                ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
                assertEquals(Datagrams.NOTHING, receiver.tryReceiveEach(target));
                Task<Void> waiting = Heddle.spawn(receiver::awaitReceivable);
                Fixtures.letOthersRun();
                waiting.cancel("enough");
                assertThrows(TaskCancelledException.class, waiting::join);
                Set<List<Object>> sent = new HashSet<>();
                Set<List<Object>> came = new HashSet<>();
                sendRun(sender, receiver, 100, sent);
                while (came.size() < sent.size()) {
                    receiveRun(receiver, target, came);
                }
                assertEquals(sent, came);
            }
        });
    }

    @Test
    void receiverOfRunsIsToldThatNobodyReceivesAndOfItsEnd() throws Exception {
        run(() -> {
            ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
            InetSocketAddress dead = deadPort();
            Datagrams socket = raw();
            socket.connect(dead);
            assertEquals(Datagrams.NOTHING, socket.tryReceiveEach(target));
            assertTrue(socket.trySend(ByteBuffer.wrap(bytes(1)), dead));
            var failure = assertThrows(BrokenException.class, () -> receiveRun(socket, target, new HashSet<>()));
            assertTrue(failure.toString().contains("nobody receives at " + LOOPBACK), failure::toString);

            Task<?> receiver = Heddle.spawn(
                    () -> assertThrows(ClosedException.class, () -> receiveRun(socket, target, new HashSet<>())));
            Fixtures.letOthersRun();
            socket.close();
            receiver.join();
            assertThrows(ClosedException.class, () -> socket.tryReceiveEach(target));
        });
    }

    @Test
    void cancelledReceiveHasTakenNothing() throws Exception {
        withPair((one, other) -> {
            Task<Datagram> receiver = Heddle.spawn(() -> other.receive());
            Fixtures.letOthersRun();
            receiver.cancel("enough");
            assertThrows(TaskCancelledException.class, receiver::join);
            one.send("still there", other.localAddress());
            assertEquals("still there", receive(other).text());
        });
    }

    @Test
    void receiveInACancelledScopeLeavesWhatIsThere() throws Exception {
        withPair((one, other) -> {
            one.send("still there", other.localAddress());
            Heddle.sleep(SOON);
            Heddle.moveOnAfter(Duration.ZERO, () -> {
                assertThrows(CancelledException.class, other::receive);
                assertThrows(CancelledException.class, () -> other.send("x", one.localAddress()));
            });
            assertEquals("still there", receive(other).text());
            assertEquals(0, other.statistics().sent());
        });
    }

    @Test
    void secondReceiverIsRefused() throws Exception {
        withPair((one, other) -> {
            Task<Datagram> receiver = Heddle.spawn(() -> receive(other));
            Fixtures.letOthersRun();
            assertThrows(BusyException.class, other::receive);
            assertThrows(BusyException.class, other::tryReceive);
            assertThrows(BusyException.class, () -> other.serve(1, datagram -> {}));
            one.send("for the first", other.localAddress());
            assertEquals("for the first", receiver.join().text());
        });
    }

    @Test
    void closingWakesTheReceiverAndEndsEverything() throws Exception {
        run(() -> {
            InetSocketAddress anybody = deadPort();
            UdpSocket socket = bind();
            Task<?> receiver = Heddle.spawn(() -> assertThrows(ClosedException.class, socket::receive));
            Fixtures.letOthersRun();
            socket.close();
            socket.close();
            receiver.join();

            assertFalse(socket.isOpen());
            assertThrows(ClosedException.class, socket::receive);
            assertThrows(ClosedException.class, socket::tryReceive);
            assertThrows(ClosedException.class, () -> socket.send("x", anybody));
            assertThrows(ClosedException.class, () -> socket.serve(1, datagram -> {}));
            assertThrows(ClosedException.class, () -> socket.join(GROUP));
        });
    }

    @Test
    void portOfAClosedSocketIsFreeAtOnce() throws Exception {
        run(() -> {
            int port = deadPort().getPort();
            for (int i = 0; i < 20; i++) {
                try (UdpSocket socket = Udp.bind(LOOPBACK, port)) {
                    assertEquals(port, socket.port());
                }
            }
        });
    }

    @Test
    void portThatIsTakenIsRefused() throws Exception {
        run(() -> {
            try (UdpSocket socket = bind()) {
                var failure = assertThrows(
                        ListenFailedException.class, () -> Udp.bind(LOOPBACK, socket.port()));
                assertTrue(failure.toString().contains(LOOPBACK + ":" + socket.port()), failure::toString);
            }
        });
    }

    @Test
    void socketsThatShareAPortGetEachDatagramOnce() throws Exception {
        run(() -> {
            DatagramOptions sharing = DatagramOptions.DEFAULT.withReusePort(true);
            UdpSocket one = bind(sharing);
            UdpSocket other = Udp.bind(LOOPBACK, one.port(), sharing);
            List<String> came = new ArrayList<>();
            Task<?> first = Heddle.spawn(() -> one.serve(10, datagram -> came.add(datagram.text())));
            Task<?> second = Heddle.spawn(() -> other.serve(10, datagram -> came.add(datagram.text())));
            try (UdpSocket sender = bind()) {
                for (int i = 0; i < 20; i++) {
                    sender.send("" + i, one.localAddress());
                }
                Heddle.timeout(FAR, () -> {
                    while (came.size() < 20) {
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                });
            }
            assertEquals(20, new TreeSet<>(came).size());
            one.close();
            other.close();
            first.join();
            second.join();
        });
    }

    @Test
    void wrongAddressesAreRefused() throws Exception {
        run(() -> {
            try (UdpSocket socket = bind()) {
                InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 9);
                assertThrows(IllegalArgumentException.class, () -> socket.send("x", unresolved));
                var six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 9);
                assertThrows(IllegalArgumentException.class, () -> socket.send("x", six));
                assertThrows(IllegalArgumentException.class, () -> socket.join(InetAddress.ofLiteral("10.0.0.1")));
                assertThrows(IllegalArgumentException.class, () -> socket.join(InetAddress.ofLiteral("ff02::77")));
                assertThrows(IllegalArgumentException.class, () -> Udp.connect(LOOPBACK, 0));
                assertThrows(IllegalArgumentException.class, () -> Udp.bind(LOOPBACK, 65_536));
            }
        });
    }

    @Test
    void broadcastIsRefusedUnlessItIsAllowed() throws Exception {
        run(() -> {
            InetAddress all = InetAddress.ofLiteral("127.255.255.255");
            try (UdpSocket receiver = Udp.bind("0.0.0.0", 0);
                    UdpSocket shy = bind();
                    UdpSocket loud = bind(DatagramOptions.DEFAULT.withBroadcast(true))) {
                var target = new InetSocketAddress(all, receiver.port());
                ByteBuffer refused = ByteBuffer.allocate(1);
                assertThrows(BrokenException.class, () -> shy.send(refused, target));
                assertEquals(1, refused.remaining(), "nothing was taken");
                loud.send("to all", target);
                assertEquals("to all", receive(receiver).text());
            }
        });
    }

    @Test
    void membersOfAGroupGetWhatIsSentToItUntilTheyLeave() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.ofLiteral(LOOPBACK));
        run(() -> {
            DatagramOptions sharing = DatagramOptions.DEFAULT.withReuseAddress(true);
            try (UdpSocket member = Udp.bind("0.0.0.0", 0, sharing);
                    UdpSocket other = Udp.bind("0.0.0.0", member.port(), sharing);
                    UdpSocket sender = bind(DatagramOptions.DEFAULT.withMulticastHops(0))) {
                var group = new InetSocketAddress(GROUP, member.port());
                sender.multicastOn(loopback);
                member.join(GROUP, loopback);
                member.join(GROUP, loopback);
                other.join(GROUP, loopback);

                sender.send("to both", group);
                assertEquals("to both", receive(member).text());
                assertEquals("to both", receive(other).text());

                member.leave(GROUP);
                member.leave(GROUP);
                other.leave(GROUP);
                sender.send("to nobody", group);
                assertNothingComes(member);
            }
        });
    }

    @Test
    void serverAnswersManyClientsAtOnce() throws Exception {
        run(() -> {
            UdpSocket server = bind();
            Task<?> serving = Heddle.spawn(
                    () -> server.serve(100, datagram -> server.send(datagram.payload(), datagram.from())));
            List<Integer> clients = IntStream.range(0, 50).boxed().toList();
            List<String> answers = Heddle.map(clients, 50, number -> {
                try (UdpSocket client = Udp.connect(LOOPBACK, server.port())) {
                    String answer = "";
                    for (int i = 0; i < 10; i++) {
                        client.send(number + " " + i);
                        answer = receive(client).text();
                    }
                    return answer;
                }
            });
            assertEquals(clients.stream().map(number -> number + " 9").toList(), answers);
            server.close();
            serving.join();
            assertStatistics(500, 500, 0, server);
        });
    }

    private static void assertStatistics(long sent, long received, long truncated, UdpSocket socket) {
        UdpStatistics now = socket.statistics();
        assertEquals(List.of(sent, received, truncated), List.of(now.sent(), now.received(), now.truncated()));
    }
}
