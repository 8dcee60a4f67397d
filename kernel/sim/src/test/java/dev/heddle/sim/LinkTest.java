package dev.heddle.sim;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What links do to bytes: never to their values, only to their times and portions. */
final class LinkTest {

    private static final int BAD_DAYS = 20;

    @FunctionalInterface
    private interface PeerBody {
        void run(Sim sim, Peers peers) throws Exception;
    }

    private static Sim.Result over(LinkOptions link, PeerBody body) {
        return over(SimOptions.DEFAULT.withLink(link), body);
    }

    private static Sim.Result over(SimOptions options, PeerBody body) {
        return Sim.run(options, sim -> {
            try (Peers peers = Peers.connect()) {
                body.run(sim, peers);
            }
        });
    }

    private static byte[] noise(int count) {
        byte[] noise = new byte[count];
        SimRandom random = new SimRandom(count);
        for (int i = 0; i < count; i++) {
            noise[i] = (byte) random.nextLong();
        }
        return noise;
    }

    @Test
    void delayLossReorderingDuplicatesAndOneByteSegmentsGiveTheSameBytesEndToEnd() {
        byte[] east = noise(3_000);
        byte[] west = noise(2_000);
        for (long seed = 0; seed < BAD_DAYS; seed++) {
            over(SimOptions.DEFAULT.withSeed(seed).withLink(LinkOptions.ROUGH), (sim, peers) -> {
                spawn(() -> peers.client().write(east));
                spawn(() -> peers.server().write(west));
                Task<byte[]> atClient = spawn(() -> peers.client().readExactly(west.length));
                assertArrayEquals(east, peers.server().readExactly(east.length));
                assertArrayEquals(west, atClient.join());

                SimNetworkStatistics seen = sim.network().statistics();
                assertTrue(seen.losses() > 0 && seen.duplicates() > 0 && seen.reorders() > 0, seen::toString);
                assertTrue(seen.segments() >= east.length + west.length, seen::toString);
            });
        }
    }

    @Test
    void messageArrivesWholeHoweverItIsCut() {
        byte[] message = noise(40);
        for (int mtu = 1; mtu <= message.length; mtu++) {
            over(LinkOptions.DEFAULT.withMtuBytes(mtu), (sim, peers) -> {
                peers.client().write(message);
                peers.client().closeOutput();
                assertArrayEquals(message, peers.server().readAll(1000));
            });
        }
    }

    @Test
    void oneByteSegmentsArriveOneByOne() {
        over(LinkOptions.DEFAULT.withMtuBytes(1), (sim, peers) -> {
            peers.client().write("abc");
            byte[] target = new byte[10];
            for (int i = 0; i < 3; i++) {
                assertEquals(1, peers.server().read(target));
                assertEquals('a' + i, target[0]);
            }
        });
    }

    @Test
    void latencyAndJitterBoundTheTimeOfASegment() {
        LinkOptions link = LinkOptions.INSTANT
                .withLatency(Duration.ofMillis(100))
                .withJitter(Duration.ofMillis(20));
        over(link, (sim, peers) -> {
            for (int i = 0; i < 100; i++) {
                Duration before = sim.elapsed();
                peers.client().write("x");
                peers.server().readExactly(1);
                Duration took = sim.elapsed().minus(before);
                assertTrue(took.compareTo(Duration.ofMillis(100)) >= 0, took::toString);
                assertTrue(took.compareTo(Duration.ofMillis(120)) <= 0, took::toString);
            }
        });
    }

    @Test
    void lostSegmentComesAfterTheRetransmissionTime() {
        LinkOptions link = LinkOptions.INSTANT.withLoss(LinkOptions.MAX_LOSS);
        over(link, (sim, peers) -> {
            Duration before = sim.elapsed();
            peers.client().write("x");
            peers.server().readExactly(1);
            assertTrue(sim.elapsed().minus(before).compareTo(Duration.ofMillis(200)) >= 0);
        });
    }

    @Test
    void slowLinkPassesItsBytesPerSecond() {
        over(LinkOptions.INSTANT.withMtuBytes(1000).withBytesPerSecond(10_000), (sim, peers) -> {
            Duration before = sim.elapsed();
            spawn(() -> peers.client().write(new byte[100_000]));
            peers.server().readExactly(100_000);
            assertEquals(Duration.ofSeconds(10), sim.elapsed().minus(before));
        });
    }

