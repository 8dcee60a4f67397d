package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
                    while (!lock.hasQueuedThreads()) {
                        Thread.onSpinWait();
                    }
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
    @MethodSource("lines")
    void hostBehindItsOwnTaskIsHelped(Line line) throws Exception {
        var host = new LockedQueue(line);
        host.start();
        assertHelped(line, host);
        host.interrupt();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void helperBehindATaskIsHelped(Line line) throws Exception {
        try (ExecutorService inner = Executors.newSingleThreadExecutor()) {
            assertHelped(line, turn -> line.inside(() -> inner.execute(turn)));
        }
    }

    private static Stream<Line> lines() {
        return Stream.of(new LockLine(false), new LockLine(true), new MonitorLine());
    }

    /** Holds the lock until the task stands in its line, and the host or the helper behind it. */
    private void assertHelped(Line line, Executor host) throws Exception {
        var held = new AtomicBoolean();
        var begun = new CountDownLatch(1);
        try (Loop loop = Loop.guest(config, host)) {
            Task<String> task = loop.spawn("who posts", () -> {
                begun.countDown();
                while (!held.get()) { // and does not let the host go
                    Thread.onSpinWait();
                }
                line.inside(() -> {});
                Heddle.sleep(Duration.ofMillis(1));
                return "goes on";
            });
            begun.await();
            line.inside(() -> {
                held.set(true);
                while (line.length() < 1) {
                    Thread.onSpinWait();
                }
                while (line.length() < 2) {
                    loop.spawn(() -> {}); // the host or the helper posts the next turn for it
                    LockSupport.parkNanos(1_000_000);
                }
            });
            assertEquals("goes on", task.join());
        }
        assertEquals(1, reports.size(), reports.toString());
        assertTrue(
                reports.getFirst()
                        .matches("task who posts .* " + line + " that the host of loop waits for"
                                + ", and has run beside it until its next wait"),
                reports.getFirst());
    }

    /** A lock or a monitor, with its condition, and who stands in line for it. */
    private abstract static class Line {
        abstract void inside(Runnable body);

        abstract void await() throws InterruptedException;

        abstract void signal();

        abstract int length();
    }

    private static final class LockLine extends Line {
        private final ReentrantLock lock;
        private final Condition filled;

        LockLine(boolean fair) {
            lock = new ReentrantLock(fair);
            filled = lock.newCondition();
        }

        @Override
        void inside(Runnable body) {
            lock.lock();
            try {
                body.run();
            } finally {
                lock.unlock();
            }
        }

        @Override
        void await() throws InterruptedException {
            filled.await();
        }

        @Override
        void signal() {
            filled.signal();
        }

        @Override
        int length() {
            return lock.getQueueLength();
        }

        @Override
        public String toString() {
            return "was the next for a lock";
        }
    }

    private static final class MonitorLine extends Line {
        private final Set<Thread> seen = new CopyOnWriteArraySet<>();

        @Override
        void inside(Runnable body) {
            seen.add(Thread.currentThread());
            synchronized (this) {
                body.run();
            }
        }

        @Override
        void await() throws InterruptedException {
            wait();
        }

        @Override
        void signal() {
            notify();
        }

        @Override
        int length() {
            return (int) seen.stream().filter(each -> each.getState() == Thread.State.BLOCKED).count();
        }

        @Override
        public String toString() {
            return "may have been the next for a monitor";
        }
    }

    /** The event queue of a user interface: one lock for who posts and who takes, as that of AWT has. */
    private static final class LockedQueue extends Thread implements Executor {
        private final Line line;
        private final Queue<Runnable> events = new ArrayDeque<>();
        private Runnable next = () -> {};

        LockedQueue(Line line) {
            super("host");
            this.line = line;
            setDaemon(true);
        }

        @Override
        public void execute(Runnable event) {
            line.inside(() -> {
                events.add(event);
                line.signal();
            });
        }

        @Override
        public void run() {
            while (!isInterrupted()) {
                next.run();
                line.inside(this::take);
            }
        }

        private void take() {
            try {
                while (events.isEmpty()) {
                    line.await();
                }
                next = events.remove();
            } catch (InterruptedException e) {
                interrupt(); // the test is over
            }
        }
    }
}
