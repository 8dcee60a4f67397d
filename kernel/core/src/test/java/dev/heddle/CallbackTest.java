package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Callbacks run on the loop in their order and at their time, and one that waits or throws disturbs nobody. */
final class CallbackTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void timerWhoseTimeHadNotComeIsDoneWhenItsLoopHasEnded() {
        List<Handle> handles = new ArrayList<>();
        Heddle.run(() -> {
            handles.add(Heddle.currentLoop().callLater(Duration.ofHours(1), () -> {}));
            handles.add(Heddle.currentLoop().callEvery(Duration.ofHours(1), () -> {}));
            handles.forEach(handle -> assertFalse(handle.isDone()));
        });
        handles.forEach(handle -> assertTrue(handle.isDone()));
    }

    @Test
    void callbacksRunInTheOrderTheyWereGiven() {
        ManualEngine.run(() -> {
            currentLoop().callSoon(() -> log.add("first"));
            currentLoop().callSoon(() -> log.add("second"));
            log.add("task");
            checkpoint();
        });
        assertEquals(List.of("task", "first", "second"), log);
    }

    @Test
    void callbacksRunOnTheLoopAndInNoTask() {
        ManualEngine.run(() -> {
            Loop loop = currentLoop();
            loop.callSoon(() -> {
                assertSame(loop, currentLoop());
                assertThrows(IllegalStateException.class, Heddle::currentTask);
                assertTrue(Thread.currentThread().isVirtual());
                log.add("checked");
            });
            checkpoint();
        });
        assertEquals(List.of("checked"), log);
    }

    @Test
    void callbacksOfTheSameTimeRunInTheOrderTheyWereSet() {
        ManualEngine.run(() -> {
            currentLoop().callLater(ofSeconds(2), () -> log.add("2 s"));
            currentLoop().callLater(ofSeconds(1), () -> log.add("1 s"));
            currentLoop().callLater(ofSeconds(1), () -> log.add("1 s again"));
            currentLoop().callLater(ofSeconds(-1), () -> log.add("at once"));
            currentLoop().callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> log.add("never"));
            sleep(ofSeconds(5));
        });
        assertEquals(List.of("at once", "1 s", "1 s again", "2 s"), log);
    }

    @Test
    void cancelledCallbackDoesNotRunAndItsTimerIsGone() {
        ManualEngine.run(() -> {
            Handle soon = currentLoop().callSoon(() -> log.add("soon"));
            Handle later = currentLoop().callLater(ofHours(1), () -> log.add("later"));
            assertFalse(later.isDone());
            soon.cancel();
            later.cancel();
            later.cancel();
            assertTrue(later.isDone());
            assertEquals(0, currentLoop().statistics().timers());
            sleep(ofHours(2));
        });
        assertEquals(List.of(), log);
    }

    @Test
    void callbackMayCancelAnotherThatIsDueInTheSameTurn() {
        ManualEngine.run(() -> {
            List<Handle> handles = new ArrayList<>();
            currentLoop().callLater(ofSeconds(1), () -> handles.getFirst().cancel());
            handles.add(currentLoop().callLater(ofSeconds(1), () -> log.add("cancelled")));
            sleep(ofSeconds(2));
        });
        assertEquals(List.of(), log);
    }

    @Test
    void callbackThatThrowsIsReportedAndStopsNoOther() {
        Config config = ManualEngine.config().withFailureHandler((what, failure) -> log.add(what + ": " + failure));
        Heddle.run(config, () -> {
            currentLoop().callSoon(() -> {
                throw new IllegalStateException("bad");
            });
            currentLoop().callSoon(() -> {
                throw new AssertionError("worse");
            });
            currentLoop().callSoon(() -> log.add("next"));
            checkpoint();
            checkpoint();
        });
        assertEquals(
                List.of(
                        "a callback on loop failed: java.lang.IllegalStateException: bad",
                        "a callback on loop failed: java.lang.AssertionError: worse",
                        "next"),
                log);
    }

    @Test
    void callbackThatWaitsBlocksNeitherTheLoopNorTheNextCallback() {
        Heddle.run(() -> {
            CountDownLatch latch = new CountDownLatch(1);
            currentLoop().callSoon(() -> {
                try {
                    latch.await();
                    log.add("waited");
                } catch (InterruptedException e) {
                    log.add("interrupted");
                }
            });
            currentLoop().callSoon(() -> log.add("next"));
            checkpoint();
            log.add("task");
            latch.countDown();
            checkpoint();
            checkpoint();
        });
        assertEquals(List.of("next", "task", "waited"), log);
    }

    @Test
    void callbackMaySpawnTasksThatTheLoopOwns() {
        ManualEngine.run(() -> {
            Loop loop = currentLoop();
            loop.callSoon(() -> loop.spawn(() -> {
                sleep(ofSeconds(1));
                log.add("spawned");
            }));
            sleep(ofSeconds(2));
        });
        assertEquals(List.of("spawned"), log);
    }

    @Test
    void interruptLeftByACallbackDoesNotHitTheNext() {
        ManualEngine.run(() -> {
            currentLoop().callSoon(() -> Thread.currentThread().interrupt());
            currentLoop().callSoon(() -> log.add("interrupted: " + Thread.currentThread().isInterrupted()));
            checkpoint();
        });
        assertEquals(List.of("interrupted: false"), log);
    }

    @Test
    void otherThreadsCallThroughTheInbox() throws Exception {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            CompletableFuture<Loop> where = new CompletableFuture<>();
            loop.callFromThread(() -> where.complete(currentLoop()));
            assertSame(loop, where.get(5, TimeUnit.SECONDS));
            assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> {}));
            assertThrows(IllegalStateException.class, () -> loop.callLater(ZERO, () -> {}));
        }
    }

    // ---- callbacks of tasks ----

    @Test
    void doneCallbacksRunOnceInTheOrderOfRegistration() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> "result");
            task.onDone(ended -> log.add("first " + ended.join()));
            task.onDone(ended -> log.add("second"));
            task.join();
            checkpoint();
            task.onDone(ended -> log.add("afterwards"));
            checkpoint();
        });
        assertEquals(List.of("first result", "second", "afterwards"), log);
    }

    @Test
    void doneCallbackThatThrowsIsReportedAndStopsNoOther() {
        Config config = ManualEngine.config().withFailureHandler((what, failure) -> log.add(failure.getMessage()));
        Heddle.run(config, () -> {
            Task<String> task = spawn(() -> "result");
            task.onDone(ended -> {
                throw new IllegalStateException("bad callback");
            });
            task.onDone(ended -> log.add("next"));
            task.join();
            sleep(ofSeconds(1));
        });
        assertEquals(List.of("bad callback", "next"), log);
    }

    @Test
    void doneCallbacksOfManyLeftoverTasksAllRunBeforeTheEnd() {
        int[] called = new int[1];
        ManualEngine.run(() -> {
            for (int i = 0; i < 1000; i++) {
                Task<Void> task = currentLoop().spawn(() -> sleep(ofHours(1)));
                task.onDone(ended -> called[0]++);
            }
            checkpoint();
        });
        assertEquals(1000, called[0]);
    }

    @Test
    void callbacksThatKeepSettingOthersDoNotKeepTheLoopFromEnding() {
        ManualEngine.run(() -> {
            callAgainAndAgain();
            checkpoint();
        });
    }

    private static void callAgainAndAgain() {
        currentLoop().callSoon(CallbackTest::callAgainAndAgain);
    }

    @Test
    void futureOfATaskEndsAsTheTaskDoes() throws Exception {
        List<CompletableFuture<?>> futures = new ArrayList<>();
        IllegalStateException failure = new IllegalStateException("bad");
        ManualEngine.run(() -> {
            Task<String> cancelled = spawn(() -> {
                sleep(ofHours(1));
                return "never";
            });
            futures.add(spawn(() -> "result").toCompletableFuture());
            futures.add(spawn(() -> {
                throw failure;
            }).toCompletableFuture());
            futures.add(cancelled.toCompletableFuture());
            cancelled.cancel("enough");
            checkpoint();
        });
        assertEquals("result", futures.get(0).get(5, TimeUnit.SECONDS));
        assertSame(failure, assertThrows(ExecutionException.class, futures.get(1)::get).getCause());
        assertThrows(CancellationException.class, futures.get(2)::get);
    }

    @Test
    void cancelOfTheFutureCancelsTheTask() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> sleep(ofHours(1)));
            checkpoint();
            assertTrue(task.toCompletableFuture().cancel(true));
            assertThrows(TaskCancelledException.class, task::join);
        });
    }

    @Test
    void futureOfATaskWhoseLoopHasEndedIsDone() throws Exception {
        List<Task<String>> tasks = new ArrayList<>();
        ManualEngine.run(() -> {
            tasks.add(spawn(() -> "result"));
            checkpoint();
        });
        assertEquals("result", tasks.getFirst().toCompletableFuture().get(5, TimeUnit.SECONDS));
    }
}
