package dev.heddle.sim;

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Task;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Slow consumers: ends of connections that read at a bounded rate. */
final class SlowReaderTest {

    private static final SimOptions INSTANT = SimOptions.DEFAULT.withLink(LinkOptions.INSTANT);

    private static byte[] numbered(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void slowHostReadsAllBytesAtItsRate() {
        Sim.run(INSTANT, sim -> {
            sim.network().host("server").readAtMost(100);
            try (Peers peers = Peers.connect()) {
                Duration before = sim.elapsed();
                peers.client().write(numbered(1000));
                peers.client().closeOutput();
                assertArrayEquals(numbered(1000), peers.server().readExactly(1000));
                assertEquals(-1, peers.server().read(new byte[1]));
                // Nothing waits for the pause behind the last of 100 portions.
                assertEquals(Duration.ofMillis(9_900), sim.elapsed().minus(before));
            }
        });
    }

    @Test
    void writerToASlowReaderWaitsOnceTheWindowIsFull() {
        Sim.run(INSTANT.withLink(LinkOptions.INSTANT.withWindowBytes(500)), sim -> {
            sim.network().host("server").readAtMost(100);
            try (Peers peers = Peers.connect()) {
                Task<Void> writer = spawn(() -> peers.client().write(numbered(1000)));
                Task<byte[]> reader = spawn(() -> peers.server().readExactly(1000));
                sleep(Duration.ofSeconds(4));
                assertFalse(writer.isDone());
                assertFalse(reader.isDone());
                sleep(Duration.ofSeconds(4));
                assertTrue(writer.isDone());
                assertArrayEquals(numbered(1000), reader.join());
            }
        });
    }

    @Test
    void otherDirectionIsNotSlow() {
        Sim.run(INSTANT, sim -> {
            sim.network().host("server").readAtMost(1);
            try (Peers peers = Peers.connect()) {
                peers.server().write(numbered(1000));
                Duration before = sim.elapsed();
                assertArrayEquals(numbered(1000), peers.client().readExactly(1000));
                assertEquals(before, sim.elapsed());
            }
        });
    }

    @Test
    void boundCanBeTakenAwayWhileBytesWait() {
        Sim.run(INSTANT, sim -> {
            SimHost server = sim.network().host("server");
            server.readAtMost(1);
            try (Peers peers = Peers.connect()) {
                peers.client().write(numbered(100));
                peers.server().readExactly(2);
                server.readAtMost(0);
                Duration before = sim.elapsed();
                peers.server().readExactly(98);
                assertTrue(sim.elapsed().minus(before).compareTo(Duration.ofSeconds(1)) <= 0);
            }
        });
    }

    @Test
    void bytesThatCameBeforeACutAreReadAtTheRateAndThenTheBreakIsSeen() {
        Sim.run(INSTANT, sim -> {
            SimNetwork network = sim.network();
            network.host("server").readAtMost(10);
            Peers peers = Peers.connect();
            peers.client().write(numbered(20));
            sim.awaitIdle();
            sleep(Duration.ofMillis(1));
            network.cut(network.host("client"), network.host("server"));
            assertArrayEquals(numbered(20), peers.server().readExactly(20));
            BrokenException broken = Broken.expect(() -> peers.server().readExactly(1));
            assertTrue(broken.getMessage().contains("cut"), broken.getMessage());
            peers.close();
        });
    }

    @Test
    void plannedSlowReadersAreSomeEndsOnly() {
        FaultPlan plan = FaultPlan.NONE.withSlowReaders(0.5, 10);
        Sim.run(INSTANT.withFaults(plan), sim -> {
            int slow = 0;
            for (int i = 0; i < 100; i++) {
                try (Peers peers = Peers.connect()) {
                    peers.client().write(numbered(10));
                    Duration before = sim.elapsed();
                    assertArrayEquals(numbered(10), peers.server().readExactly(10));
                    slow += sim.elapsed().equals(before) ? 0 : 1;
                }
            }
            assertTrue(slow > 25 && slow < 75, "slow: " + slow);
        });
    }

    @Test
    void slowerOfTheHostsAndTheConnectionsOwnRateCounts() {
        FaultPlan plan = FaultPlan.NONE.withSlowReaders(1, 10);
        Sim.run(INSTANT.withFaults(plan), sim -> {
            sim.network().host("server").readAtMost(100);
            try (Peers peers = Peers.connect()) {
                Duration before = sim.elapsed();
                peers.client().write(numbered(50));
                peers.server().readExactly(50);
                assertTrue(sim.elapsed().minus(before).compareTo(Duration.ofMillis(4900)) >= 0);
            }
        });
    }
}
