package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same seed gives the same run, another seed another one. */
final class DeterminismTest {

    private static final int SEEDS = 100;

    @Test
    void sameSeedGivesTheSameTraceAndAnotherSeedAnotherOne() {
        Set<Long> hashes = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Sim.Result first = mixed(seed, LinkOptions.DEFAULT);
            assertEquals(first, mixed(seed, LinkOptions.DEFAULT));
            hashes.add(first.traceHash());
        }
        assertEquals(SEEDS, hashes.size());
    }

    @Test
    void differentSeedsRunReadyTasksInDifferentOrders() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            orders.add(order(seed));
            assertEquals(order(seed), order(seed));
        }
        assertTrue(orders.size() > SEEDS / 2, () -> "only " + orders.size() + " orders");
    }

    private static List<Integer> order(long seed) {
        List<Integer> order = new ArrayList<>();
        Sim.run(seed, () -> {
            for (int i = 0; i < 6; i++) {
                int name = i;
                spawn(() -> order.add(name));
            }
            sleep(Duration.ofSeconds(1));
        });
        return order;
    }

    @Test
    void withoutASeedTheOrderIsAnotherOneEachTime() {
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            List<Integer> order = new ArrayList<>();
            Sim.run(() -> gather(
                    () -> order.add(1), () -> order.add(2), () -> order.add(3), () -> order.add(4),
                    () -> order.add(5)));
            orders.add(order.toString());
        }
        assertTrue(orders.size() > 2, orders::toString);
    }

    @Test
    void everyOrderOfThreeTasksComesUp() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            orders.add(order(seed).stream().filter(name -> name < 3).toList());
        }
        assertEquals(6, orders.size());
    }

    @Tag("full")
    @Test
    void tenThousandOrdersOfAnExchangeGiveTheSameResult() {
        for (long seed = 0; seed < 10_000; seed++) {
            Sim.run(seed, () -> {
                BlockingQueue<Integer> numbers = new ArrayBlockingQueue<>(2);
                int[] sum = new int[1];
                gather(() -> send(numbers, 1), () -> send(numbers, 10), () -> {
                    for (int i = 0; i < 6; i++) {
                        sum[0] += numbers.take();
                    }
                });
                assertEquals(33, sum[0]);
            });
        }
    }

    private static void send(BlockingQueue<Integer> numbers, int number) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            numbers.put(number);
        }
    }

    @Test
    void changeOfTheLinksDoesNotChangeTheOrderOfTasks() {
        List<Long> usual = new ArrayList<>();
        List<Long> rough = new ArrayList<>();
        Sim.run(SimOptions.DEFAULT, sim -> usual.add(currentLoop().engine().random()));
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.ROUGH), sim -> {
            Peers.connect().close();
            rough.add(currentLoop().engine().random());
        });
        assertEquals(usual, rough);
    }

    @Test
    void randomNumbersComeFromTheSeed() {
        assertEquals(numbers(5), numbers(5));
        assertNotEquals(numbers(5), numbers(6));
    }

    private static List<Long> numbers(long seed) {
        List<Long> numbers = new ArrayList<>();
        Sim.run(seed, () -> {
            for (int i = 0; i < 10; i++) {
                numbers.add(currentLoop().engine().random());
                numbers.add(Sim.current().random().nextLong());
            }
        });
        return numbers;
    }

    @Test
    void traceTellsTimesBytesAndOrdersApart() {
        Set<Long> hashes = new HashSet<>();
        hashes.add(hash(() -> {}));
        hashes.add(hash(() -> checkpoint()));
        hashes.add(hash(() -> sleep(Duration.ofNanos(1))));
        hashes.add(hash(() -> sleep(Duration.ofNanos(2))));
        for (int bytes = 1; bytes < 4; bytes++) {
            byte[] message = new byte[bytes];
            hashes.add(hash(() -> {
                try (Peers peers = Peers.connect()) {
                    peers.client().write(message);
                }
            }));
        }
        assertEquals(7, hashes.size());
    }

    private static long hash(Action body) {
        return Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> body.run()).traceHash();
    }

    /** Some of everything: sleeps, checkpoints, a queue, connections. */
    private static Sim.Result mixed(long seed, LinkOptions link) {
        return Sim.run(SimOptions.DEFAULT.withSeed(seed).withLink(link), sim -> {
            BlockingQueue<Long> numbers = new ArrayBlockingQueue<>(1);
            for (int i = 0; i < 5; i++) {
                spawn(() -> {
                    sleep(sim.random().upTo(Duration.ofMillis(3)));
                    checkpoint();
                    numbers.put(sim.random().nextLong());
                });
            }
            try (Peers peers = Peers.connect()) {
                for (int i = 0; i < 5; i++) {
                    peers.client().write(Long.toString(numbers.take()) + "\n");
                    peers.server().readLine(100);
                }
            }
        });
    }
}
