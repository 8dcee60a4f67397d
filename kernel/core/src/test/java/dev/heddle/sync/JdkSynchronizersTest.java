package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * The synchronizers of the JDK between tasks of one loop: waiting in them lets the loop run, and a cancel ends the
 * wait.
 */
final class JdkSynchronizersTest {

    @Test
    void reentrantLock() {
        run(() -> {
            ReentrantLock lock = new ReentrantLock();
            int[] inside = new int[2];
            group(g -> {
                for (int i = 0; i < 5; i++) {
                    g.spawn(() -> {
                        lock.lock();
                        lock.lock();
                        try {
                            inside[0]++;
                            inside[1] = Math.max(inside[1], inside[0]);
                            checkpoint();
                            inside[0]--;
                        } finally {
                            lock.unlock();
                            lock.unlock();
                        }
                    });
                }
            });
            assertEquals(1, inside[1]);
        });
    }

    @Test
    void reentrantLockCancelled() {
        run(() -> {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            isCancelledWhileItWaits(lock::lockInterruptibly);
            assertFalse(lock.hasQueuedThreads());
            lock.unlock();
        });
    }

    @Test
    void reentrantLockIsNotReleasedByAnother() {
        run(() -> {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            assertThrows(IllegalMonitorStateException.class, spawn(lock::unlock)::join);
            assertEquals(1, lock.getHoldCount());
            assertFalse(spawn(() -> lock.tryLock(1, TimeUnit.MILLISECONDS)).join());
            assertEquals(1, lock.getHoldCount());
            lock.unlock();
        });
    }

    @Test
    void condition() {
        run(() -> {
            ReentrantLock lock = new ReentrantLock();
            java.util.concurrent.locks.Condition changed = lock.newCondition();
            boolean[] ready = new boolean[1];
            gather(
                    () -> {
                        lock.lock();
                        try {
                            while (!ready[0]) {
                                changed.await();
                            }
                        } finally {
                            lock.unlock();
                        }
                    },
                    () -> {
                        lock.lock();
                        try {
                            ready[0] = true;
                            changed.signalAll();
                        } finally {
                            lock.unlock();
                        }
                    });
            assertTrue(ready[0]);
        });
    }

    @Test
    void conditionCancelled() {
        run(() -> {
            ReentrantLock lock = new ReentrantLock();
            java.util.concurrent.locks.Condition never = lock.newCondition();
            isCancelledWhileItWaits(() -> {
                lock.lock();
                try {
                    never.await();
                } finally {
                    lock.unlock();
                }
            });
            assertFalse(lock.isLocked());
        });
    }

    @Test
    void semaphore() {
        run(() -> {
            Semaphore semaphore = new Semaphore(2);
            int[] inside = new int[2];
            group(g -> {
                for (int i = 0; i < 6; i++) {
                    g.spawn(() -> {
                        semaphore.acquire();
                        inside[0]++;
                        inside[1] = Math.max(inside[1], inside[0]);
                        checkpoint();
                        inside[0]--;
                        semaphore.release();
                    });
                }
            });
            assertEquals(2, inside[1]);
        });
    }

    @Test
    void semaphoreCancelled() {
        run(() -> {
            Semaphore semaphore = new Semaphore(0);
            isCancelledWhileItWaits(semaphore::acquire);
            assertFalse(semaphore.hasQueuedThreads());
        });
    }

    @Test
    void countDownLatch() {
        run(() -> {
            CountDownLatch latch = new CountDownLatch(3);
            group(g -> {
                for (int i = 0; i < 3; i++) {
                    g.spawn(latch::countDown);
                }
                latch.await();
            });
            assertEquals(0, latch.getCount());
        });
    }

    @Test
    void countDownLatchCancelled() {
        run(() -> isCancelledWhileItWaits(new CountDownLatch(1)::await));
    }

    @Test
    void cyclicBarrier() {
        run(() -> {
            List<String> seen = new ArrayList<>();
            CyclicBarrier barrier = new CyclicBarrier(3, () -> seen.add("action"));
            group(g -> {
                for (int i = 0; i < 3; i++) {
                    g.spawn(() -> {
                        barrier.await();
                        seen.add("released");
                    });
                }
            });
            assertEquals(List.of("action", "released", "released", "released"), seen);
        });
    }

    @Test
    void cyclicBarrierCancelled() {
        run(() -> {
            CyclicBarrier barrier = new CyclicBarrier(2);
            isCancelledWhileItWaits(barrier::await);
            assertTrue(barrier.isBroken());
        });
    }

    @Test
    void phaser() {
        run(() -> {
            Phaser phaser = new Phaser(3);
            List<Integer> phases = gather(
                    phaser::arriveAndAwaitAdvance, phaser::arriveAndAwaitAdvance, phaser::arriveAndAwaitAdvance);
            assertEquals(List.of(1, 1, 1), phases);
        });
    }

    @Test
    void phaserCancelled() {
        run(() -> {
            Phaser phaser = new Phaser(2);
            isCancelledWhileItWaits(() -> phaser.awaitAdvanceInterruptibly(phaser.arrive()));
            assertEquals(0, phaser.getPhase());
        });
    }

    @Test
    void exchanger() {
        run(() -> {
            Exchanger<String> exchanger = new Exchanger<>();
            assertEquals(List.of("right", "left"),
                    gather(() -> exchanger.exchange("left"), () -> exchanger.exchange("right")));
        });
    }

    @Test
    void exchangerCancelled() {
        run(() -> {
            Exchanger<String> exchanger = new Exchanger<>();
            isCancelledWhileItWaits(() -> exchanger.exchange("left"));
        });
    }

    /** The loop runs while a task waits in the body; cancelled, the task ends. */
    private static void isCancelledWhileItWaits(Action body) {
        Task<Void> waiting = spawn(body);
        sleep(Duration.ofMillis(1));
        assertEquals(Task.State.RUNNING, waiting.state());
        assertTrue(waiting.waitingFor().isPresent());
        waiting.cancel();
        assertThrows(TaskCancelledException.class, waiting::join);
    }
}