    @Test
    void allConnectionsOfALinkShareItsSpeed() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT.withBytesPerSecond(1_000)), sim -> {
            SimHost client = sim.network().host("client");
            SimHost server = sim.network().host("server");
            try (Peers one = Peers.connect(client, server);
                    Peers other = Peers.connect(client, server)) {
                Duration before = sim.elapsed();
                one.client().write(new byte[1_000]);
                other.client().write(new byte[1_000]);
                other.server().readExactly(1_000);
                assertEquals(Duration.ofSeconds(2), sim.elapsed().minus(before));
            }
        });
    }

    @Test
    void writerAheadByTheWindowWaitsUntilThePeerReads() {
        over(LinkOptions.DEFAULT.withWindowBytes(1_000), (sim, peers) -> {
            ByteBuffer source = ByteBuffer.allocate(5_000);
            Task<Void> writer = spawn(() -> peers.client().write(source));
            sleep(Duration.ofDays(1));
            assertFalse(writer.isDone());
            assertEquals(1_000, source.position());

            peers.server().readExactly(5_000);
            writer.join();
        });
    }

    @Test
    void windowOfOneByteIsSlowButWhole() {
        byte[] message = noise(100);
        over(LinkOptions.DEFAULT.withWindowBytes(1), (sim, peers) -> {
            spawn(() -> peers.client().write(message));
            assertArrayEquals(message, peers.server().readExactly(message.length));
        });
    }

    @Test
    void linkOfItsOwnGoesBeforeTheDefault() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> {
            SimNetwork network = sim.network();
            SimHost far = network.host("far");
            network.link(network.localhost(), far, LinkOptions.INSTANT.withLatency(Duration.ofSeconds(1)));
            Peers.connect(network.localhost(), network.host("near")).close();
            assertEquals(Duration.ZERO, sim.elapsed());
            Peers.connect(network.localhost(), far).close();
            assertEquals(Duration.ofSeconds(2), sim.elapsed());
            network.link(LinkOptions.INSTANT.withLatency(Duration.ofSeconds(5)));
            Peers.connect(network.localhost(), network.host("near")).close();
            assertEquals(Duration.ofSeconds(12), sim.elapsed());
        });
    }

    @Test
    void closingWithUnreadBytesResetsThePeerAfterWhatWasWritten() {
        over(LinkOptions.ROUGH, (sim, peers) -> {
            peers.client().write("unread");
            sleep(Duration.ofMinutes(1));
            peers.server().write("last words");
            peers.server().close();
            assertEquals(10, peers.client().readExactly(10).length);
            Broken.expect(() -> peers.client().readExactly(1));
        });
    }

    @Test
    void bytesThatArriveAtAClosedEndAreAnsweredWithAReset() {
        over(LinkOptions.DEFAULT, (sim, peers) -> {
            peers.server().close();
            assertEquals(0, peers.client().readAll(10).length);
            peers.client().write("too late");
            sleep(Duration.ofSeconds(1));
            Broken.expect(() -> peers.client().write("much too late"));
        });
    }

    @Test
    void bytesThatArrivedBeforeAResetCanStillBeRead() {
        over(LinkOptions.DEFAULT, (sim, peers) -> {
            peers.client().write("abc");
            sleep(Duration.ofSeconds(1));
            peers.client().abort();
            sleep(Duration.ofSeconds(1));
            assertEquals(3, peers.server().readExactly(3).length);
            Broken.expect(() -> peers.server().readExactly(1));
        });
    }

    @Test
    void halfClosedConnectionStaysUsableForDays() {
        over(LinkOptions.ROUGH, (sim, peers) -> {
            peers.client().closeOutput();
            assertEquals(0, peers.server().readAll(10).length);
            sleep(Duration.ofDays(3));
            peers.server().write("still here");
            assertEquals(10, peers.client().readExactly(10).length);
        });
    }

    @Test
    void readThatIsCancelledHasTakenNoBytes() {
        over(LinkOptions.DEFAULT.withMtuBytes(1), (sim, peers) -> {
            byte[] message = noise(200);
            spawn(() -> peers.client().write(message));
            byte[] got = new byte[message.length];
            int count = 0;
            while (count < message.length) {
                int from = count;
                int[] read = new int[1];
                moveOnAfter(sim.random().upTo(Duration.ofNanos(20_000)), () -> {
                    read[0] = peers.server().read(got, from, got.length - from);
                });
                count += read[0];
            }
            assertArrayEquals(message, got);
        });
    }
}
