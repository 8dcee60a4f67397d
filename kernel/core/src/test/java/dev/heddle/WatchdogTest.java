package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.NioEngine;
import dev.heddle.internal.diagnosis.DeadlockWatch;
import dev.heddle.internal.diagnosis.Watchdog;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jdk.internal.vm.Continuation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who holds a loop for too long is reported with its name and its stack. */
final class WatchdogTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<Throwable> stacks = new CopyOnWriteArrayList<>();

    private final Config config = Config.DEFAULT
            .withSignals(false)
            .withBlockedAfter(ofMillis(20))
            .withFailureHandler((what, failure) -> {
                stacks.add(failure);
                reports.add(what);
            });

    @Test
    void taskThatHoldsItsLoopIsReportedWithItsNameAndStack() {
        Heddle.run(config, () -> spawn("hog", this::holdUntilReported).join());
        assertTrue(reports.getFirst().startsWith("task hog (loop, running) holds loop for more than 20 ms"),
                reports.getFirst());
        assertTrue(
                List.of(stacks.getFirst().getStackTrace()).stream()
                        .anyMatch(frame -> frame.getMethodName().equals("holdUntilReported")),
                () -> List.of(stacks.getFirst().getStackTrace()).toString());
    }

    @Test
    void defaultIsLongerWhileTheProcessIsNew() {
        Duration usual = Config.DEFAULT.blockedAfter();
        assertEquals(ofMillis(500), Watchdog.limit(usual, Duration.ofSeconds(2).toNanos()));
        assertEquals(usual, Watchdog.limit(usual, Duration.ofSeconds(4).toNanos()));
    }

    @Test
    void chosenLimitCountsFromTheBeginning() {
        assertEquals(ofMillis(20), Watchdog.limit(ofMillis(20), 0));
    }

    @Test
    void limitShorterThanThePauseBetweenLooksIsKeptAsWellAsCanBe() {
        Heddle.run(config.withBlockedAfter(ofMillis(1)), this::holdUntilReported);
    }

    @Test
    void initializerOfAClassIsNotBlamed() {
        Heddle.run(config, () -> Slow.touch());
        assertEquals(List.of(), reports);
    }

    /** Takes long to initialize, once. */
    static final class Slow {

        static {
            hold(200);
        }

        private Slow() {}

        static void touch() {
            // The class is there now.
        }
    }

    @Test
    void loadingAndLinkingAreSeenOnAStack() {
        assertTrue(Watchdog.isLoading(stack("java.util.Map.get", "java.lang.ClassLoader.loadClass", "app.Main.run")));
        assertTrue(Watchdog.isLoading(stack("java.lang.invoke.MethodHandleNatives.linkCallSite", "app.Main.run")));
        assertTrue(Watchdog.isLoading(stack("app.Codec.fill", "app.Codec.<clinit>", "app.Main.run")));
        assertFalse(Watchdog.isLoading(stack("java.util.HashMap.get", "app.Main.run")));
    }

    private static StackTraceElement[] stack(String... frames) {
        return Stream.of(frames)
                .map(WatchdogTest::frame)
                .toArray(StackTraceElement[]::new);
    }

    private static StackTraceElement frame(String method) {
        int dot = method.lastIndexOf('.');
        return new StackTraceElement(method.substring(0, dot), method.substring(dot + 1), null, -1);
    }

    @Test
    void oneHoldIsReportedOnce() {
        Heddle.run(config, () -> {
            holdUntilReported();
            hold(100);
        });
        assertEquals(1, reports.size(), reports::toString);
    }

    @Test
    void waitOfAThreadThatIsPinnedSaysThatItIs() {
        AtomicReference<Thread> pinned = new AtomicReference<>();
        Heddle.run(
                config.withFailureHandler((what, failure) -> {
                    reports.add(what);
                    LockSupport.unpark(pinned.get());
                }),
                () -> {
                    pinned.set(Thread.currentThread());
                    Continuation.pin();
                    try {
                        while (reports.isEmpty()) {
                            LockSupport.park();
                        }
                    } finally {
                        Continuation.unpin();
                    }
                });
        assertEquals(
                List.of("task main (loop, running) waits without leaving loop for more than 20 ms, so no other task"
                        + " of it runs; native code or a class initializer on its stack or an earlier"
                        + " StackOverflowError pins it"),
                reports);
    }

    @Test
    void eachHoldIsReported() {
        Heddle.run(config, () -> {
            holdUntilReported();
            checkpoint();
            sleep(ofMillis(1));
            int before = reports.size();
            while (reports.size() == before) {
                Thread.onSpinWait();
            }
        });
        assertEquals(2, reports.size(), reports::toString);
    }

    @Test
    void callbackThatHoldsItsLoopIsReported() {
        Heddle.run(config, () -> {
            Heddle.currentLoop().callSoon(this::holdUntilReported);
            sleep(ofMillis(1));
        });
        assertTrue(reports.getFirst().startsWith("a callback holds loop"), reports.getFirst());
    }

    @Test
    void taskThatWaitsIsNotReported() {
        Heddle.run(config.withBlockedAfter(ofMillis(100)), () -> {
            sleep(ofMillis(200));
            Thread.sleep(200);
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void cancelThatComesJustBeforeTheLoopSleepsIsLookedAtInTimeWhereverTheWatchdogIs() {
        for (int moment = 0; cancelDuringALook(moment); moment++) {
            // until there is no moment left in its look
        }
    }

    /**
     * A loop cancels and goes to sleep, in the same turn, while the watchdog looks at it.
     *
     * @param moment how often the watchdog has come to the loops before
     * @return whether it has come to them so often
     */
    private boolean cancelDuringALook(int moment) {
        var now = new AtomicLong();
        var deadlocks = new DeadlockWatch(now::get);
        var watchdog = new Watchdog();
        var bell = new Waiter("the bell");
        try (Loop loop = Loop.start(config.withBlockedAfter(ZERO))) { // the real one does not look
            var mayGoOn = new CountDownLatch(1);
            var holds = new CountDownLatch(1);
            loop.spawn(() -> CancelScope.open(scope -> {
                holds.countDown();
                while (mayGoOn.getCount() > 0) {
                    Thread.onSpinWait();
                }
                scope.cancel("enough");
                bell.awaitDespiteCancel(() -> {});
            }));
            while (holds.getCount() > 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 8; i++) { // nothing happens, so it looks ever more rarely
                now.addAndGet(watchdog.untilNextLook(List.of(loop), deadlocks));
            }
            var times = new AtomicInteger();
            var loops = new AbstractList<Loop>() {
                @Override
                public Loop get(int index) {
                    if (times.getAndIncrement() == moment) {
                        mayGoOn.countDown();
                        while (!loop.scheduler.isAsleep()) {
                            Thread.onSpinWait();
                        }
                    }
                    return loop;
                }

                @Override
                public int size() {
                    return 1;
                }
            };
            long nanos = watchdog.untilNextLook(loops, deadlocks);
            mayGoOn.countDown();
            bell.complete();
            assertTrue(nanos <= OpenCancels.PATIENCE_NANOS || times.get() <= moment, moment + ": " + nanos);
            return times.get() > moment;
        }
    }

    @Test
    void newLoopIsWatchedAlthoughAllOthersSleep() {
        try (Loop sleeping = Loop.start(config)) {
            sleeping.spawn(() -> sleep(ofMillis(50))).join();
            Heddle.run(config.withName("fresh"), this::holdUntilReported);
        }
        assertTrue(reports.getFirst().contains("holds fresh"), reports.getFirst());
    }

    @Test
    void otherLoopsAreUnaffectedByABlockedOne() {
        Heddle.run(config.withLoops(2), () -> {
            Loop other = Heddle.currentLoop().siblings().get(1);
            Task<Void> hog = other.spawn(this::holdUntilReported);
            for (int i = 0; i < 10; i++) {
                sleep(ofMillis(1));
            }
            hog.join();
        });
        assertTrue(reports.getFirst().contains("holds loop-1"), reports.getFirst());
    }

    @Test
    void handlerThatThrowsDoesNotEndTheWatch() {
        Config failing = config.withFailureHandler((what, failure) -> {
            reports.add(what);
            throw new IllegalStateException("the handler is broken (expected in this test)");
        });
        Heddle.run(failing, () -> {
            holdUntilReported();
            sleep(ofMillis(1));
            reports.clear();
            holdUntilReported();
        });
        assertEquals(1, reports.size());
    }

    @Test
    void handlerThatBlocksKeepsTheWatchdogFromNoOtherLoopAndHearsOfItsOwnLater() {
        var blocks = new CountDownLatch(1);
        var mayGoOn = new CountDownLatch(1);
        Config blocking = config.withFailureHandler((what, failure) -> {
            blocks.countDown();
            awaitZero(mayGoOn);
            reports.add(what);
        });
        try (Loop deaf = Loop.start(blocking.withName("deaf"))) {
            deaf.spawn(() -> holdUntil(() -> blocks.getCount() == 0)).join();
            Heddle.run(config.withName("other"), this::holdUntilReported);
            assertTrue(reports.getFirst().contains("holds other"), reports::toString);
            mayGoOn.countDown();
            deaf.spawn("second", () -> holdUntil(() -> reports.size() == 3)).join();
        }
        assertTrue(reports.get(2).startsWith("task second"), reports::toString);
    }

    @Test
    @Tag("full")
    void handlerThatNeverComesBackIsToldOnceWithItsStack() {
        var told = new LinkedBlockingQueue<LogRecord>();
        Logger logger = Logger.getLogger("dev.heddle");
        logger.setFilter(entry -> !told.add(entry));
        var mayGoOn = new CountDownLatch(1);
        var heard = new AtomicInteger();
        Config blocking = config.withBlockedAfter(ofMillis(6)).withFailureHandler((what, failure) -> {
            heard.incrementAndGet();
            awaitZero(mayGoOn);
        });
        try {
            Heddle.run(blocking, () -> {
                while (told.isEmpty()) {
                    hold(10);
                    checkpoint();
                }
                hold(20); // one more that finds no room
            });
            assertEquals(1, heard.get());
        } finally {
            logger.setFilter(null);
            mayGoOn.countDown();
        }
        LogRecord only = told.remove();
        assertTrue(told.isEmpty(), told::toString);
        assertTrue(only.getMessage().startsWith("the failure handler of loop does not come back"), only.getMessage());
        assertTrue(
                List.of(only.getThrown().getStackTrace()).stream()
                        .anyMatch(frame -> frame.getMethodName().equals("awaitZero")),
                () -> List.of(only.getThrown().getStackTrace()).toString());
    }

    private static void awaitZero(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void engineThatLosesAWakeUpIsNamedOnceWithWhatWaitsForIt() throws InterruptedException {
        var engine = new Forgetful();
        try (Loop loop = Loop.start(config.withBlockedAfter(ofMillis(2)).withEngine(() -> engine))) {
            loop.spawn("greeter", () -> {}).join();
            await(loop.scheduler::isAsleep);
            engine.forgetful = true;
            Task<Void> task = loop.spawn("orphan", () -> {});
            Handle callback = loop.callFromThread(() -> {});
            await(() -> !lostWakes().isEmpty());
            Thread.sleep(20); // a few looks more
            engine.wakeTruly();
            task.join();
            await(callback::isDone);
        }
        assertEquals(1, lostWakes().size(), reports::toString);
        String report = lostWakes().getFirst();
        assertTrue(report.startsWith("loop was woken more than 100 ms ago"), report);
        assertTrue(report.contains("poll() of its engine " + Forgetful.class.getName()), report);
        assertTrue(report.endsWith(": a call of another thread, task orphan (loop, pending), a callback"), report);
        StackTraceElement[] stack = stacks.get(reports.indexOf(report)).getStackTrace();
        assertTrue(
                List.of(stack).stream()
                        .anyMatch(frame -> frame.getClassName().equals(ForwardingEngine.class.getName())
                                && frame.getMethodName().equals("poll")),
                () -> List.of(stack).toString());
    }

    private List<String> lostWakes() {
        return reports.stream().filter(report -> report.contains("has lost the wake-up")).toList();
    }

    @Test
    void engineThatOversleepsWithoutBeingWokenIsNamedOnce() {
        var engine = new Sleepy();
        try (Loop loop = Loop.start(config.withBlockedAfter(ofMillis(2)).withEngine(() -> engine))) {
            loop.spawn(() -> sleep(ofMillis(120))).join(); // longer than what it may be late
            assertEquals(List.of(), reports);
            Task<Void> task = loop.spawn(() -> {
                engine.oversleeps = true; // here, since the loop may still be on its way to sleep elsewhere
                sleep(ofMillis(10));
            });
            await(() -> !reports.isEmpty());
            engine.oversleeps = false;
            loop.callFromThread(() -> {});
            task.join();
        }
        String report = reports.getFirst();
        assertTrue(report.matches("loop was to wait for .+ ms at most, which was over more than 100 ms ago, but .+"),
                report);
        assertTrue(
                report.endsWith("poll() of its engine " + Sleepy.class.getName()
                        + " has not come back: it oversleeps, and what is due waits"),
                report);
        assertEquals(1, reports.size(), reports::toString);
        StackTraceElement[] stack = stacks.getFirst().getStackTrace();
        assertTrue(
                List.of(stack).stream().anyMatch(frame -> frame.getClassName().equals(Sleepy.class.getName())),
                () -> List.of(stack).toString());
    }

    @Test
    void engineThatWaitsThoughSomethingIsReadyIsNamedWithWhatWaitsForIt() {
        var engine = new Sleepy();
        try (Loop loop = Loop.start(config.withBlockedAfter(ofMillis(2)).withEngine(() -> engine))) {
            Task<Void> task = loop.spawn(() -> {
                engine.oversleeps = true;
                while (engine.oversleeps) {
                    checkpoint(); // so that it is only asked whether there is something
                }
            });
            await(() -> engine.asleep);
            loop.spawn("orphan", () -> {});
            await(() -> !reports.isEmpty());
            engine.oversleeps = false;
            engine.wake();
            task.join();
        }
        assertTrue(reports.getFirst().startsWith("loop was to wait for 0 s at most"), reports.getFirst());
        assertTrue(reports.getFirst().contains(", task orphan (loop, pending)"), reports.getFirst());
        assertEquals(1, reports.size(), reports::toString);
    }

    @Test
    void engineThatWaitsThoughSomethingCameBeforeItSleptIsNamedWithWhatWaitsForIt() {
        var engine = new Sleepy();
        try (Loop loop = Loop.start(config.withBlockedAfter(ofMillis(2)).withEngine(() -> engine))) {
            Task<Void> task = loop.spawn(() -> {
                CompletableFuture<Void> left = CompletableFuture.runAsync(() -> loop.spawn("orphan", () -> {}));
                while (!left.isDone()) {
                    Thread.onSpinWait();
                }
                engine.oversleeps = true;
                sleep(ofMillis(150)); // the inbox has something by then, so the engine is only asked
            });
            await(() -> reports.stream().anyMatch(report -> report.startsWith("loop was to wait for 0 s at most")));
            engine.oversleeps = false;
            engine.wake();
            task.join();
        }
        assertTrue(reports.getLast().contains(", task orphan (loop, pending)"), reports.getLast());
    }

    /** Waits until it is woken, however long it may, while it is so. */
    private static final class Sleepy extends ForwardingEngine {
        private volatile boolean oversleeps;
        private volatile boolean asleep;

        Sleepy() {
            super(new NioEngine());
        }

        @Override
        public boolean poll(long timeoutNanos, boolean external) {
            asleep = oversleeps;
            return super.poll(oversleeps ? Long.MAX_VALUE : timeoutNanos, external);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Loses the wake-ups that come while it is so. */
    private static final class Forgetful extends ForwardingEngine {
        private volatile boolean forgetful;

        Forgetful() {
            super(new NioEngine());
        }

        @Override
        public void wake() {
            if (!forgetful) {
                super.wake();
            }
        }

        void wakeTruly() {
            forgetful = false;
            super.wake();
        }
    }

    @Test
    void limitOfZeroMeansNoReports() {
        Heddle.run(config.withBlockedAfter(ZERO), () -> hold(60));
        assertEquals(List.of(), reports);
    }

    @Test
    void negativeLimitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> config.withBlockedAfter(ofMillis(-1)));
    }

    private void holdUntilReported() {
        holdUntil(() -> !reports.isEmpty());
    }

    private static void holdUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
            Thread.onSpinWait();
        }
        assertTrue(condition.getAsBoolean(), "not reported within 10 s");
    }

    private static void hold(long millis) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis)) {
            Thread.onSpinWait();
        }
    }
}
