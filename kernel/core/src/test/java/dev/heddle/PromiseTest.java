package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A promise is completed once, by whoever comes first, and everybody is told. */
final class PromiseTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void joinWaitsForTheResult() {
        ManualEngine.run(() -> {
            Promise<String> promise = new Promise<>();
            Task<String> joiner = spawn(promise::join);
            checkpoint();
            assertFalse(joiner.isDone());
            promise.complete("result");
            assertEquals("result", joiner.join());
            assertEquals("result", promise.join());
        });
    }

    @Test
    void resultCanBeSetOnlyOnce() {
        Promise<String> promise = new Promise<>();
        promise.complete("first");
        assertThrows(IllegalStateException.class, () -> promise.complete("second"));
        assertThrows(IllegalStateException.class, () -> promise.fail(new IOException("late")));
        assertFalse(promise.tryComplete("second"));
        assertFalse(promise.tryFail(new IOException("late")));
        assertFalse(promise.cancel("late"));
        assertEquals("first", promise.join());
    }

    @Test
    void resultSetAfterACancelIsAnErrorAndTryCompleteIsNone() {
        Promise<String> promise = new Promise<>();
        assertTrue(promise.cancel("not needed"));
        assertFalse(promise.tryComplete("late"));
        assertThrows(IllegalStateException.class, () -> promise.complete("late"));
        TaskCancelledException thrown = assertThrows(TaskCancelledException.class, promise::join);
        assertEquals("the promise was cancelled: not needed", thrown.getMessage());
    }

    @Test
    void uncheckedFailureIsThrownAsItIsAndACheckedOneAsACause() {
        IllegalStateException unchecked = new IllegalStateException("bad");
        Promise<String> first = new Promise<>();
        first.fail(unchecked);
        assertSame(unchecked, assertThrows(IllegalStateException.class, first::join));
        assertSame(unchecked, first.failure().orElseThrow());

        IOException checked = new IOException("worse");
        Promise<String> second = new Promise<>();
        second.fail(checked);
        assertSame(checked, assertThrows(TaskFailedException.class, second::join).getCause());
    }

    @Test
    void cancelledJoinLeavesThePromiseOpenAndNothingBehind() {
        ManualEngine.run(() -> {
            Promise<String> promise = new Promise<>();
            assertFalse(moveOnAfter(ofSeconds(1), (Action) promise::join));
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), promise::join));
            assertFalse(promise.isDone());
            promise.complete("result");
            assertEquals("result", promise.join());
        });
    }

    @Test
    void endedPromiseAnswersEvenACancelledCaller() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Promise<String> promise = new Promise<>();
            promise.complete("result");
            scope.cancel("enough");
            assertEquals("result", promise.join());
            log.add("joined");
        }));
        assertEquals(List.of("joined"), log);
    }

    @Test
    void callbacksRunOnceInOrderAlsoAfterTheEndAndOneThatThrowsStopsNoOther() {
        Config config = ManualEngine.config().withFailureHandler((what, failure) -> log.add(failure.getMessage()));
        Heddle.run(config, () -> {
            Promise<String> promise = new Promise<>();
            promise.onDone(ended -> log.add("first " + ended.join()));
            promise.onDone(ended -> {
                throw new IllegalStateException("bad callback");
            });
            Handle removed = promise.onDone(ended -> log.add("removed"));
            promise.onDone(ended -> log.add("third"));
            removed.cancel();
            promise.complete("result");
            sleep(ofSeconds(1));
            promise.onDone(ended -> log.add("afterwards"));
            sleep(ofSeconds(1));
        });
        assertEquals(List.of("first result", "bad callback", "third", "afterwards"), log);
    }

    @Test
    void chainOfAnyLengthNeedsNoStack_CVE_2023_5685() {
        ManualEngine.run(() -> {
            Promise<String> first = new Promise<>();
            Promise<String> last = first;
            for (int i = 0; i < 100_000; i++) {
                Promise<String> next = new Promise<>();
                last.onDone(ended -> next.complete(ended.join()));
                last = next;
            }
            first.complete("through");
            assertEquals("through", last.join());
        });
    }

    @Test
    void callbackOutsideOfLoopsIsRefused() {
        assertThrows(IllegalStateException.class, () -> new Promise<String>().onDone(ended -> {}));
    }

    @Test
    void futureOfAPromiseEndsAsThePromiseDoesAndItsCancelCancelsThePromise() throws Exception {
        Promise<String> kept = new Promise<>();
        CompletableFuture<String> future = kept.toCompletableFuture();
        kept.complete("result");
        assertEquals("result", future.get(5, TimeUnit.SECONDS));

        Promise<String> failed = new Promise<>();
        failed.fail(new IOException("bad"));
        assertInstanceOf(
                IOException.class,
                assertThrows(ExecutionException.class, failed.toCompletableFuture()::get).getCause());

        Promise<String> cancelled = new Promise<>();
        assertTrue(cancelled.toCompletableFuture().cancel(true));
        assertTrue(cancelled.isDone());
        assertThrows(CancellationException.class, cancelled.toCompletableFuture()::get);
    }

    @Test
    void threadsAndTasksOfTwoLoopsShareAPromise() throws Exception {
        try (Loop first = Loop.start(Config.DEFAULT); Loop second = Loop.start(Config.DEFAULT)) {
            Promise<String> promise = new Promise<>();
            List<Task<String>> joiners = List.of(first.spawn(promise::join), second.spawn(promise::join));
            AtomicInteger inThread = new AtomicInteger();
            Thread thread = Thread.ofPlatform().start(() -> inThread.set(promise.join().length()));
            second.spawn(() -> promise.complete("result"));
            for (Task<String> joiner : joiners) {
                assertEquals("result", joiner.join());
            }
            thread.join();
            assertEquals(6, inThread.get());
        }
    }

    @Test
    void everyListenerIsToldOnceWhenRegistrationAndEndRace() throws Exception {
        for (int round = 0; round < 500; round++) {
            Promise<Integer> promise = new Promise<>();
            int number = round;
            Thread completer = Thread.ofPlatform().start(() -> promise.complete(number));
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                futures.add(promise.toCompletableFuture());
            }
            for (CompletableFuture<Integer> future : futures) {
                assertEquals(number, future.get(5, TimeUnit.SECONDS));
            }
            completer.join();
        }
    }

    @Test
    void codeBehindAFutureKeepsNobodyElseWaiting() throws Exception {
        Promise<String> promise = new Promise<>();
        CountDownLatch joined = new CountDownLatch(1);
        AtomicBoolean inTime = new AtomicBoolean();
        CompletableFuture<Void> behind = promise.toCompletableFuture().thenRun(() -> {
            try {
                inTime.set(joined.await(5, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Thread joiner = Thread.ofPlatform().start(() -> {
            promise.join();
            joined.countDown();
        });
        while (promise.listeners() < 2) {
            Thread.onSpinWait();
        }
        promise.complete("result");
        behind.get(10, TimeUnit.SECONDS);
        joiner.join();
        assertTrue(inTime.get());
    }

    @Test
    void callbackWhoseLoopHasEndedIsStillCalled() throws Exception {
        Promise<String> promise = new Promise<>();
        CountDownLatch called = new CountDownLatch(1);
        Heddle.run(() -> {
            promise.onDone(ended -> called.countDown());
        });
        promise.complete("result");
        assertTrue(called.await(10, TimeUnit.SECONDS));
    }
}
