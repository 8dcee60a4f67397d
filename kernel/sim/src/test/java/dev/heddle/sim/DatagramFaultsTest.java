package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Task;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.net.Datagram;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the simulated network does to datagrams, which no protocol below them makes good. */
final class DatagramFaultsTest {

    private static final int COUNT = 1_000;
    private static final Duration ALL_HAVE_COME = Duration.ofSeconds(5);

    /** Sends numbers from one host to another; gives those that arrive, in their order. */
    private static List<Integer> sendNumbers(SimOptions options, DatagramOptions receiving) {
        List<Integer> came = new ArrayList<>();
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            try (UdpSocket receiver = network.host("b").run(() -> Udp.bind("0.0.0.0", 7, receiving));
                    UdpSocket sender = network.host("a").run(() -> Udp.connect("b", 7))) {
                for (int i = 0; i < COUNT; i++) {
                    sender.send("" + i);
                }
                sleep(ALL_HAVE_COME);
                Optional<Datagram> next = receiver.tryReceive();
                while (next.isPresent()) {
                    came.add(Integer.valueOf(next.get().text()));
                    next = receiver.tryReceive();
                }
            }
        });
        return came;
    }

    private static SimOptions over(LinkOptions link) {
        return SimOptions.DEFAULT.withSeed(3).withLink(link);
    }

    private static DatagramOptions roomy() {
        return DatagramOptions.DEFAULT.withReceiveBufferBytes(10_000_000);
    }

    @Test
    void lostDatagramsStayLost() {
        List<Integer> came = sendNumbers(over(LinkOptions.INSTANT.withLoss(0.3)), roomy());
        assertTrue(came.size() > COUNT / 2 && came.size() < COUNT * 9 / 10, () -> came.size() + " of " + COUNT);
        assertEquals(came.stream().sorted().toList(), came);
    }

    @Test
    void doubledDatagramsArriveTwice() {
        List<Integer> came = sendNumbers(over(LinkOptions.INSTANT.withDuplicate(0.2)), roomy());
        assertEquals(COUNT, new HashSet<>(came).size());
        assertTrue(came.size() > COUNT * 11 / 10, () -> came.size() + " came");
    }

    @Test
    void datagramsOvertakeEachOther() {
        List<Integer> came = sendNumbers(over(LinkOptions.INSTANT.withReorder(0.2)), roomy());
        assertEquals(COUNT, came.size());
        assertNotEquals(came.stream().sorted().toList(), came);
    }

    @Test
    void whatFindsNoRoomAtTheReceiverIsDropped() {
        DatagramOptions small = DatagramOptions.DEFAULT.withReceiveBufferBytes(10_000);
        List<Integer> came = sendNumbers(over(LinkOptions.INSTANT), small);
        assertTrue(came.size() > 2 && came.size() < 20, () -> came.size() + " were kept");
        assertEquals(0, Collections.min(came), "the first are kept, the later dropped");
    }

    @Test
    void sameSeedGivesTheSameFate() {
        LinkOptions link = LinkOptions.DEFAULT.withLoss(0.1).withDuplicate(0.1).withReorder(0.1);
        Supplier<List<Integer>> run = () -> sendNumbers(over(link), roomy());
        assertEquals(run.get(), run.get());
        assertNotEquals(run.get(), sendNumbers(SimOptions.DEFAULT.withSeed(4).withLink(link), roomy()));
    }

    @Test
    void slowLinkMakesTheSenderWait() {
        Sim.run(over(LinkOptions.INSTANT.withBytesPerSecond(10_000)), sim -> {
            SimNetwork network = sim.network();
            try (UdpSocket receiver = network.host("b").run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket sender = network.host("a")
                            .run(() -> Udp.connect("b", 7,
                                    DatagramOptions.DEFAULT.withSendBufferBytes(4_000).withReceiveBufferBytes(0)))) {
                long start = currentLoop().nanoTime();
                for (int i = 0; i < 10; i++) {
                    sender.send(new byte[1_000]);
                }
                Duration took = Duration.ofNanos(currentLoop().nanoTime() - start);
                assertTrue(took.toMillis() >= 700, took::toString);
                for (int i = 0; i < 10; i++) {
                    receiver.receive();
                }
                assertEquals(1_000, Duration.ofNanos(currentLoop().nanoTime() - start).toMillis());
            }
        });
    }

    @Test
    void fullQueueOfARouterLosesWhatComesLast() {
        LinkOptions link = LinkOptions.INSTANT.withBytesPerSecond(10_000).withQueuedDatagrams(10);
        assertEquals(IntStream.range(0, 10).boxed().toList(), sendNumbers(over(link), roomy()));
    }

    @Test
    void routersQueueTakesAsManyAsItsLinkLetsGoAndNobodyWaits() {
        LinkOptions link = LinkOptions.INSTANT.withBytesPerSecond(10_000).withQueuedDatagrams(4);
        Sim.run(over(link), sim -> {
            SimNetwork network = sim.network();
            try (UdpSocket receiver = network.host("b").run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket sender = network.host("a").run(() -> Udp.connect("b", 7))) {
                long start = currentLoop().nanoTime();
                for (int i = 0; i < 41; i++) {
                    sender.send(new byte[1_000]); // twice the rate
                    sleep(Duration.ofMillis(50));
                }
                assertEquals(2_050, Duration.ofNanos(currentLoop().nanoTime() - start).toMillis());
                sleep(ALL_HAVE_COME);
                assertEquals(24, drain(receiver));
                assertEquals(41 - 24, network.statistics().losses());
            }
        });
    }

    private static int drain(UdpSocket socket) {
        int count = 0;
        while (socket.tryReceive().isPresent()) {
            count++;
        }
        return count;
    }

    @Test
    void cancelledSenderHasSentNothingAndAClosedOneIsWoken() {
        Sim.run(over(LinkOptions.INSTANT.withBytesPerSecond(10)), sim -> {
            SimNetwork network = sim.network();
            try (UdpSocket receiver = network.host("b").run(() -> Udp.bind("0.0.0.0", 7))) {
                UdpSocket sender = network.host("a")
                        .run(() -> Udp.connect("b", 7,
                                DatagramOptions.DEFAULT.withSendBufferBytes(1).withReceiveBufferBytes(0)));
                sender.send("1234567890");
                assertFalse(moveOnAfter(Duration.ofMillis(500), () -> sender.send("cancelled")));
                Task<?> waiting = spawn(() -> assertThrows(ClosedException.class, () -> sender.send("closed")));
                sleep(Duration.ofMillis(1));
                assertEquals(1, sender.statistics().sent());
                sender.close();
                waiting.join();
                assertEquals("1234567890", receiver.receive().text());
                assertThrows(
                        DeadlineExceededException.class,
                        () -> timeout(Duration.ofDays(1), () -> receiver.receive()));
            }
        });
    }

    @Test
    void partitionLosesWhatWouldArriveDuringIt() {
        Sim.run(over(LinkOptions.INSTANT), sim -> {
            SimNetwork network = sim.network();
            SimHost a = network.host("a");
            SimHost b = network.host("b");
            try (UdpSocket receiver = b.run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket sender = a.run(() -> Udp.connect("b", 7))) {
                network.partition(a, b);
                sender.send("lost");
                sleep(Duration.ofSeconds(1));
                network.heal();
                sender.send("found");
                assertEquals("found", receiver.receive().text());
            }
        });
    }

    @Test
    void outageOfThePlanLosesDatagrams() {
        FaultPlan outages = FaultPlan.NONE.withOutages(Duration.ofSeconds(2), Duration.ofSeconds(1));
        Sim.run(over(LinkOptions.INSTANT).withFaults(outages), sim -> {
            SimNetwork network = sim.network();
            try (UdpSocket receiver = network.host("b").run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket sender = network.host("a").run(() -> Udp.connect("b", 7))) {
                for (int i = 0; i < 100; i++) {
                    sender.send("x");
                    sleep(Duration.ofMillis(100));
                }
                int came = 0;
                while (receiver.tryReceive().isPresent()) {
                    came++;
                }
                assertTrue(came > 10 && came < 95, came + " of 100");
            }
        });
    }

    @Test
    void onlySocketsOfTheSameHostAreInTheWay() {
        Sim.run(over(LinkOptions.INSTANT), sim -> {
            SimHost a = sim.network().host("a");
            SimHost b = sim.network().host("b");
            try (UdpSocket one = a.run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket other = b.run(() -> Udp.bind("b", 7))) {
                assertThrows(ListenFailedException.class, () -> a.run(() -> Udp.bind("a", 7)));
                assertThrows(ListenFailedException.class, () -> a.run(() -> Udp.bind("b", 8)));
                one.send("hello", new InetSocketAddress(b.address(), 7));
                Datagram came = other.receive();
                assertEquals(new InetSocketAddress(a.address(), 7), came.from());
            }
        });
    }

    @Test
    void broadcastReachesAllHosts() {
        Sim.run(over(LinkOptions.INSTANT), sim -> {
            SimNetwork network = sim.network();
            try (UdpSocket one = network.host("a").run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket other = network.host("b").run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket sender = network.host("c")
                            .run(() -> Udp.bind("0.0.0.0", 0, DatagramOptions.DEFAULT.withBroadcast(true)))) {
                sender.send("all", new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), 7));
                assertEquals("all", one.receive().text());
                assertEquals(network.host("c").address(), other.receive().from().getAddress());
            }
        });
    }

    @Test
    void groupReachesAcrossHostsOnlyWithHops() {
        InetAddress group = InetAddress.ofLiteral("239.1.2.3");
        Sim.run(over(LinkOptions.INSTANT), sim -> {
            SimNetwork network = sim.network();
            SimHost here = network.host("c");
            try (UdpSocket far = network.host("a").run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket near = here.run(() -> Udp.bind("0.0.0.0", 7));
                    UdpSocket wide = here.run(() -> Udp.bind("0.0.0.0", 0));
                    UdpSocket local = here
                            .run(() -> Udp.bind("0.0.0.0", 0, DatagramOptions.DEFAULT.withMulticastHops(0)))) {
                far.join(group);
                near.join(group);
                local.send("local", new InetSocketAddress(group, 7));
                assertEquals("local", near.receive().text());
                wide.send("wide", new InetSocketAddress(group, 7));
                assertEquals("wide", near.receive().text());
                assertEquals("wide", far.receive().text());
            }
        });
    }

    @Test
    void crashClosesTheSocketsOfAHost() {
        Sim.run(over(LinkOptions.INSTANT), sim -> {
            SimHost host = sim.network().host("a");
            UdpSocket socket = host.run(() -> Udp.bind("0.0.0.0", 7));
            host.crash();
            assertFalse(socket.isOpen());
            try (UdpSocket client = Udp.connect("a", 7)) {
                client.send("x");
                assertThrows(BrokenException.class, client::receive);
            }
        });
    }

    @Test
    void socketLeftOpenFailsTheRunAndIsNamed() {
        LeftoverException leftover = assertThrows(
                LeftoverException.class,
                () -> Sim.run(1, () -> Udp.bind("127.0.0.1", 7).port()));
        assertTrue(leftover.getMessage().contains("datagrams at 127.0.0.1:7"), leftover.getMessage());
    }
}
