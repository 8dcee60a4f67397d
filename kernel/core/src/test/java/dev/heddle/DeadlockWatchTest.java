package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.diagnosis.DeadlockWatch;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Mutex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import kitchen.Fork;
import kitchen.Table;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tasks that wait for each other are reported without anybody asking; no other wait is. */
@Tag("full")
final class DeadlockWatchTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<Throwable> pages = new CopyOnWriteArrayList<>();

    private final Config config = Config.DEFAULT
            .withSignals(false)
            .withShutdownTimeout(ofMillis(20))
            .withFailureHandler((what, failure) -> {
                pages.add(failure);
                reports.add(what);
            });

    @Test
    void cycleIsReportedWithinASecondWithNamesLocksAndLines() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        Heddle.run(config, () -> {
            spawn("ann", Table.eat(both, noodles, fork));
            spawn("bob", Table.eat(both, fork, noodles));
            long start = System.nanoTime();
            awaitReports(1);
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 1500, millis + " ms"); // a second, and some for a busy machine
        });
        assertEquals(
                "these wait for each other and none can go on: task ann (loop, running), task bob (loop, running)",
                reports.getFirst());
        String page = assertInstanceOf(DeadlockException.class, pages.getFirst()).getMessage();
        assertTrue(page.contains("task ann (loop, running): the fork, held by task bob (loop, running)"), page);
        assertTrue(page.contains("kitchen.Table.lambda$eat"), page);
    }

    @Test
    void cycleOnAnAsleepLoopIsReported() {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CyclicBarrier both = new CyclicBarrier(2);
        try (Loop loop = Loop.start(config)) {
            Task<Void> ann = loop.spawn(Table.eat(both, one, other));
            Task<Void> bob = loop.spawn(Table.eat(both, other, one));
            pauseUntilReports(1);
            ann.cancel();
            bob.join();
        }
        assertTrue(reports.getFirst().contains("task task-1 (loop, running)"), reports::toString);
    }

    @Test
    void cycleInsideAGroupIsReportedInDebugModeToo() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        try (Loop loop = Loop.start(config.withDebug(true))) {
            loop.spawn(() -> group(g -> {
                g.spawn(Table.eat(both, noodles, fork));
                g.spawn(Table.eat(both, fork, noodles));
            }));
            pauseUntilReports(1);
        }
    }

    @Test
    void cycleOfMonitorsIsReported() {
        CyclicBarrier both = new CyclicBarrier(2);
        Object one = new StringBuffer();
        Object other = new StringBuffer();
        try (Loop loop = Loop.start(config)) {
            loop.spawn(Table.eat(both, one, other));
            loop.spawn(Table.eat(both, other, one));
            pauseUntilReports(1);
        }
        assertTrue(pages.getFirst().getMessage().contains("the monitor of StringBuffer@"), reports::toString);
    }

    @Test
    void cycleIsReportedOnceAndANewOneAgain() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        Heddle.run(config, () -> {
            for (int round = 1; round <= 2; round++) {
                CyclicBarrier both = new CyclicBarrier(2);
                Task<Void> ann = spawn(Table.eat(both, noodles, fork));
                Task<Void> bob = spawn(Table.eat(both, fork, noodles));
                awaitReports(round);
                sleep(ofMillis(200));
                assertEquals(round, reports.size(), reports::toString);
                ann.cancel();
                bob.join();
            }
        });
    }

    @Test
    void eachRunIsToldOfItsOwnCycleAndOfNoOther() {
        List<Loop> loops = new ArrayList<>();
        List<List<String>> told = new ArrayList<>();
        for (String run : List.of("one", "two", "three")) {
            List<String> mine = new CopyOnWriteArrayList<>();
            told.add(mine);
            Loop loop = Loop.start(config.withName(run).withFailureHandler((what, failure) -> {
                mine.add(what);
                reports.add(what);
            }));
            loops.add(loop);
            Mutex mutex = Mutex.named("of " + run);
            loop.spawn("owner", () -> mutex.run(() -> spawn("waiter", () -> mutex.run(() -> {})).join()));
        }
        pauseUntilReports(3);
        loops.forEach(Loop::close);
        for (int i = 0; i < loops.size(); i++) {
            String run = loops.get(i).name();
            assertEquals(
                    List.of("these wait for each other and none can go on: task owner (" + run
                            + ", running), task waiter ("
                            + run + ", running)"),
                    told.get(i));
        }
    }

    @Test
    void tokenOfANamedBorrowerMayComeBackFromAnyTask() {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.named("connections", 1);
        Heddle.run(config, () -> {
            limiter.acquireFor("connection 1");
            spawn("reaper", () -> {
                sleep(ofMillis(1_500));
                limiter.releaseFor("connection 1");
            });
            Task<Void> next = spawn("next", () -> limiter.acquireFor("connection 2"));
            checkpoint();
            assertEquals(List.of(), WaitReport.capture().cycles());
            next.join();
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void toStringThatNeverReturnsHoldsUpNobodyElse() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        try (Loop loop = Loop.start(config)) {
            loop.spawn(() -> new Waiter(new NeverInWords()).await());
            loop.spawn(Table.eat(both, noodles, fork));
            loop.spawn(Table.eat(both, fork, noodles));
            pause(1000);
            assertEquals(List.of(), reports); // the thread that makes the report waits for ever, and nothing else
            assertEquals("alive", loop.spawn(() -> "alive").join());
        }
    }

    /** Its words need a lock that nobody gives back. */
    private static final class NeverInWords {
        @Override
        public String toString() {
            new Waiter("nothing").await();
            return "";
        }
    }

    @Test
    void waitsThatAreNoCycleAreNotReported() {
        CompletableFuture<String> never = new CompletableFuture<>();
        ReentrantLock lock = new ReentrantLock();
        Channel<String> there = Channel.of(0);
        Heddle.run(config, () -> {
            spawn("holder", () -> {
                lock.lock();
                try {
                    sleep(ofHours(1));
                } finally {
                    lock.unlock();
                }
            });
            Heddle.checkpoint();
            spawn("waits for the holder", lock::lockInterruptibly);
            spawn("receiver", () -> {
                there.receive();
            });
            spawn("awaiting", () -> Heddle.await(never));
            spawn("owner of a group", () -> group(g -> g.spawn(() -> sleep(ofHours(1)))));
            sleep(ofMillis(1200));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void cycleThatADeadlineEndsIsNotReported() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        Heddle.run(config, () -> {
            Task<Boolean> ann = spawn(() -> Heddle.moveOnAfter(ofMillis(900), Table.eat(both, noodles, fork)));
            spawn(Table.eat(both, fork, noodles)).join();
            assertEquals(false, ann.join());
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void cycleThatADeadlineEndsIsReportedWhenItHasLasted() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicLong clock = new AtomicLong();
        try (Loop loop = Loop.start(config.withBlockedAfter(ZERO))) {
            loop.spawn(() -> Heddle.moveOnAfter(ofHours(1), Table.eat(both, noodles, fork)));
            loop.spawn(Table.eat(both, fork, noodles));
            while (loop.waitReport().cycles().isEmpty()) {
                pause(2);
            }
            DeadlockWatch watch = new DeadlockWatch(clock::get);
            for (int seconds = 0; seconds < 10; seconds++) {
                pause(2);
                clock.set(TimeUnit.SECONDS.toNanos(1 + seconds));
                watch.look(List.of(loop));
            }
            assertEquals(List.of(), reports);
            clock.set(TimeUnit.SECONDS.toNanos(100));
            watch.look(List.of(loop));
            pauseUntilReports(1);
        }
    }

    /** With many tasks, or on a machine that is busy, a look may take a second, and a hundred would pass. */
    @Test
    void secondLookComesSoonHoweverLongTheFirstTookAndIsPaidForAfterIt() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicLong millis = new AtomicLong();
        try (Loop loop = Loop.start(config.withBlockedAfter(ZERO))) {
            loop.spawn(Table.eat(both, noodles, fork));
            loop.spawn(Table.eat(both, fork, noodles));
            while (loop.waitReport().cycles().isEmpty()) {
                pause(2);
            }
            pause(20); // the loop has answered and sleeps
            DeadlockWatch watch = new DeadlockWatch(() -> TimeUnit.MILLISECONDS.toNanos(millis.getAndAdd(100)));
            millis.set(10_000);
            assertEquals(ofMillis(50).toNanos(), watch.look(List.of(loop)));
            assertEquals(List.of(), reports);
            millis.addAndGet(50);
            long next = TimeUnit.NANOSECONDS.toMillis(watch.look(List.of(loop)));
            pauseUntilReports(1);
            assertTrue(next >= 20_000, next + " ms"); // each of the two took 100 ms at least
        }
    }

    @Test
    void looksAtAnIdleLoopBecomeRareAndAtABusyOneDoNot() {
        AtomicLong clock = new AtomicLong();
        try (Loop loop = Loop.start(config.withBlockedAfter(ZERO))) {
            loop.spawn(() -> {}).join();
            pause(20);
            DeadlockWatch watch = new DeadlockWatch(clock::get);
            List<Long> millis = new ArrayList<>();
            for (int look = 0; look < 9; look++) {
                long next = watch.look(List.of(loop));
                millis.add(TimeUnit.NANOSECONDS.toMillis(next));
                clock.addAndGet(next);
            }
            assertEquals(List.of(500L, 500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L, 60_000L), millis);
            clock.addAndGet(-1);
            loop.spawn(() -> {}).join();
            pause(20);
            assertEquals(1, watch.look(List.of(loop)));
            clock.addAndGet(1);
            assertEquals(TimeUnit.MILLISECONDS.toNanos(500), watch.look(List.of(loop)));
        }
    }

    @Test
    void limitOfZeroMeansNoReports() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        Heddle.run(config.withBlockedAfter(ZERO), () -> {
            spawn(Table.eat(both, noodles, fork));
            spawn(Table.eat(both, fork, noodles));
            sleep(ofMillis(800));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void looksDoNotWakeASleepingLoop() {
        try (Loop loop = Loop.start(config)) {
            loop.spawn(() -> new Waiter("nothing").await());
            pause(100);
            long turns = loop.statistics().turns();
            pause(800);
            assertEquals(turns, loop.statistics().turns());
        }
    }

    private void awaitReports(int number) {
        long start = System.nanoTime();
        while (reports.size() < number && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5)) {
            sleep(ofMillis(5));
        }
        assertEquals(number, reports.size(), reports::toString);
    }

    private void pauseUntilReports(int number) {
        long start = System.nanoTime();
        while (reports.size() < number && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5)) {
            pause(5);
        }
        assertEquals(number, reports.size(), reports::toString);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
