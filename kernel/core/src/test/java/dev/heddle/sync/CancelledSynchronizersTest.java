package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Sixteen tasks use one synchronizer, and some of them are cancelled at any step, in many orders: each ends with its
 * result or with its cancel, no wake-up is lost, and nothing is left behind.
 */
final class CancelledSynchronizersTest {

    private static final int TASKS = 16;
    private static final int ORDERS = 300;
    private static final int MAX_STEPS = 40;

    @Test
    void event() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            Event event = Event.create();
            useAndCancel(event::await, () -> {
                pause();
                event.set();
            });
            assertEquals(new Event.Statistics(true, 0), event.statistics());
        });
    }

    @Test
    void eventWithALimit() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            Event event = Event.create();
            useAndCancel(
                    () -> {
                        boolean set = event.awaitWithin(Duration.ofSeconds(1 + random(3)));
                        assertTrue(event.isSet() || !set);
                    },
                    () -> {
                        sleep(Duration.ofSeconds(2));
                        event.set();
                    });
            assertEquals(new Event.Statistics(true, 0), event.statistics());
        });
    }

    @Test
    void mutex() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            Mutex mutex = Mutex.create();
            boolean[] inside = new boolean[1];
            useAndCancel(() -> mutex.run(() -> alone(inside)), () -> {});
            assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        });
    }

    @Test
    void mutexWithALimit() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            Mutex mutex = Mutex.create();
            boolean[] inside = new boolean[1];
            useAndCancel(
                    () -> {
                        if (mutex.acquireWithin(Duration.ofSeconds(random(4)))) {
                            try {
                                sleep(Duration.ofSeconds(random(2)));
                                alone(inside);
                            } finally {
                                mutex.release();
                            }
                        }
                    },
                    () -> {});
            assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        });
    }

    @Test
    void condition() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            Mutex mutex = Mutex.create();
            Condition condition = mutex.newCondition();
            int[] dishes = new int[1];
            useAndCancel(
                    () -> mutex.run(() -> {
                        condition.awaitUntil(() -> dishes[0] > 0);
                        dishes[0]--;
                    }),
                    () -> {
                        for (int i = 0; i < TASKS; i++) {
                            mutex.run(() -> {
                                dishes[0]++;
                                condition.signal();
                            });
                            checkpoint();
                        }
                    });
            assertEquals(new Condition.Statistics(0), condition.statistics());
            assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        });
    }

    @Test
    void boundedSemaphore() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            BoundedSemaphore semaphore = BoundedSemaphore.of(3);
            useAndCancel(
                    () -> {
                        semaphore.run(() -> checkpoint());
                        if (semaphore.acquireWithin(Duration.ofSeconds(random(2)))) {
                            semaphore.release();
                        }
                    },
                    () -> {});
            assertEquals(new BoundedSemaphore.Statistics(3, 3, 0), semaphore.statistics());
        });
    }

    @Test
    void limiterWhoseTotalChanges() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            useAndCancel(
                    () -> {
                        limiter.run(() -> checkpoint());
                        if (limiter.acquireWithin(Duration.ofSeconds(random(2)))) {
                            limiter.release();
                        }
                    },
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            limiter.setTotal(random(5));
                            checkpoint();
                        }
                        limiter.setTotal(2);
                    });
            assertEquals(new ConcurrencyLimiter.Statistics(2, 0, 0, List.of()), limiter.statistics());
        });
    }

    @Test
    void memo() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            int[] fetching = new int[2];
            Memo<Integer, Integer> memo = Memo.of("squares", MemoOptions.DEFAULT.withMaxSize(1), key -> {
                fetching[key]++;
                try {
                    pause();
                    sleep(Duration.ofSeconds(random(2)));
                } finally {
                    fetching[key]--;
                }
                return key * key;
            });
            useAndCancel(
                    () -> {
                        int key = random(2);
                        assertEquals(key * key, memo.get(key));
                    },
                    () -> {
                        pause();
                        memo.forget(random(2));
                    });
            assertEquals(0, memo.statistics().fetching() + fetching[0] + fetching[1]);
            assertTrue(memo.statistics().size() <= 1);
        });
    }

    @Test
    void barrierBreaksForAllOrForNobody() {
        ManualEngine.runInManyOrders(ORDERS, () -> {
            Barrier barrier = Barrier.of(TASKS);
            int[] passed = new int[1];
            useAndCancel(
                    () -> {
                        try {
                            barrier.await();
                            passed[0]++;
                        } catch (BrokenException e) {
                            assertTrue(barrier.isBroken());
                        }
                    },
                    () -> {
                        sleep(Duration.ofSeconds(1));
                        if (passed[0] == 0) {
                            barrier.abort(); // one was cancelled before it arrived, so the others would wait for ever
                        }
                    });
            assertTrue(passed[0] == 0 || passed[0] == TASKS, passed[0] + " passed");
            assertEquals(0, barrier.statistics().arrived());
        });
    }

    /** Runs the use in each task, and the helper, and cancels some of the tasks after some steps. */
    private static void useAndCancel(Action use, Action helper) {
        List<Task<Void>> tasks = new ArrayList<>();
        group(g -> {
            for (int i = 0; i < TASKS; i++) {
                tasks.add(g.spawn(use));
            }
            g.spawn(helper);
            for (int i = 0; i < 4; i++) {
                pause();
                tasks.get(random(TASKS)).cancel();
            }
        });
        for (Task<Void> task : tasks) {
            assertTrue(task.state() == Task.State.SUCCEEDED || task.state() == Task.State.CANCELLED, task.toString());
        }
    }

    private static void alone(boolean[] inside) {
        assertFalse(inside[0], currentTask().name() + " is not alone");
        inside[0] = true;
        try {
            checkpoint();
        } finally {
            inside[0] = false;
        }
    }

    private static void pause() {
        int steps = random(MAX_STEPS);
        for (int i = 0; i < steps; i++) {
            checkpoint();
        }
    }

    private static int random(int bound) {
        return Math.floorMod(currentLoop().engine().random(), bound);
    }
}
