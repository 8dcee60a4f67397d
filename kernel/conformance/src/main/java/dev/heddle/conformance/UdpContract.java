package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.Engine;
import dev.heddle.net.Datagram;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The {@link DatagramContract} for an engine over a real system; see {@link EngineContract} for how to inherit it. */
public abstract class UdpContract extends DatagramContract {

    /** For subclasses. */
    protected UdpContract() {}

    /** A fresh engine. */
    protected abstract Engine newEngine();

    @Override
    protected final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), body);
    }

    @Test
    void socketOfIpv6SpeaksToItsOwnAndAWildcardToBoth() throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null, "no IPv6 here");
        run(() -> {
            try (UdpSocket six = Udp.bind("::1", 0);
                    UdpSocket both = Udp.bind("::", 0);
                    UdpSocket four = Udp.bind("127.0.0.1", 0);
                    UdpSocket connected = Udp.connect("::1", six.port())) {
                connected.send("six");
                assertEquals("six", six.receive().text());
                both.send("to six", six.localAddress());
                assertEquals("to six", six.receive().text());
                four.send("to both", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), both.port()));
                Datagram came = both.receive();
                assertEquals("to both", came.text());
                both.send("and back", came.from());
                assertEquals("and back", four.receive().text());
                IllegalArgumentException refused = assertThrows(
                        IllegalArgumentException.class, () -> six.send("x", four.localAddress()));
                assertTrue(String.valueOf(refused.getMessage()).contains("another family"), refused::toString);
                assertThrows(IllegalArgumentException.class, () -> four.send("x", six.localAddress()));
            }
        });
    }

    @Test
    void runsComeToAWildcardOfIpv6FromBoth() throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null, "no IPv6 here");
        run(() -> {
            DatagramEngine engine = DatagramEngine.of(Heddle.currentLoop().engine());
            ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
            try (Datagrams both = engine.datagrams(address("::", 0), DatagramOptions.DEFAULT)) {
                for (String host : List.of("::1", "127.0.0.1", "::1")) {
                    try (Datagrams sender = engine.datagrams(address(host, 0), DatagramOptions.DEFAULT)) {
                        InetSocketAddress to = address(host, both.localAddress().getPort());
                        assertTrue(sender.trySendEach(ByteBuffer.allocate(2_500), 1_000, to));
                        for (int come = 0; come < 2_500; come += target.position()) {
                            Heddle.timeout(Duration.ofSeconds(30), both::awaitReceivable);
                            if (both.tryReceiveEach(target.clear()) != Datagrams.NOTHING) {
                                assertEquals(sender.localAddress(), both.sender());
                            }
                        }
                    }
                }
            }
        });
    }

    /** Whether a socket of all addresses is told at which one it was asked, as on Linux. */
    protected boolean tellsReceivers() {
        return false;
    }

    @Test
    void answersComeFromTheAddressThatWasAsked() throws Exception {
        boolean six = NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null;
        List<String> asked = tellsReceivers() ? List.of("127.0.0.1", "127.0.0.2", "127.0.0.1") : List.of("127.0.0.1");
        run(() -> {
            assertAnswersFrom("0.0.0.0", asked);
            assertAnswersFrom("127.0.0.1", List.of("127.0.0.1"));
            if (six) {
                assertAnswersFrom("::", asked);
                assertAnswersFrom("::", List.of("::1", "127.0.0.1", "::1"));
            }
        });
    }

    private void assertAnswersFrom(String bound, List<String> asked) throws Exception {
        DatagramEngine engine = DatagramEngine.of(Heddle.currentLoop().engine());
        ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
        ByteBuffer run = ByteBuffer.allocateDirect(2_500);
        try (Datagrams all = engine.datagrams(address(bound, 0), DatagramOptions.DEFAULT)) {
            boolean told = tellsReceivers() && all.localAddress().getAddress().isAnyLocalAddress();
            for (String host : asked) {
                try (Datagrams client = engine.datagrams(address(host, 0), DatagramOptions.DEFAULT)) {
                    InetSocketAddress to = address(host, all.localAddress().getPort());
                    client.connect(to);
                    client.trySend(ByteBuffer.allocate(9), to);
                    assertEquals(9, receiveRun(all, target));
                    assertEquals(told ? InetAddress.ofLiteral(host) : null, all.receiver());
                    for (ByteBuffer answer : List.of(run, ByteBuffer.allocate(2_500))) {
                        assertTrue(all.trySendEach(answer.clear(), 1_000, all.sender(), all.receiver()));
                        assertFalse(answer.hasRemaining());
                        for (int come = 0; come < 2_500; come += target.position()) {
                            assertEquals(come < 2_000 ? 1_000 : 500, receiveRun(client, target));
                        }
                    }
                }
            }
        }
    }

    private static int receiveRun(Datagrams from, ByteBuffer target) {
        int bytes = from.tryReceiveEach(target.clear());
        while (bytes == Datagrams.NOTHING) {
            Heddle.timeout(Duration.ofSeconds(30), from::awaitReceivable);
            bytes = from.tryReceiveEach(target.clear());
        }
        return bytes;
    }

    /** As when an address is taken from a machine: the datagrams are lost, and the socket goes on, in runs as before. */
    @Test
    void addressOfSomebodyElseSendsNothing() throws Exception {
        Class<? extends Exception> why = tellsReceivers() ? BrokenException.class : UnsupportedOperationException.class;
        run(() -> {
            DatagramEngine engine = DatagramEngine.of(Heddle.currentLoop().engine());
            InetAddress else4 = InetAddress.ofLiteral("192.0.2.1");
            try (Datagrams all = engine.datagrams(address("0.0.0.0", 0), DatagramOptions.DEFAULT);
                    Datagrams peer = engine.datagrams(address("127.0.0.1", 0), DatagramOptions.DEFAULT)) {
                ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
                assertEquals(Datagrams.NOTHING, peer.tryReceiveEach(target));
                assertThrows(why,
                        () -> all.trySendEach(ByteBuffer.allocate(2_500), 1_000, peer.localAddress(), else4));
                assertTrue(all.trySendEach(ByteBuffer.allocate(2_500), 1_000, peer.localAddress(), null));
                assertEquals(1_000, receiveRun(peer, target));
                assertEquals(tellsReceivers() ? 2_500 : 1_000, target.position());
            }
        });
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    /** By a task that another thread leaves at the loop, while runs come. */
    @Test
    void socketThatAnotherThreadHasClosedReceivesNoMoreRuns() throws Exception {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            DatagramEngine engine = DatagramEngine.of(loop.engine());
            try (Datagrams sender = engine.datagrams(address("127.0.0.1", 0), DatagramOptions.DEFAULT)) {
                Datagrams receiver = engine.datagrams(address("127.0.0.1", 0), DatagramOptions.DEFAULT);
                ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
                Task<?> receiving = Heddle.spawn(() -> assertThrows(ClosedException.class, () -> {
                    while (true) {
                        if (receiver.tryReceiveEach(target.clear()) == Datagrams.NOTHING) {
                            receiver.awaitReceivable();
                        }
                    }
                }));
                Thread closer = Thread.ofPlatform().start(() -> loop.spawn(receiver::close));
                while (receiver.isOpen()) {
                    sender.trySendEach(ByteBuffer.allocate(2_500), 1_000, receiver.localAddress());
                    Heddle.checkpoint();
                }
                receiving.join();
                closer.join();
            }
        });
    }

    @Test
    void socketLeftOpenIsClosedWithItsLoop() throws Exception {
        UdpSocket[] left = new UdpSocket[1];
        run(() -> left[0] = Udp.bind("127.0.0.1", 0));
        assertFalse(left[0].isOpen());
        try (var next = new DatagramSocket(left[0].localAddress())) {
            assertEquals(left[0].port(), next.getLocalPort());
        }
    }

    @Test
    void openingManySocketsLeavesNoDescriptor() {
        run(() -> {
            try (UdpSocket first = Udp.bind("127.0.0.1", 0)) {
                assertThrows(ListenFailedException.class, () -> Udp.bind("127.0.0.1", first.port()));
                long before = LeftoverCheck.openDescriptors();
                for (int i = 0; i < 100; i++) {
                    assertThrows(ListenFailedException.class, () -> Udp.bind("127.0.0.1", first.port()));
                    Udp.bind("127.0.0.1", 0).close();
                    Udp.connect("127.0.0.1", first.port()).close();
                }
                LeftoverCheck.awaitDescriptors(before);
            }
        });
    }
}
