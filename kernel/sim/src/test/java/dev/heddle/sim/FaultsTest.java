package dev.heddle.sim;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlockException;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults of the network, at a chosen moment and by plan. */
final class FaultsTest {

    private static SimHost client() {
        return Sim.current().network().host("client");
    }

    private static SimHost server() {
        return Sim.current().network().host("server");
    }

    @Test
    void cutAfterSomeBytesLetsExactlyThoseThrough() {
        for (int bytes = 1; bytes <= 20; bytes++) {
            int limit = bytes;
            Sim.run(bytes, () -> {
                SimNetwork network = Sim.current().network();
                network.cutAfterBytes(limit, client(), server());
                Peers peers = Peers.connect();
                peers.client().write(new byte[20]);
                assertEquals(limit, peers.server().readExactly(limit).length);
                Broken.expect(() -> peers.server().readExactly(1));
                Broken.expect(() -> peers.client().readExactly(1));
                peers.close();

                try (Peers next = Peers.connect()) {
                    next.client().write(new byte[20]);
                    assertEquals(20, next.server().readExactly(20).length, "only the next connection is cut");
                }
            });
        }
    }

    @Test
    void cutAfterNoBytesBreaksTheConnectionAtOnce() {
        Sim.run(1, () -> {
            Sim.current().network().cutAfterBytes(0, server(), client());
            Peers peers = Peers.connect();
            Broken.expect(() -> peers.client().readExactly(1));
            Broken.expect(() -> peers.server().write("x"));
            peers.close();
        });
    }

    @Test
    void cutAtATimeWakesReadersAndWriters() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Peers peers = Peers.connect();
            sim.network().cutAfter(Duration.ofSeconds(7), client(), server());
            Duration before = sim.elapsed();
            Task<byte[]> reader = spawn(() -> peers.client().readExactly(1));
            Task<Void> writer = spawn(() -> peers.client().write(new byte[1_000_000]));
            assertThrows(BrokenException.class, reader::join);
            assertThrows(BrokenException.class, writer::join);
            assertEquals(Duration.ofSeconds(7), sim.elapsed().minus(before));
            peers.close();
        });
    }

    @Test
    void cuttingCountsTheConnectionsOfBothDirections() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            Peers forth = Peers.connect(client(), server());
            Peers back = Peers.connect(server(), client());
            Peers other = Peers.connect(client(), network.host("other"));
            assertEquals(2, network.cut(client(), server()));
            assertEquals(0, network.cut(client(), server()));
            forth.close();
            back.close();
            other.close();
        });
    }

    @Test
    void bytesSentIntoAPartitionArriveWhenItHeals() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            Peers peers = Peers.connect();
            network.partition(client(), server());
            peers.client().write("held");
            assertFalse(moveOnAfter(Duration.ofMinutes(5), () -> {
                peers.server().readExactly(4);
            }));
            network.heal();
            assertEquals(4, peers.server().readExactly(4).length);
            peers.close();
        });
    }

    @Test
    void oneWayBlockLetsTheOtherDirectionThrough() {
        Sim.run(1, () -> {
            Peers peers = Peers.connect();
            Sim.current().network().block(client(), server());
            peers.server().write("down");
            assertEquals(4, peers.client().readExactly(4).length);
            peers.client().write("up");
            assertFalse(moveOnAfter(Duration.ofMinutes(1), () -> {
                peers.server().readExactly(2);
            }));
            Sim.current().network().heal(client(), server());
            assertEquals(2, peers.server().readExactly(2).length);
            peers.close();
        });
    }

    @Test
    void partitionThatOutlastsTheRetransmissionsBreaksTheSender() {
        Sim.run(1, () -> {
            Peers peers = Peers.connect();
            Sim.current().network().partition(client(), server());
            peers.client().write("lost");
            BrokenException lost = Broken.expect(() -> peers.client().readExactly(1));
            assertTrue(lost.getMessage().contains("timed out"), lost.getMessage());
            assertTrue(Sim.current().elapsed().compareTo(Duration.ofMinutes(15)) > 0);
            peers.client().close();
            peers.server().abort();
        });
    }

    @Test
    void waitingForAPeerBehindAPartitionThatSendsNothingIsADeadlock() {
        assertThrows(
                DeadlockException.class,
                () -> Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> {}), sim -> {
                    try (Peers peers = Peers.connect()) {
                        sim.network().partition(client(), server());
                        peers.client().readExactly(1);
                    }
                }));
    }

    @Test
    void plannedCutsHitSomeConnectionsOnly() {
        Sim.run(1, () -> {
            Sim.current().network().faults(FaultPlan.NONE.withCuts(0.5, 100));
            int broken = 0;
            for (int i = 0; i < 100; i++) {
                try (Peers peers = Peers.connect()) {
                    peers.client().write(new byte[100]);
                    peers.server().write(new byte[100]);
                    peers.server().readExactly(100);
                    peers.client().readExactly(100);
                } catch (BrokenException e) {
                    broken++;
                }
            }
            assertTrue(broken > 25 && broken < 75, "broken: " + broken);
        });
    }

    @Test
    void plannedOutagesDelayBytesAndLoseNone() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> {
            sim.network().faults(FaultPlan.NONE.withOutages(Duration.ofSeconds(10), Duration.ofSeconds(3)));
            Peers peers = Peers.connect();
            int delayed = 0;
            for (int i = 0; i < 200; i++) {
                sleep(Duration.ofMillis(500));
                Duration before = sim.elapsed();
                peers.client().write("x");
                peers.server().readExactly(1);
                Duration took = sim.elapsed().minus(before);
                assertTrue(took.compareTo(Duration.ofSeconds(3)) <= 0, took::toString);
                delayed += took.isZero() ? 0 : 1;
            }
            assertTrue(delayed > 5 && delayed < 100, "delayed: " + delayed);
            peers.close();
        });
    }

    @Test
    void linksStoppedOneByOneAndStartedInAnyOrderConverge() {
        Sim.run(7, () -> {
            Sim sim = Sim.current();
            SimNetwork network = sim.network();
            List<SimHost> others = new ArrayList<>();
            List<Peers> peers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                others.add(network.host("node-" + i));
                peers.add(Peers.connect(client(), others.get(i)));
            }
            for (SimHost each : others) {
                network.partition(client(), each);
                sleep(sim.random().upTo(Duration.ofSeconds(10)));
            }
            for (Peers each : peers) {
                each.client().write("news");
            }
            while (!others.isEmpty()) {
                network.heal(client(), others.remove(sim.random().below(others.size())));
                sleep(sim.random().upTo(Duration.ofSeconds(10)));
            }
            for (Peers each : peers) {
                assertEquals(4, each.server().readExactly(4).length);
                each.close();
            }
        });
    }
}
