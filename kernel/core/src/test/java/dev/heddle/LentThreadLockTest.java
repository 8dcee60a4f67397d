package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks that tasks take and the thread that is lent to their loop, whose line then must not have both in it. */
final class LentThreadLockTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final Config config = Config.DEFAULT.withFailureHandler((what, _) -> reports.add(what));
    private final ExecutorService other = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().factory());

    @AfterEach
    void end() {
        other.shutdownNow();
    }

    @Test
    void lockIsWaitedForInTheTurnWhenAnotherThreadLetsItGoSoon() throws Exception {
        boolean had = false;
        for (int round = 0; round < 100 && !had; round++) { // the other thread may be late on a busy machine
            try (Loop loop = Loop.create(config)) {
                Thread driver = Thread.currentThread();
                var lock = new ReentrantLock();
                var held = new CountDownLatch(1);
                var turnOver = new CountDownLatch(1);
                other.execute(() -> {
                    lock.lock();
                    held.countDown();
                    awaitLine(lock);
                    while (driver.getState() != Thread.State.TIMED_WAITING && turnOver.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    lock.unlock();
                });
                held.await();
                Task<Void> task = loop.spawn(() -> {
                    lock.lock();
                    lock.unlock();
                });
                loop.step(Duration.ZERO);
                had = task.isDone();
                turnOver.countDown();
                while (!task.isDone()) {
                    loop.step(Duration.ofMillis(1));
                }
            }
        }
        assertTrue(had);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostBehindItsOwnTaskIsHelped(boolean fair) throws Exception {
        var host = new LockedQueue(fair);
        host.start();
        assertHelped(host.lock, host);
        host.interrupt();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void helperBehindATaskIsHelped(boolean fair) throws Exception {
        var lock = new ReentrantLock(fair);
        try (ExecutorService inner = Executors.newSingleThreadExecutor()) {
            assertHelped(lock, turn -> {
                lock.lock();
                try {
                    inner.execute(turn);
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    /** Holds the lock until the task stands in its line, and the host or the helper behind it. */
    private void assertHelped(ReentrantLock lock, Executor host) throws Exception {
        var begun = new CountDownLatch(1);
        var held = new CountDownLatch(1);
        try (Loop loop = Loop.guest(config, host)) {
            Task<String> task = loop.spawn("who posts", () -> {
                begun.countDown();
                while (held.getCount() > 0) { // and does not let the host go
                    Thread.onSpinWait();
                }
                lock.lock();
                lock.unlock();
                Heddle.sleep(Duration.ofMillis(1));
                return "goes on";
            });
            begun.await();
            lock.lock();
            held.countDown();
            awaitLine(lock);
            while (lock.getQueueLength() < 2) {
                loop.spawn(() -> {}); // the host or the helper posts the next turn for it
                LockSupport.parkNanos(1_000_000);
            }
            lock.unlock();
            assertEquals("goes on", task.join());
        }
        assertEquals(1, reports.size(), reports.toString());
        assertTrue(
                reports.getFirst().matches("task who posts .* was the next for a lock that the host of loop waits for"
                        + ", and has run beside it until its next wait"),
                reports.getFirst());
    }

    private static void awaitLine(ReentrantLock lock) {
        while (!lock.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
    }

    /** The event queue of a user interface: one lock for who posts and who takes, as that of AWT has. */
    private static final class LockedQueue extends Thread implements Executor {
        final ReentrantLock lock;
        private final Condition filled;
        private final Queue<Runnable> events = new ArrayDeque<>();

        LockedQueue(boolean fair) {
            super("host");
            setDaemon(true);
            lock = new ReentrantLock(fair);
            filled = lock.newCondition();
        }

        @Override
        public void execute(Runnable event) {
            lock.lock();
            try {
                events.add(event);
                filled.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            try {
                while (true) {
                    next().run();
                }
            } catch (InterruptedException e) {
                // The test is over.
            }
        }

        private Runnable next() throws InterruptedException {
            lock.lock();
            try {
                while (events.isEmpty()) {
                    filled.await();
                }
                return events.remove();
            } finally {
                lock.unlock();
            }
        }
    }
}
