package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A run from its main task to the end of its last: results, leftovers, interrupts and deadlocks. */
final class RunTest {

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void givesTheResultOfTheMainTask() {
        assertEquals("main on loop", run(() -> currentTask().name() + " on " + currentLoop().name()));
    }

    @Test
    void failuresOfTheMainTaskComeOut() {
        IllegalStateException unchecked = new IllegalStateException("bad");
        assertSame(unchecked, assertThrows(IllegalStateException.class, () -> runThrowing(unchecked)));
        IOException checked = new IOException("disk");
        assertSame(checked, assertThrows(TaskFailedException.class, () -> runThrowing(checked)).getCause());
        AssertionError error = new AssertionError("fatal");
        assertSame(error, assertThrows(AssertionError.class, () -> run(() -> throwError(error))));
    }

    @Test
    void runInsideATaskIsRefused() {
        run(() -> {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> run(() -> log.add("ran")));
            assertTrue(refused.getMessage().contains("run(...) inside a task"), refused.getMessage());
            currentLoop().callSoon(() -> assertThrows(IllegalStateException.class, () -> run(() -> log.add("ran"))));
            checkpoint();
        });
        assertEquals(List.of(), log);
    }

    @Test
    void runsMayFollowEachOtherAndStandSideBySide() throws Exception {
        for (int i = 0; i < 3; i++) {
            run(() -> sleep(ofMillis(1)));
        }
        Thread other = Thread.ofPlatform().start(() -> run(() -> sleep(ofMillis(10))));
        run(() -> sleep(ofMillis(10)));
        other.join();
    }

    @Test
    void runFromAVirtualThreadOfSomebodyElseWorks() throws Exception {
        Thread.ofVirtual().start(() -> log.add(run(() -> "result"))).join();
        assertEquals(List.of("result"), log);
    }

    @Test
    void runInsideAnOffloadedBodyWorks() {
        assertEquals("inner", run(() -> Heddle.<String>offload(() -> run(() -> "inner"))));
    }

    @Test
    void leftoverTasksAreCancelledAndAwaited() {
        ManualEngine.run(() -> {
            currentLoop().spawn(() -> {
                try {
                    sleep(ofHours(1));
                } catch (CancelledException e) {
                    log.add(e.getMessage());
                } finally {
                    shield(() -> sleep(ofSeconds(5)));
                    log.add("cleaned");
                }
            });
            checkpoint();
        });
        assertEquals(List.of("the loop ends", "cleaned"), log);
    }

    @Test
    void tenThousandWaitingTasksAllCleanUpOnce() {
        int[] cleaned = new int[1];
        ManualEngine.run(() -> {
            for (int i = 0; i < 10_000; i++) {
                currentLoop().spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        cleaned[0]++;
                    }
                });
            }
            sleep(ofSeconds(1));
        });
        assertEquals(10_000, cleaned[0]);
    }

    @Test
    void shutdownIsBoundedAndNamesTheTasksLeftBehind() {
        Config config = ManualEngine.config()
                .withShutdownTimeout(ofSeconds(3))
                .withFailureHandler((what, failure) -> log.add(what + ": " + failure.getMessage()));
        Heddle.run(config, () -> {
            currentLoop().spawn(() -> {
                while (true) {
                    shield(() -> sleep(ofSeconds(1)));
                }
            });
            checkpoint();
        });
        assertEquals(1, log.size(), log::toString);
        assertTrue(log.getFirst().contains("left behind"), log.getFirst());
        assertTrue(log.getFirst().contains("task-2"), log.getFirst());
    }

    @Test
    void shutdownIsBoundedEvenForATaskThatNeverStopsTurning() {
        Config config = Config.DEFAULT
                .withShutdownTimeout(ofMillis(20))
                .withFailureHandler((what, failure) -> log.add(what));
        Heddle.run(config, () -> {
            currentLoop().spawn(() -> {
                while (true) {
                    try {
                        checkpoint();
                    } catch (CancelledException e) {
                        log.remove("never there");
                    }
                    Thread.yield();
                }
            });
            checkpoint();
        });
        assertEquals(1, log.size(), log::toString);
    }

    @Test
    void callbackThatNeverReturnsDelaysTheShutdownOnlyToItsLimit() {
        ManualEngine.run(() -> {
            currentLoop().callSoon(() -> new Waiter("nothing").await());
            checkpoint();
        });
    }

    @Test
    void interruptOfTheCallerCancelsTheMainTaskAndStaysSet() throws Exception {
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                run(() -> {
                    log.add("ready");
                    sleep(ofHours(1));
                });
            } catch (CancelledException e) {
                log.add(e.getMessage());
                log.add("interrupted: " + Thread.currentThread().isInterrupted());
            }
        });
        while (log.isEmpty()) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join();
        assertEquals(List.of("ready", "the thread of run(...) was interrupted", "interrupted: true"), log);
    }

    @Test
    void mainTaskThatDoesNotListenIsLeftBehindAfterTheShutdownTimeout() throws Exception {
        interruptAndAwait(() -> new CompletableFuture<>().join());
        assertEquals(
                List.of("ready", "loop ended, but these tasks ignore their cancel and are left behind",
                        "the thread of run(...) was interrupted"),
                log);
    }

    @Test
    void ownedTaskThatDoesNotListenIsLeftBehindToo() throws Exception {
        interruptAndAwait(() -> {
            Heddle.spawn(() -> new CompletableFuture<>().join());
            sleep(ofHours(1));
        });
        assertEquals("the thread of run(...) was interrupted", log.getLast());
    }

    @Test
    @Tag("full") // a second passes before the loop counts as held
    void mainTaskThatHoldsItsLoopIsLeftBehindToo() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        interruptAndAwait(() -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
        });
        stop.set(true);
        assertTrue(log.contains("loop is held by task main (loop, running) and left behind"), log.toString());
        assertEquals("the thread of run(...) was interrupted", log.getLast());
    }

    @Test
    @Tag("full") // as above, and another second passes before the report counts as held
    void mainTaskThatHoldsTheLogTooIsLeftBehind() throws Exception {
        var lock = new ReentrantLock();
        AtomicBoolean stop = new AtomicBoolean();
        interruptAndAwait(
                (what, e) -> {
                    lock.lock();
                    lock.unlock();
                },
                () -> {
                    lock.lock();
                    while (!stop.get()) {
                        Thread.onSpinWait();
                    }
                    lock.unlock();
                });
        stop.set(true);
        assertEquals("the thread of run(...) was interrupted", log.getLast());
    }

    @Test
    void mainTaskThatDoesNotListenLeavesTheOthersTimeForTheirCleanUp() throws Exception {
        interruptAndAwait(ofMillis(400), (what, e) -> {}, () -> {
            currentLoop().spawn(() -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    shield(() -> sleep(ofMillis(20)));
                    log.add("cleaned up");
                }
            });
            sleep(ofMillis(1));
            new CompletableFuture<>().join();
        });
        assertEquals(List.of("ready", "cleaned up", "the thread of run(...) was interrupted"), log);
    }

    @Test
    @Tag("full") // a second passes before a loop counts as held
    void cleanUpThatHoldsTheLoopIsLeftBehindToo() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        interruptAndAwait(() -> {
            currentLoop().spawn("other", () -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    while (!stop.get()) {
                        Thread.onSpinWait();
                    }
                }
            });
            sleep(ofMillis(1));
            new CompletableFuture<>().join();
        });
        stop.set(true);
        assertTrue(log.contains("loop is held by task other (loop, running) and left behind"), log.toString());
    }

    @Test
    @Tag("full") // as above
    void otherLoopsThatAreHeldAreLeftBehindInTheTimeOfOne() {
        AtomicBoolean stop = new AtomicBoolean();
        Config config = Config.DEFAULT.withLoops(4)
                .withShutdownTimeout(ofMillis(50))
                .withFailureHandler((what, e) -> log.add(what));
        long begin = System.nanoTime();
        run(config, () -> {
            for (Loop loop : currentLoop().siblings().subList(1, 4)) {
                var begun = new Promise<Boolean>();
                loop.spawn("hog", () -> {
                    begun.complete(true);
                    while (!stop.get()) {
                        Thread.onSpinWait();
                    }
                });
                begun.join();
            }
        });
        stop.set(true);
        assertTrue(System.nanoTime() - begin < ofSeconds(3).toNanos(), "one second for all");
        assertEquals(3, log.stream().filter(what -> what.contains("is held by task hog")).count(), log::toString);
    }

    private void interruptAndAwait(Action body) throws InterruptedException {
        interruptAndAwait((what, e) -> log.add(what), body);
    }

    /** Interrupts the caller of a run whose time for the end is short. */
    private void interruptAndAwait(FailureHandler handler, Action body) throws InterruptedException {
        interruptAndAwait(ofMillis(50), handler, body);
    }

    private void interruptAndAwait(Duration shutdown, FailureHandler handler, Action body) throws InterruptedException {
        Config config = Config.DEFAULT.withShutdownTimeout(shutdown).withFailureHandler(handler);
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                run(config, () -> {
                    log.add("ready");
                    body.run();
                });
            } catch (CancelledException e) {
                log.add(e.getMessage());
            }
        });
        while (log.isEmpty()) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join();
    }

    @Test
    void interruptThatComesWhileTheLoopIsBusyIsNotLost() throws Exception {
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                run(() -> {
                    log.add("ready");
                    while (true) {
                        checkpoint();
                    }
                });
            } catch (CancelledException e) {
                log.add("cancelled");
            }
        });
        while (log.isEmpty()) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join();
        assertEquals(List.of("ready", "cancelled"), log);
    }

    @Test
    void callerThatIsInterruptedAlreadyGetsACancelledRun() {
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, () -> run(() -> sleep(ofHours(1))));
        assertTrue(Thread.interrupted());
    }

    @Test
    void cancelledMainTaskIsToldWithItsReason() {
        CancelledException told = assertThrows(CancelledException.class, () -> run(() -> {
            currentTask().cancel("no more");
            checkpoint();
        }));
        assertEquals("no more", told.getMessage());
    }

    @Test
    void whenNothingCanHappenTheReportNamesWhoWaitsForWhat() {
        DeadlockException deadlock = assertThrows(DeadlockException.class, () -> ManualEngine.run(() -> {
            Task<?> main = currentTask();
            Task<Void> other = spawn("other", () -> {
                main.join();
            });
            other.join();
        }));
        assertTrue(deadlock.getMessage().contains("task main (loop, running): joining task other"),
                deadlock.getMessage());
        assertTrue(deadlock.getMessage().contains("task other (loop, running): joining task main"),
                deadlock.getMessage());
    }

    @Test
    void failureOfTheEngineIsNotSilent() {
        class Broken extends ForwardingSimulation {
            Broken() {
                super(new ManualEngine(0));
            }

            @Override
            public boolean poll(long timeoutNanos, boolean external) {
                throw new IllegalStateException("the kernel is on fire");
            }
        }
        LoopFailedException failed = assertThrows(LoopFailedException.class, () -> Heddle.run(
                ManualEngine.config().withEngine(Broken::new), () -> sleep(ofHours(1))));
        assertEquals("the kernel is on fire", failed.getCause().getMessage());
    }

    @Test
    void wrongConfigurationsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Config.DEFAULT.withLoops(0));
        assertThrows(IllegalArgumentException.class, () -> Config.DEFAULT.withShutdownTimeout(ofSeconds(-1)));
        assertThrows(NullPointerException.class, () -> Config.DEFAULT.withEngine(null));
        assertThrows(NullPointerException.class, () -> run((Callable<String>) null));
    }

    private static void runThrowing(Exception failure) {
        run(() -> {
            throw failure;
        });
    }

    private static void throwError(AssertionError error) {
        throw error;
    }
}
