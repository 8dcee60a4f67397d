package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds in every order of tasks, tried in thousands of them. */
@Tag("full")
final class RandomOrderTest {

    @Test
    void resultsKeepTheirOrder() {
        ManualEngine.runInManyOrders(2_000, () -> {
            assertEquals(List.of(1, 2, 3), gather(later(1), later(2), later(3)));
            List<Integer> items = IntStream.range(0, 20).boxed().toList();
            assertEquals(items, map(items, 3, item -> {
                checkpoint();
                return item;
            }));
        });
    }

    @Test
    void groupEndsOnlyWhenAllItsTasksHaveEnded() {
        ManualEngine.runInManyOrders(3_000, () -> {
            SplittableRandom random = new SplittableRandom(Heddle.currentLoop().engine().random());
            int[] alive = new int[1];
            try {
                group(g -> grow(g, random, alive, 3));
            } catch (GroupException e) {
                assertTrue(e.failures().stream().allMatch(failure -> failure.getMessage().equals("made up")));
            }
            assertEquals(0, alive[0]);
            assertEquals(1, Heddle.currentLoop().allTasks().size());
            checkpoint();
        });
    }

    @Test
    void committedValuesAreNeverLostToACancel() {
        ManualEngine.runInManyOrders(5_000, () -> {
            Deque<Waiter> waiters = new ArrayDeque<>();
            int[] committed = new int[1];
            int[] delivered = new int[1];
            group(g -> {
                List<Task<Void>> takers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    takers.add(g.spawn(() -> {
                        Waiter waiter = new Waiter("a value");
                        waiters.add(waiter);
                        waiter.await();
                        delivered[0]++;
                    }));
                }
                g.spawn(() -> {
                    checkpoint();
                    takers.get(1).cancel("racing");
                    takers.get(2).cancel("racing");
                });
                g.spawn(() -> {
                    for (int i = 0; i < 8; i++) {
                        checkpoint();
                        Waiter next = waiters.poll();
                        if (next != null && next.complete()) {
                            committed[0]++;
                        }
                    }
                    g.cancel("no more values");
                });
            });
            assertEquals(committed[0], delivered[0]);
        });
    }

    @Test
    void cancelReachesEveryTaskWhateverItDoes() {
        ManualEngine.runInManyOrders(2_000, () -> {
            int[] ended = new int[1];
            assertFalse(moveOnAfter(ofMillis(10), () -> group(g -> {
                for (int i = 0; i < 5; i++) {
                    int kind = i;
                    g.spawn(() -> {
                        try {
                            waitSomehow(kind);
                        } finally {
                            shield(Heddle::checkpoint);
                            ended[0]++;
                        }
                    });
                }
            })));
            assertEquals(5, ended[0]);
        });
    }

    private static void waitSomehow(int kind) throws InterruptedException {
        switch (kind) {
            case 0 -> sleep(ofHours(1));
            case 1 -> group(g -> {
                g.spawn(() -> sleep(ofHours(1)));
            });
            case 2 -> {
                while (true) {
                    checkpoint();
                    sleep(ofMillis(1));
                }
            }
            case 3 -> new Waiter("nothing").await();
            default -> new CountDownLatch(1).await();
        }
    }

    private static void grow(TaskGroup g, SplittableRandom random, int[] alive, int depth) {
        int children = random.nextInt(3);
        for (int i = 0; i < children; i++) {
            g.spawn(() -> {
                alive[0]++;
                try {
                    checkpoint();
                    if (depth > 0) {
                        grow(g, random, alive, depth - 1);
                    }
                    if (random.nextInt(10) == 0) {
                        throw new IllegalStateException("made up");
                    }
                    sleep(ofMillis(random.nextInt(5)));
                } finally {
                    shield(Heddle::checkpoint);
                    alive[0]--;
                }
            });
        }
    }

    private static Callable<Integer> later(int value) {
        return () -> {
            sleep(ofMillis(10 - value));
            return value;
        };
    }
}
