package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.TlsIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole conversations over bad networks, in simulated time. The bytes of the keys are chance, so no run is quite another's. */
final class SimQuicTest {

    static final TlsIdentity SERVER = QuicEnds.AUTHORITY.issue(Duration.ofDays(8), "server");

    private static final LinkOptions BAD = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(30))
            .withJitter(Duration.ofMillis(20))
            .withLoss(0.05)
            .withReorder(0.05)
            .withDuplicate(0.02);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    interface Body {
        void run(SimNetwork network, QuicConnection client, QuicConnection server) throws Exception;
    }

    static void between(SimOptions options, QuicOptions quic, Body body) {
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            QuicListener listener = network.host("server").run(() -> Quic.listen("0.0.0.0", 443, SERVER, quic));
            Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
            try (QuicConnection client = network.host("client")
                    .run(() -> Quic.connect("server", 443, QuicEnds.AUTHORITY.trust(), quic));
                    QuicConnection server = accepted.join()) {
                body.run(network, client, server);
            } finally {
                listener.close();
            }
        });
    }

    /** Some streams at once, each with bytes both ways. */
    private static void talk(QuicConnection client, QuicConnection server, long seed) {
        Task<Void> echo = Heddle.spawn(() -> server.serve(stream -> stream.write(stream.readAll(1_000_000))));
        List<Integer> talks = IntStream.range(0, 6).boxed().toList();
        Heddle.forEach(talks, 3, i -> {
            byte[] sent = new byte[new Random(seed + i).nextInt(60_000)];
            new Random(seed * 7 + i).nextBytes(sent);
            try (ByteStream stream = client.open()) {
                stream.write(sent);
                stream.closeOutput();
                assertArrayEquals(sent, stream.readAll(1_000_000));
            }
        });
        client.close();
        echo.join();
    }

    private static void conversations(int seeds) {
        for (int seed = 1; seed <= seeds; seed++) {
            long own = seed;
            between(SimOptions.DEFAULT.withSeed(seed).withLink(BAD), QuicEnds.OPTIONS,
                    (network, client, server) -> talk(client, server, own));
        }
    }

    /** Datagrams may be lost, and may not be wrong; who sends more than goes through waits. */
    @Test
    void datagramsOverABadNetworkAreRightOrLost() {
        for (int seed = 1; seed <= 5; seed++) {
            between(SimOptions.DEFAULT.withSeed(seed).withLink(BAD), QuicEnds.OPTIONS.withMaxDatagrams(32),
                    (network, client, server) -> {
                        Task<Void> sender = Heddle.spawn(() -> {
                            for (int i = 0; i < 500; i++) {
                                client.sendDatagram(ByteBuffer.allocate(100 + i).putInt(i).array());
                                Heddle.sleep(Duration.ofMillis(5));
                            }
                            Heddle.sleep(Duration.ofSeconds(2));
                            client.close();
                        });
                        Set<Integer> seen = new HashSet<>();
                        assertThrows(ClosedException.class, () -> {
                            while (true) {
                                byte[] datagram = server.receiveDatagram();
                                int number = ByteBuffer.wrap(datagram).getInt();
                                assertEquals(100 + number, datagram.length);
                                assertTrue(seen.add(number), () -> number + " came twice");
                            }
                        });
                        sender.join();
                        assertTrue(seen.size() > 400 && seen.size() < 500, () -> seen.size() + " of 500");
                    });
        }
    }

    @Test
    void nothingIsWrongOverABadNetwork() {
        conversations(10);
    }

    @Test
    @Tag("full")
    void nothingIsWrongOverManyBadNetworks() {
        conversations(Integer.getInteger("heddle.quic.seeds", 150));
    }

    /** The time of a round trip says when bytes are sent again; where it grew by itself, transfers stood still for seconds. */
    @Test
    @Tag("full")
    void lossesSlowATransferInProportion() {
        var link = LinkOptions.DEFAULT.withLatency(Duration.ofMillis(1)).withLoss(0.1);
        List<Duration> times = new ArrayList<>();
        for (int seed = 1; seed <= 12; seed++) {
            between(SimOptions.DEFAULT.withSeed(seed).withLink(link), QuicEnds.OPTIONS, (network, client, server) -> {
                long begun = Heddle.currentLoop().nanoTime();
                Heddle.spawn(() -> server.accept().write(new byte[1_000_000]));
                ByteStream stream = client.open();
                stream.write("!");
                stream.readExactly(1_000_000);
                times.add(Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun));
            });
        }
        assertTrue(times.stream().mapToLong(Duration::toMillis).sum() < 15_000, times::toString); // 10 s, and once 20 s
    }

    /**
     * All that is under way is lost at once, at some moment of transfers both ways, once for each seed: the connection goes
     * on when the network does.
     */
    private static void outages(int seeds) {
        QuicOptions wide = QuicEnds.OPTIONS.withWindowBytes(4_000_000).withStreamWindowBytes(4_000_000);
        for (int seed = 1; seed <= seeds; seed++) {
            Random random = new Random(seed);
            var link = LinkOptions.DEFAULT.withLatency(Duration.ofMillis(1 + random.nextInt(20)))
                    .withJitter(Duration.ZERO);
            Duration before = Duration.ofMillis(random.nextInt(400));
            Duration outage = Duration.ofMillis(random.nextInt(500));
            int blocked = random.nextInt(3);
            int[] bytes = {random.nextInt(4_000_000), random.nextInt(4_000_000)};
            String what = "seed " + seed + ", behind " + before + " for " + outage;
            between(SimOptions.DEFAULT.withSeed(seed).withLink(link), wide, (network, client, server) -> {
                Task<byte[]> received = Heddle.spawn(() -> {
                    ByteStream other = server.accept();
                    Task<Void> answer = Heddle.spawn(() -> other.write(new byte[bytes[0]]));
                    byte[] all = other.readExactly(1 + bytes[1]);
                    answer.join();
                    return all;
                });
                ByteStream stream = client.open();
                Task<byte[]> answered = Heddle.spawn(() -> stream.readExactly(bytes[0]));
                Task<Void> sent = Heddle.spawn(() -> stream.write(new byte[1 + bytes[1]]));
                Heddle.sleep(before);
                if (blocked != 1) {
                    network.block(network.host("server"), network.host("client"));
                }
                if (blocked != 2) {
                    network.block(network.host("client"), network.host("server"));
                }
                Heddle.sleep(outage);
                network.heal();
                long healed = Heddle.currentLoop().nanoTime();
                sent.join();
                answered.join();
                received.join();
                Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - healed);
                assertTrue(took.toSeconds() < 20, () -> what + ": " + took);
            });
        }
    }

    @Test
    @Tag("full")
    void outageInATransferEndsWithIt() {
        outages(10);
    }

    @Test
    @Tag("full")
    void outagesInManyTransfersEndWithThem() {
        outages(Integer.getInteger("heddle.quic.seeds", 50));
    }

    @Test
    void partitionLongerThanTheIdleTimeIsALossForBoth() {
        between(SimOptions.DEFAULT, QuicEnds.OPTIONS, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write("hello");
            ByteStream other = server.accept();
            network.partition(network.host("client"), network.host("server"));
            long begun = Heddle.currentLoop().nanoTime();
            Task<Integer> reader = Heddle.spawn(() -> stream.read(new byte[10]));
            other.readExactly(5);
            var told = assertThrows(BrokenException.class, () -> other.readExactly(1));
            assertTrue(told.getMessage().contains("silent"), told::getMessage);
            assertThrows(BrokenException.class, reader::join);
            assertThrows(ClosedException.class, client::accept);
            assertEquals(30, Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toSeconds(), 2);
        });
    }

    @Test
    void partitionThatHealsIsNone() {
        between(SimOptions.DEFAULT, QuicEnds.OPTIONS, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write("hello");
            ByteStream other = server.accept();
            network.partition(network.host("client"), network.host("server"));
            Task<byte[]> reader = Heddle.spawn(() -> other.readExactly(10));
            stream.write("world");
            Heddle.sleep(Duration.ofSeconds(10));
            network.heal();
            assertEquals("helloworld", new String(reader.join()));
        });
    }

    /** The end comes with bytes that have come before, as nobody has heard that they did. */
    private static void endIsSentAgainWithItsBytes(SimNetwork network, ByteStream stream, ByteStream other) {
        network.block(network.host("server"), network.host("client"));
        stream.write("hello");
        assertEquals("hello", new String(other.readExactly(5)));
        network.block(network.host("client"), network.host("server"));
        stream.closeOutput();
        Heddle.sleep(Duration.ofMillis(1));
        network.heal();
    }

    @Test
    void endThatComesWithKnownBytesIsAnEnd() {
        between(SimOptions.DEFAULT, QuicEnds.OPTIONS, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write("!");
            ByteStream other = server.accept();
            other.readExactly(1);
            Heddle.sleep(Duration.ofSeconds(1));
            endIsSentAgainWithItsBytes(network, stream, other);
            assertEquals(0, Heddle.timeout(Duration.ofSeconds(20), () -> other.readAll(10)).length);
        });
    }

    /** The library forgets a stream when its bytes have arrived and both ends are known, be they on their way or not. */
    @Test
    void endArrivesThatIsWrittenBeforeThePeersIsRead() {
        between(SimOptions.DEFAULT, QuicEnds.OPTIONS, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write("hello");
            stream.closeOutput();
            ByteStream other = server.accept();
            other.write("hello");
            Heddle.sleep(Duration.ofSeconds(1));
            other.closeOutput();
            assertEquals(5, other.readAll(10).length);
            assertEquals(5, Heddle.timeout(Duration.ofSeconds(20), () -> stream.readAll(10)).length);
        });
    }

    @Test
    void resetBehindAnEndThatWasNotReadIsALoss() {
        between(SimOptions.DEFAULT, QuicEnds.OPTIONS, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write(new byte[100_000]);
            stream.closeOutput();
            ByteStream other = server.accept();
            Heddle.sleep(Duration.ofSeconds(1));
            stream.abort();
            Heddle.sleep(Duration.ofSeconds(1));
            assertThrows(BrokenException.class, () -> other.readAll(200_000));
        });
    }

    @Test
    void lastBytesBehindACloseAreSentAgainUntilTheyArrive() {
        byte[] sent = new byte[100_000];
        new Random(3).nextBytes(sent);
        between(SimOptions.DEFAULT.withLink(BAD.withLoss(0.3)), QuicEnds.OPTIONS, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write(sent);
            stream.close();
            client.close();
            assertArrayEquals(sent, server.accept().readAll(sent.length));
        });
    }
}
