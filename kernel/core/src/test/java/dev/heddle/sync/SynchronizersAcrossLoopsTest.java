package dev.heddle.sync;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tasks of two loops and platform threads share one synchronizer. */
final class SynchronizersAcrossLoopsTest {

    private static final int ROUNDS = 300;
    private static final int EACH = 3;

    /** Three threads and three tasks of each of two loops. */
    private static final int ALL = 3 * EACH;

    @Test
    void mutexLetsOneInAtATime() throws InterruptedException {
        Mutex mutex = Mutex.create();
        int[] counter = new int[1];
        everywhere(() -> mutex.run(() -> {
            int seen = counter[0];
            Thread.yield();
            counter[0] = seen + 1;
        }));
        assertEquals(ALL * ROUNDS, counter[0]);
        assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
    }

    @Test
    void mutexThatIsGivenUpAfterATimeIsNeverLost() throws InterruptedException {
        Mutex mutex = Mutex.create();
        AtomicInteger inside = new AtomicInteger();
        everywhere(() -> {
            if (mutex.acquireWithin(Duration.ofNanos(50_000))) {
                assertEquals(1, inside.incrementAndGet());
                inside.decrementAndGet();
                mutex.release();
            }
        });
        assertTrue(mutex.tryAcquire());
    }

    @Test
    void permitThatComesAsTheTimePassesIsTakenOrStaysForAnother() throws InterruptedException {
        BoundedSemaphore semaphore = BoundedSemaphore.of(1);
        AtomicInteger failures = new AtomicInteger();
        Action shortOfTime = () -> {
            for (int i = 0; i < 10_000; i++) {
                if (semaphore.acquireWithin(Duration.ofNanos(1 + i % 100))) {
                    semaphore.release();
                }
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    shortOfTime.run();
                } catch (Exception e) {
                    failures.incrementAndGet();
                }
            }));
        }
        run(shortOfTime);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, failures.get());
        assertEquals(new BoundedSemaphore.Statistics(1, 1, 0), semaphore.statistics());
    }

    @Test
    @Tag("full")
    void barrierThatHasReleasedAllIsNotBrokenByACancelThatComesWithIt() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            Barrier barrier = Barrier.of(2);
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    barrier.await();
                } catch (CancelledException e) {
                    assertTrue(Thread.currentThread().isInterrupted());
                }
            });
            while (barrier.statistics().arrived() == 0) {
                Thread.onSpinWait();
            }
            other.interrupt();
            for (int k = 0; k < i * 10; k++) {
                Thread.onSpinWait();
            }
            boolean passed = passes(barrier);
            other.join();
            assertEquals(passed, !barrier.isBroken());
        }
    }

    private static boolean passes(Barrier barrier) {
        try {
            barrier.await();
            return true;
        } catch (BrokenException e) {
            return false;
        }
    }

    @Test
    void semaphoreAcquiredInOnePlaceIsReleasedInAnother() throws InterruptedException {
        BoundedSemaphore full = BoundedSemaphore.of(ALL * ROUNDS);
        while (full.tryAcquire()) {
            assertFalse(full.statistics().available() < 0);
        }
        Thread releasing = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < ALL * ROUNDS; i++) {
                full.release();
            }
        });
        everywhere(full::acquire);
        releasing.join();
        assertEquals(new BoundedSemaphore.Statistics(ALL * ROUNDS, 0, 0), full.statistics());
    }

    @Test
    void limiterIsSharedCorrectlyByAProgramOfThreadsAndAProgramOfLoops() throws InterruptedException {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.of(4);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger used = new AtomicInteger();
        everywhere(() -> {
            limiter.run(() -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.yield();
                inside.decrementAndGet();
            });
            if (used.incrementAndGet() % 50 == 0) {
                limiter.setTotal(1 + used.get() / 50 % 4);
            }
        });
        assertEquals(ALL * ROUNDS, used.get());
        assertTrue(most.get() <= 4, most + " at a time");
        assertEquals(0, limiter.statistics().borrowed());
        assertEquals(0, limiter.statistics().waiting());
    }

    @Test
    void barrierKeepsThemInStep() throws InterruptedException {
        AtomicInteger arrived = new AtomicInteger();
        AtomicInteger rounds = new AtomicInteger();
        Barrier barrier = Barrier.of(ALL, () -> assertEquals(ALL * rounds.incrementAndGet(), arrived.get()));
        everywhere(() -> {
            arrived.incrementAndGet();
            barrier.await();
        });
        assertEquals(ROUNDS, rounds.get());
        assertEquals(new Barrier.Statistics(ALL, 0, false), barrier.statistics());
    }

    @Test
    void eventWakesThemAllEachTime() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            events.add(Event.create());
        }
        AtomicInteger woken = new AtomicInteger();
        everywhere(() -> {
            Event event = events.get(woken.get() / ALL);
            if (woken.incrementAndGet() % ALL == 0) {
                event.set();
            } else {
                event.await();
            }
        });
        assertEquals(ALL * ROUNDS, woken.get());
        events.forEach(event -> assertEquals(0, event.statistics().waiting()));
    }

    /** Runs a body many times in each task of two loops and in each of some threads. */
    private static void everywhere(Action body) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    repeat(body);
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            List<Task<Void>> far = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                far.add(other.spawn(() -> repeat(body)));
            }
            group(g -> {
                for (int i = 0; i < EACH; i++) {
                    g.spawn(() -> repeat(body));
                }
            });
            far.forEach(Task::join);
        });
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), failures.toString());
    }

    private static void repeat(Action body) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            body.run();
        }
    }
}
