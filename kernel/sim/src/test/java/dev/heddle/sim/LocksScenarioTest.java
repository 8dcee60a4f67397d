package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

/** Locks and queues of java.util.concurrent in tasks. */
final class LocksScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(5);

    @Test
    void lockIsHeldByOneAndFreeInTheEndThoughWaitsAreCancelled() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            ReentrantLock lock = new ReentrantLock(random.chance(0.5));
            int[] inside = new int[1];
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(spawn(() -> {
                    lock.lockInterruptibly();
                    try {
                        assertEquals(1, ++inside[0]);
                        sleep(random.upTo(MOMENT));
                    } finally {
                        inside[0]--;
                        lock.unlock();
                    }
                }));
            }
            tasks.get(random.below(6)).cancel("changed its mind");
            sleep(random.upTo(MOMENT));
            tasks.get(random.below(6)).cancel("changed its mind");
            sleep(Duration.ofHours(1));
            tasks.forEach(each -> assertTrue(each.isDone() && each.failure().isEmpty(), each::toString));
            assertFalse(lock.isLocked() || lock.hasQueuedThreads());
        });
    }

    /** A bounded buffer as textbooks write it. */
    private static final class Buffer {

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Deque<Integer> elements = new ArrayDeque<>();

        void put(int element) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (elements.size() == 2) {
                    changed.await();
                }
                elements.add(element);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        int take() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (elements.isEmpty()) {
                    changed.await();
                }
                changed.signalAll();
                return elements.remove();
            } finally {
                lock.unlock();
            }
        }
    }

    @Test
    void textbookBufferLosesNothing() {
        Seeds.run(() -> {
            Buffer buffer = new Buffer();
            int[] sum = new int[1];
            Action producer = () -> {
                for (int i = 1; i <= 10; i++) {
                    buffer.put(i);
                }
            };
            Action consumer = () -> {
                for (int i = 1; i <= 10; i++) {
                    int taken = buffer.take(); // on a line of its own: the sum must not be read before the wait
                    sum[0] += taken;
                }
            };
            gather(producer, producer, consumer, consumer);
            assertEquals(110, sum[0]);
        });
    }

    @Test
    void takeFromAQueueOfTheJdkThatIsCancelledHasTakenNothing() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(3);
            int[] taken = new int[1];
            spawn(() -> {
                for (int i = 0; i < 10; i++) {
                    queue.put(i);
                    sleep(random.upTo(MOMENT));
                }
            });
            while (taken[0] < 10) {
                moveOnAfter(random.upTo(MOMENT), () -> {
                    assertEquals(taken[0], queue.take());
                    taken[0]++;
                });
            }
            assertTrue(queue.isEmpty());
        });
    }

    @Test
    void readersShareAndWritersDoNot() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
            int[] readers = new int[1];
            int[] writers = new int[1];
            Action read = () -> {
                lock.readLock().lock();
                readers[0]++;
                sleep(random.upTo(MOMENT));
                assertEquals(0, writers[0]);
                readers[0]--;
                lock.readLock().unlock();
            };
            Action write = () -> {
                lock.writeLock().lock();
                writers[0]++;
                sleep(random.upTo(MOMENT));
                assertEquals(1, writers[0]);
                assertEquals(0, readers[0]);
                writers[0]--;
                lock.writeLock().unlock();
            };
            gather(read, write, read, write, read);
        });
    }

    @Test
    void latchesAndBarriersLetAllGoOnTogether() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            CountDownLatch latch = new CountDownLatch(3);
            CyclicBarrier barrier = new CyclicBarrier(3);
            int[] arrived = new int[1];
            Action party = () -> {
                sleep(random.upTo(MOMENT));
                arrived[0]++;
                barrier.await();
                assertEquals(3, arrived[0]);
                latch.countDown();
            };
            gather(party, party, party, latch::await);
            assertEquals(0, latch.getCount());
        });
    }
}
