package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each body has one honest end, whatever happens to connections and nodes. */
@Tag("full")
final class ClusterPoolFaultsTest {

    private static final int SEEDS = 20;

    private static final int BODIES = 40;

    /** How often each body has begun and has come to its end. */
    private static final Map<Integer, Integer> BEGUN = new HashMap<>();

    private static final Map<Integer, Integer> DONE = new HashMap<>();

    private static int work(int number, byte[] much) throws InterruptedException {
        BEGUN.merge(number, 1, Integer::sum);
        Heddle.sleep(Duration.ofMillis(number % 7 * 10L));
        DONE.merge(number, 1, Integer::sum);
        return number + much.length;
    }

    private static void clear() {
        BEGUN.clear();
        DONE.clear();
    }

    private static byte[] much(int number) {
        return new byte[number % 5 == 0 ? 100_000 : 10];
    }

    @Test
    void bodiesAreDoneLostOrNeverBegunUnderCutConnections() {
        Sim.seeds(SimOptions.DEFAULT, SEEDS, sim -> SimNodes.run(nodes -> {
            clear();
            sim.network().link(LinkOptions.ROUGH.withMtuBytes(9_000));
            ClusterPool pool = nodes.start("a");
            nodes.start("b");
            nodes.start("c");
            sim.network().faults(FaultPlan.NONE.withCuts(0.3, 200_000));
            List<Future<Integer>> futures = submitAll(pool);
            int lost = 0;
            for (int i = 0; i < BODIES; i++) {
                if (outcome(futures.get(i)) instanceof Outcome.Failure<Integer>(Throwable why)) {
                    assertTrue(why instanceof BodyLostException, () -> "not lost: " + why);
                    lost++;
                } else {
                    assertEquals(1, DONE.get(i), "body " + i);
                }
                assertTrue(BEGUN.getOrDefault(i, 0) <= 1, "twice");
            }
            assertTrue(lost < BODIES, "all lost");
        }));
    }

    @Test
    void retriedBodiesAreAllDoneUnderCutConnectionsAndNodesThatComeAndGo() {
        Sim.seeds(SimOptions.DEFAULT, SEEDS, sim -> SimNodes.run(nodes -> {
            clear();
            sim.network().link(LinkOptions.ROUGH.withMtuBytes(9_000));
            ClusterPool pool = nodes.start("a").retrying(1000);
            nodes.start("b");
            nodes.start("c");
            sim.network().faults(FaultPlan.NONE.withCuts(0.3, 500_000));
            Task<Void> monkey = Heddle.spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    Heddle.sleep(Duration.ofMillis(20L + sim.random().below(50)));
                    String victim = sim.random().below(2) == 0 ? "b" : "c";
                    nodes.gone(victim);
                    Heddle.sleep(Duration.ofMillis(10));
                    nodes.back(victim);
                }
            });
            List<Future<Integer>> futures = submitAll(pool);
            for (int i = 0; i < BODIES; i++) {
                assertEquals(i + much(i).length, futures.get(i).get());
                assertTrue(DONE.get(i) >= 1);
            }
            monkey.join();
        }));
    }

    @Test
    void cancelledAndLateBodiesEndInTimeUnderPartitions() {
        Sim.seeds(SimOptions.DEFAULT, SEEDS, sim -> SimNodes.run(nodes -> {
            clear();
            sim.network().link(LinkOptions.DEFAULT);
            ClusterPool pool = nodes.start("a");
            nodes.start("b");
            nodes.start("c");
            Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofMillis(sim.random().below(300)));
                nodes.part("a", sim.random().below(2) == 0 ? "b" : "c");
            });
            Duration before = sim.elapsed();
            Heddle.tolerantGroup(group -> {
                for (int i = 0; i < 20; i++) {
                    Duration limit = Duration.ofMillis(sim.random().below(500));
                    int number = i;
                    group.spawn(() -> {
                        try {
                            Heddle.moveOnAfter(limit, () -> pool.call(() -> work(number * 7 + 6, new byte[number])));
                        } catch (BodyLostException e) {
                            // As it is meant.
                        }
                    });
                }
            });
            Duration took = sim.elapsed().minus(before);
            assertTrue(took.compareTo(Duration.ofSeconds(6)) < 0, () -> "took " + took);
        }));
    }

    @Test
    void nodesThatLeaveInOrderLoseAndDoubleNothing() {
        Sim.seeds(SimOptions.DEFAULT, SEEDS, sim -> SimNodes.run(nodes -> {
            clear();
            sim.network().link(LinkOptions.DEFAULT);
            ClusterPool pool = nodes.start("a");
            ClusterPool b = nodes.start("b");
            ClusterPool c = nodes.start("c");
            Task<Void> restarts = Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofMillis(sim.random().below(60)));
                b.close();
                nodes.gone("b");
                nodes.start("b2");
                Heddle.sleep(Duration.ofMillis(sim.random().below(20)));
                c.close();
                nodes.gone("c");
            });
            List<Future<Integer>> futures = submitAll(pool);
            for (int i = 0; i < BODIES; i++) {
                assertEquals(i + much(i).length, futures.get(i).get());
                assertEquals(1, BEGUN.get(i));
                assertEquals(1, DONE.get(i));
            }
            restarts.join();
        }));
    }

    private static List<Future<Integer>> submitAll(ClusterPool pool) {
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < BODIES; i++) {
            int number = i;
            byte[] much = much(i);
            futures.add(pool.submit(() -> work(number, much)));
        }
        return futures;
    }

    private static Outcome<Integer> outcome(Future<Integer> future) throws InterruptedException {
        try {
            return new Outcome.Success<>(future.get());
        } catch (ExecutionException e) {
            return new Outcome.Failure<>(e.getCause());
        }
    }
}
