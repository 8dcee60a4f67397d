package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.race;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sixteen tasks wait, sixteen others end their waits, some waits are cancelled, in many orders: each wait ends with its
 * result or with its cancel, whoever was not cancelled has a result, and nothing is left.
 */
final class CancellationGridTest {

    private static final int TASKS = 16;
    private static final int SEEDS = 60;

    /** A waiting call, and what lets it go on. */
    private record Operation(String name, Wait call) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Wait {
        Object until(Promise<Integer> result) throws Exception;
    }

    static Stream<Operation> operations() {
        return Stream.of(
                new Operation("promise.join", Promise::join),
                new Operation("promise.awaitOutcome", result -> result.awaitOutcome().get()),
                new Operation("task.join", result -> spawn(result::join).join()),
                new Operation("group", result -> group(g -> {
                    Task<Integer> task = g.spawn(result::join);
                    g.spawn(Heddle::checkpoint);
                    return task.join();
                })),
                new Operation("group.start", result -> group(g -> {
                    return g.start(signal -> signal.started(result.join()));
                })),
                new Operation("group.spawnService", result -> group(g -> {
                    g.spawnService(() -> sleep(ofHours(1)));
                    return result.join();
                })),
                new Operation("gather", result -> gather(result::join, () -> {
                    sleep(ofMillis(1));
                    return 0;
                }).getFirst()),
                new Operation("race", result -> race(result::join, () -> {
                    sleep(ofHours(1));
                    return 0;
                })),
                new Operation("map", result -> map(List.of(result, result, result), 2, Promise::join).getLast()),
                new Operation("timeout", result -> timeout(ofHours(1), result::join)),
                new Operation("moveOnAfter", result -> moveOnAfter(ofHours(1), result::join).orElseThrow()),
                new Operation("CancelScope.open", result -> CancelScope.open(scope -> {
                    return result.join();
                }).orElseThrow()),
                new Operation("Tasks.await", result -> {
                    Task<Integer> other = spawn(() -> {
                        sleep(ofHours(1));
                        return 0;
                    });
                    Tasks.await(List.of(other, result), AwaitCondition.FIRST_COMPLETED);
                    return result.join();
                }),
                new Operation("Tasks.asCompleted",
                        result -> Tasks.asCompleted(List.of(result)).iterator().next().join()),
                new Operation("await of a stage", result -> Heddle.await(result.toCompletableFuture())),
                new Operation("sleep and look", result -> {
                    while (!result.isDone()) {
                        sleep(ofMillis(1));
                    }
                    return result.join();
                }),
                new Operation("checkpoint and look", result -> {
                    while (!result.isDone()) {
                        checkpoint();
                    }
                    return result.join();
                }),
                new Operation("waiter.awaitWithin", result -> {
                    Waiter waiter = new Waiter("the result");
                    result.onDone(ended -> waiter.complete());
                    while (!waiter.awaitWithin(ofMillis(1))) {
                        checkpoint();
                    }
                    return result.join();
                }));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyWaitEndsWithItsResultOrItsCancelAndNothingIsLeft(Operation operation) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Heddle.run(ManualEngine.config(seed), () -> interleave(operation, random));
        }
    }

    private static void interleave(Operation operation, SplittableRandom random) {
        List<Promise<Integer>> results = new ArrayList<>();
        List<Task<Object>> waiting = new ArrayList<>();
        List<Boolean> cancelled = new ArrayList<>();
        List<String> cleanUps = new ArrayList<>();
        IntStream.range(0, TASKS).forEach(i -> {
            Promise<Integer> result = new Promise<>();
            results.add(result);
            waiting.add(spawn(() -> {
                try {
                    return operation.call.until(result);
                } finally {
                    shield(() -> {
                        checkpoint();
                        cleanUps.add("cleaned up");
                    });
                }
            }));
            cancelled.add(random.nextBoolean());
        });
        group(g -> {
            for (int i = 0; i < TASKS; i++) {
                int each = i;
                int stepsToResult = random.nextInt(6);
                int stepsToCancel = random.nextInt(6);
                g.spawn(() -> {
                    giveWay(stepsToResult);
                    results.get(each).complete(each);
                });
                if (cancelled.get(i)) {
                    g.spawn(() -> {
                        giveWay(stepsToCancel);
                        waiting.get(each).cancel("cancelled by the grid");
                    });
                }
            }
        });
        Tasks.await(waiting, AwaitCondition.ALL_COMPLETED);
        for (int i = 0; i < TASKS; i++) {
            Outcome<Object> outcome = waiting.get(i).awaitOutcome();
            assertTrue(
                    outcome.equals(new Outcome.Success<>(i))
                            || (cancelled.get(i) && outcome instanceof Outcome.Cancelled<Object>),
                    outcome::toString);
            assertEquals(0, results.get(i).listeners(), "listeners of an ended promise");
        }
        assertEquals(TASKS, cleanUps.size());
        assertEquals(1, currentLoop().allTasks().size());
        assertEquals(0, currentLoop().statistics().timers());
    }

    private static void giveWay(int steps) {
        for (int i = 0; i < steps; i++) {
            checkpoint();
        }
    }
}
