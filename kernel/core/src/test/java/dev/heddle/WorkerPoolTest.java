package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.pool.WorkerThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A pool of threads as users of executors know it, with bounds, initializers and an end. */
final class WorkerPoolTest {

    private static final ScopedValue<String> REQUEST = ScopedValue.newInstance();
    private static final ThreadLocal<String> CONNECTION = new ThreadLocal<>();

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);

    // ---- results ----

    @Test
    void bodyCannotWaitForTheEndOfItsOwnPool() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            assertFalse(pool.submit(() -> pool.awaitTermination(0, SECONDS)).get());
            ExecutionException failed = assertThrows(
                    ExecutionException.class,
                    () -> pool.submit(() -> pool.awaitTermination(1, DAYS)).get());
            assertInstanceOf(IllegalStateException.class, failed.getCause());
        }
    }

    @Test
    void futuresGiveResultsAndFailures() throws Exception {
        try (WorkerPool pool = WorkerPool.of(2)) {
            assertEquals("a", pool.submit(() -> "a").get());
            assertEquals("b", pool.submit(() -> log.add("ran"), "b").get());
            assertNull(pool.submit((Runnable) () -> log.add("ran")).get());
            IOException checked = new IOException("disk");
            Future<String> failed = pool.submit(() -> {
                throw checked;
            });
            assertSame(checked, assertThrows(ExecutionException.class, failed::get).getCause());
        }
        assertEquals(List.of("ran", "ran"), log);
    }

    @Test
    void callGivesResultsAndFailuresAsABodyWould() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                assertEquals("a", pool.<String>call(() -> "a"));
                assertNull(pool.<String>call(() -> null));
                IOException checked = new IOException("disk");
                assertSame(checked, assertThrows(TaskFailedException.class, () -> pool.call(() -> {
                    throw checked;
                })).getCause());
                assertThrows(AssertionError.class, () -> pool.call(() -> {
                    throw new AssertionError("fatal");
                }));
            }
        });
    }

    @Test
    void taskThatWaitsForAFutureLetsItsLoopRun() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                Future<String> future = pool.submit(() -> {
                    gate.await();
                    return "done";
                });
                spawn(gate::countDown);
                assertEquals("done", future.get());
            }
        });
    }

    @Test
    void cancelEndsTheWaitForAFutureAndLeavesTheBodyRunning() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            Future<String> future = pool.submit(() -> {
                gate.await();
                return "done";
            });
            run(() -> assertFalse(moveOnAfter(ofMillis(5), () -> {
                future.get();
            })));
            gate.countDown();
            assertEquals("done", future.get());
        }
    }

    // ---- cancelling ----

    @Test
    void cancelledCallInterruptsItsBodyAndWaitsForItsEnd() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            run(() -> {
                Task<Void> caller = spawn(() -> pool.call(() -> {
                    try {
                        gate.await();
                    } finally {
                        Thread.interrupted();
                        Thread.sleep(10);
                        log.add("body ended");
                    }
                }));
                checkpoint();
                awaitBusy(pool, 1);
                caller.cancel();
                assertThrows(TaskCancelledException.class, caller::join);
                log.add("cut off");
            });
        }
        assertEquals(List.of("body ended", "cut off"), log);
    }

    @Test
    void cancelledCallWhoseBodyHasNotBegunRunsNothing() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.execute(() -> awaitQuietly(gate));
            awaitBusy(pool, 1);
            run(() -> assertFalse(moveOnAfter(ofMillis(5), () -> pool.call(() -> {
                log.add("began");
            }))));
            assertEquals(0, pool.statistics().queued());
            gate.countDown();
        }
        assertEquals(List.of(), log);
    }

    @Test
    void resultThatTheBodyGivesDespiteTheCancelIsDelivered() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            run(() -> {
                Task<String> caller = spawn(() -> pool.<String>call(() -> {
                    awaitQuietly(gate);
                    return "rescued";
                }));
                checkpoint();
                awaitBusy(pool, 1);
                caller.cancel();
                assertEquals("rescued", caller.join());
            });
        }
    }

    @Test
    void interruptedThreadThatCallsAwaitsTheEndToo() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            AtomicReference<Throwable> seen = new AtomicReference<>();
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    pool.call(() -> {
                        try {
                            gate.await();
                        } finally {
                            log.add("body ended");
                        }
                    });
                } catch (Throwable e) {
                    seen.set(e);
                    log.add(Thread.currentThread().isInterrupted() ? "still interrupted" : "not interrupted");
                }
            });
            awaitBusy(pool, 1);
            caller.interrupt();
            caller.join();
            assertInstanceOf(CancelledException.class, seen.get());
        }
        assertEquals(List.of("body ended", "still interrupted"), log);
    }

    @Test
    void bodyThatAsksWhetherItIsCancelledIsTold() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            run(() -> assertTrue(moveOnAfter(ofMillis(5), () -> pool.<String>call(() -> {
                while (true) {
                    CancelScope.throwIfCancelled();
                    Thread.onSpinWait();
                }
            })).isEmpty()));
        }
    }

    @Test
    void bodyThatWaitsForItsOwnFutureIsRefused() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            AtomicReference<Future<?>> own = new AtomicReference<>();
            own.set(pool.submit(() -> {
                gate.await();
                return own.get().get();
            }));
            gate.countDown();
            ExecutionException failed = assertThrows(ExecutionException.class, () -> own.get().get());
            assertEquals(
                    "a body cannot wait for its own future: it would wait for ever", failed.getCause().getMessage());
        }
    }

    @Test
    void interruptedThreadThatWaitsForManyHearsOfItAsFromTheJdksExecutors() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            for (Executable wait : List.<Executable>of(
                    () -> pool.invokeAll(List.of(() -> "a")),
                    () -> pool.invokeAny(List.of(() -> "a")),
                    () -> pool.awaitTermination(1, SECONDS))) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, wait);
                assertFalse(Thread.interrupted(), "answered by the exception");
            }
        }
    }

    @Test
    void interruptedThreadMaySubmit() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            Thread.currentThread().interrupt();
            Future<String> future = pool.submit(() -> "ran");
            assertTrue(Thread.interrupted());
            assertEquals("ran", future.get());
        }
    }

    @Test
    void cancelledFutureInterruptsItsBodyAndTheNextBodySeesNoInterrupt() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            for (int i = 0; i < 200; i++) {
                CountDownLatch begun = new CountDownLatch(1);
                Future<?> future = pool.submit(() -> {
                    begun.countDown();
                    gate.await();
                    return null;
                });
                begun.await();
                assertTrue(future.cancel(true));
                assertFalse(pool.<Boolean>call(() -> Thread.currentThread().isInterrupted()));
            }
        }
    }

    @Test
    void cancelledFutureFreesItsPlaceInTheQueue() throws Exception {
        try (WorkerPool pool = WorkerPool.of(options(1, 1))) {
            pool.execute(() -> awaitQuietly(gate));
            awaitBusy(pool, 1);
            Future<String> queued = pool.submit(() -> "never");
            assertTrue(pool.trySubmit(() -> "refused").isEmpty());
            queued.cancel(false);
            Future<String> next = pool.trySubmit(() -> "next").orElseThrow();
            gate.countDown();
            assertEquals("next", next.get());
        }
    }

    // ---- bounds ----

    @Test
    void idleWorkersAreReusedBeforeNewOnesAreMade() {
        Set<String> names = new HashSet<>();
        try (WorkerPool pool = WorkerPool.of(4)) {
            for (int i = 0; i < 50; i++) {
                names.add(pool.<String>call(() -> Thread.currentThread().getName()));
                awaitBusy(pool, 0);
            }
        }
        assertEquals(Set.of("worker-1"), names);
    }

    @Test
    void mostWorkersAreRespectedUnderSaturation() throws Exception {
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (WorkerPool pool = WorkerPool.of(options(3, 5))) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                futures.add(pool.submit(() -> {
                    most.accumulateAndGet(busy.incrementAndGet(), Math::max);
                    Thread.yield();
                    busy.decrementAndGet();
                }));
                assertTrue(pool.statistics().workers() <= 3);
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertTrue(most.get() <= 3, most.get() + " at a time");
    }

    @Test
    void fullQueueHoldsTheSubmitterBackInTheOrderTheyCame() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(options(1, 1))) {
                pool.execute(() -> awaitQuietly(gate));
                awaitBusy(pool, 1);
                pool.execute(() -> log.add("queued"));
                Task<Void> first = spawn(() -> pool.execute(() -> log.add("first")));
                Task<Void> second = spawn(() -> pool.execute(() -> log.add("second")));
                checkpoint();
                assertEquals(new WorkerThreads.Statistics(1, 1, 1, 2, 0), pool.statistics());
                gate.countDown();
                first.join();
                second.join();
            }
        });
        assertEquals(List.of("queued", "first", "second"), log);
    }

    @Test
    void cancelledSubmitHasLeftNoBody() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(options(1, 0))) {
                pool.execute(() -> awaitQuietly(gate));
                assertFalse(moveOnAfter(ofMillis(5), () -> {
                    pool.submit(() -> log.add("never"));
                }));
                assertEquals(0, pool.statistics().waitingSubmitters());
                gate.countDown();
            }
        });
        assertEquals(List.of(), log);
    }

    @Test
    void largestBoundsAreNoBounds() throws Exception {
        int most = Integer.MAX_VALUE;
        try (WorkerPool pool = WorkerPool.of(options(1, most)); WorkerPool wide = WorkerPool.of(options(most, most))) {
            assertEquals("a", pool.trySubmit(() -> "a").orElseThrow().get());
            assertEquals("a", wide.trySubmit(() -> "a").orElseThrow().get());
            assertEquals(List.of(1, 2), collect(wide.imap(List.of(1, 2), item -> item)));
            assertEquals(List.of(1), collect(wide.imapUnordered(List.of(1), item -> item)));
        }
    }

    @Test
    void workerThatSubmitsToItsOwnFullPoolRunsTheBodyItself() {
        try (WorkerPool pool = WorkerPool.of(options(1, 0))) {
            String result = pool.call(() -> pool.submit(() -> pool.<String>call(() -> "inner")).get());
            assertEquals("inner", result);
        }
    }

    @Test
    void workerThatWaitsForItsOwnPoolDoesNotWaitForItself() {
        assertTimeoutPreemptively(ofSeconds(10), () -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                pool.call(() -> {
                    assertEquals("a", pool.submit(() -> "a").get());
                    assertEquals("b", pool.invokeAll(List.of(() -> "a", () -> "b")).get(1).resultNow());
                    assertEquals("a", pool.invokeAny(List.of(() -> "a", () -> "a")));
                    assertEquals(List.of(2, 4, 6), collect(pool.imap(List.of(1, 2, 3), x -> 2 * x)));
                });
            }
        });
    }

    @Test
    void workersThatWaitForTheirOwnPoolDoNotWaitForEachOther() {
        assertTimeoutPreemptively(ofSeconds(10), () -> {
            try (WorkerPool pool = WorkerPool.of(3)) {
                assertEquals(81, leaves(pool, 4));
            }
        });
    }

    private static int leaves(WorkerPool pool, int depth) {
        if (depth == 0) {
            return 1;
        }
        List<Integer> parts = collect(pool.imap(List.of(1, 2, 3), part -> leaves(pool, depth - 1)));
        return parts.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void workerThatAsksForMoreStillUsesIdleWorkers() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            pool.call(() -> {
                String here = Thread.currentThread().getName();
                assertNotEquals(List.of(here), collect(pool.imap(List.of(1), x -> Thread.currentThread().getName())));
            });
        }
    }

    @Test
    void invokeAllQueuesMoreThanTheBound() throws Exception {
        List<Callable<Integer>> bodies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int result = i;
            bodies.add(() -> result);
        }
        try (WorkerPool pool = WorkerPool.of(options(2, 1))) {
            List<Future<Integer>> futures = pool.invokeAll(bodies);
            for (int i = 0; i < 50; i++) {
                assertEquals(i, futures.get(i).resultNow());
            }
        }
    }

    @Test
    void cancelledCallerInvokesNothing() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                List<Callable<Boolean>> bodies = List.of(() -> log.add("ran"));
                CancelScope.open(scope -> {
                    scope.cancel("no more");
                    assertThrows(CancelledException.class, () -> pool.invokeAll(bodies));
                    assertThrows(CancelledException.class, () -> pool.invokeAny(bodies));
                });
            }
        });
        assertEquals(List.of(), log);
    }

    @Test
    void invokeAllWithinALimitCancelsWhatHasNotEnded() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            List<Future<String>> futures = pool.invokeAll(List.of(() -> "a", () -> {
                gate.await();
                return "never";
            }, () -> "never"), 500, MILLISECONDS);
            assertEquals("a", futures.get(0).resultNow());
            assertTrue(futures.get(1).isCancelled());
            assertTrue(futures.get(2).isCancelled());
        }
    }

    @Test
    void invokeAnyGivesTheFirstSuccessAndCancelsTheRest() throws Exception {
        try (WorkerPool pool = WorkerPool.of(3)) {
            assertEquals("a", pool.invokeAny(List.of(() -> {
                throw new IOException("disk");
            }, () -> "a", () -> {
                gate.await();
                return "never";
            })));
            assertThrows(TimeoutException.class, () -> pool.invokeAny(List.of(() -> {
                gate.await();
                return "never";
            }), 5, MILLISECONDS));
            assertThrows(ExecutionException.class, () -> pool.invokeAny(List.of(() -> {
                throw new IOException("disk");
            })));
        }
    }

    @Test
    void idleWorkersEndAfterTheirLimit() throws Exception {
        try (WorkerPool pool = WorkerPool.of(options(2, 1).withIdleLimit(ofMillis(1)))) {
            pool.submit(() -> "a").get();
            while (pool.statistics().workers() > 0) {
                Thread.sleep(1);
            }
            assertEquals("b", pool.submit(() -> "b").get());
        }
    }

    // ---- context ----

    @Test
    void scopedValuesOfTheSubmitterHoldInTheBodyAndDoNotLeakToTheNext() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                for (int i = 0; i < 100; i++) {
                    String id = "request " + i;
                    ScopedValue.where(REQUEST, id).run(() -> {
                        assertEquals(id, pool.<String>call(REQUEST::get));
                        assertEquals(id, pool.<String>call(() -> deep(1000)));
                    });
                    assertFalse(pool.<Boolean>call(REQUEST::isBound));
                }
            }
        });
    }

    @Test
    void bodyMayBindScopedValuesOfItsOwn() {
        run(() -> ScopedValue.where(REQUEST, "outer").run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                pool.call(() -> {
                    ScopedValue.where(REQUEST, "inner").run(() -> assertEquals("inner", REQUEST.get()));
                    assertEquals("outer", REQUEST.get());
                });
            }
        }));
    }

    @Test
    void scopedValuesAreFoundAgainAfterAStackOverflow() {
        ScopedValue.where(REQUEST, "kept").run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                assertEquals("kept", pool.<String>call(() -> {
                    assertThrows(StackOverflowError.class, () -> deep(Integer.MAX_VALUE));
                    return REQUEST.get();
                }));
            }
        });
    }

    private static String deep(int calls) {
        return calls == 0 ? REQUEST.get() : deep(calls - 1) + "";
    }

    @Test
    void threadLocalsThatTheInitializerSetStayForAllBodies() {
        AtomicInteger opened = new AtomicInteger();
        WorkerPoolOptions options = options(1, 1).withInitializer(
                () -> CONNECTION.set("connection " + opened.incrementAndGet()));
        try (WorkerPool pool = WorkerPool.of(options)) {
            assertEquals("connection 1", pool.<String>call(CONNECTION::get));
            assertEquals("connection 1", pool.<String>call(CONNECTION::get));
        }
    }

    @Test
    void failedInitializerBreaksThePoolAndFailsAllPendingFutures() throws Exception {
        IOException cause = new IOException("no database");
        WorkerPool pool = WorkerPool.of(options(1, 10).withInitializer(() -> {
            gate.await();
            throw cause;
        }));
        Future<String> first = pool.submit(() -> "never");
        Future<String> second = pool.submit(() -> "never");
        gate.countDown();
        Throwable one = assertThrows(ExecutionException.class, first::get).getCause();
        Throwable other = assertThrows(ExecutionException.class, second::get).getCause();
        assertInstanceOf(BrokenException.class, one);
        assertNotSame(one, other);
        assertSame(cause, one.getCause());
        assertEquals("worker is broken: its initializer failed", one.getMessage());
        assertThrows(BrokenException.class, () -> pool.submit(() -> "never"));
        pool.close();
        assertTrue(pool.isTerminated());
    }

    @Test
    void finalizerRunsOnEachWorkerBeforeThePoolHasEnded() {
        AtomicInteger finished = new AtomicInteger();
        WorkerPool pool = WorkerPool.of(options(2, 2).withFinalizer(() -> {
            Thread.sleep(20);
            finished.incrementAndGet();
        }));
        CountDownLatch both = new CountDownLatch(2);
        List<Future<Boolean>> results = List.of(pool.submit(() -> meet(both)), pool.submit(() -> meet(both)));
        pool.close();
        assertEquals(2, finished.get());
        assertTrue(results.stream().allMatch(Future::resultNow));
    }

    private static boolean meet(CountDownLatch others) throws InterruptedException {
        others.countDown();
        return others.await(10, SECONDS);
    }

    @Test
    void finalizerThatFailsIsReportedAndThePoolEnds() {
        WorkerPool pool = WorkerPool.of(options(1, 1)
                .withFinalizer(() -> {
                    throw new IllegalStateException("bad");
                })
                .withFailureHandler((what, e) -> log.add(what + ": " + e.getMessage())));
        assertEquals(1, pool.call(() -> 1));
        pool.close();
        assertEquals(1, log.size());
        assertTrue(log.getFirst().startsWith("the finalizer of ") && log.getFirst().endsWith(" failed: bad"),
                log.getFirst());
    }

    // ---- failures nobody asked for ----

    @Test
    void failedBodyOfExecuteGoesToTheHandlerWithItsThread() {
        IllegalStateException failure = new IllegalStateException("bad");
        try (WorkerPool pool = WorkerPool.of(options(1, 1).withFailureHandler((what, e) -> {
            assertSame(failure, e);
            log.add(what);
        }))) {
            pool.execute(() -> {
                throw failure;
            });
        }
        assertEquals(1, log.size());
        assertTrue(log.getFirst().matches("a body of execute\\(\\.\\.\\.\\) failed on worker-1 \\(#\\d+\\)"),
                log::getFirst);
    }

    @Test
    void handlerThatFailsDoesNotEndTheWorker() {
        try (WorkerPool pool = WorkerPool.of(options(1, 1).withFailureHandler((what, e) -> {
            throw new IllegalStateException("the handler is broken (expected in this test)");
        }))) {
            pool.execute(() -> {
                throw new IllegalStateException("bad (expected in this test)");
            });
            assertEquals("worker-1", pool.<String>call(() -> Thread.currentThread().getName()));
        }
    }

    // ---- the end ----

    @Test
    void shutdownRunsWhatWasSubmittedAndRefusesMore() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        pool.execute(() -> awaitQuietly(gate));
        Future<String> queued = pool.submit(() -> "still run");
        pool.shutdown();
        assertThrows(RejectedExecutionException.class, () -> pool.submit(() -> "late"));
        assertThrows(RejectedExecutionException.class, () -> pool.execute(() -> {}));
        assertThrows(RejectedExecutionException.class, () -> pool.call(() -> {}));
        assertThrows(RejectedExecutionException.class, () -> pool.trySubmit(() -> "late"));
        assertFalse(pool.awaitTermination(1, MILLISECONDS));
        gate.countDown();
        assertEquals("still run", queued.get());
        assertTrue(pool.awaitTermination(10, SECONDS));
        assertTrue(pool.isShutdown() && pool.isTerminated());
    }

    @Test
    void shutdownNowGivesBackWhatWaitsAndInterruptsWhatRuns() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        Future<?> running = pool.submit(() -> {
            gate.await();
            return null;
        });
        awaitBusy(pool, 1);
        Future<String> queued = pool.submit(() -> "never");
        Runnable command = () -> log.add("never");
        pool.execute(command);
        assertEquals(List.of(queued, command), pool.shutdownNow());
        assertInstanceOf(
                InterruptedException.class,
                assertThrows(ExecutionException.class, running::get).getCause());
        pool.close();
        assertFalse(queued.isDone());
        assertEquals(List.of(), log);
    }

    @Test
    void whatShutdownNowGivesBackMayBeRunByWhoHasIt() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        pool.submit(() -> awaitQuietly(gate));
        awaitBusy(pool, 1);
        Future<String> queued = pool.submit(() -> "run here");
        pool.shutdownNow().forEach(Runnable::run);
        assertEquals("run here", queued.resultNow());
        pool.close();
    }

    @Test
    void callsOfThePoolHearOfShutdownNow() throws Exception {
        run(() -> {
            WorkerPool pool = WorkerPool.of(1);
            pool.submit(() -> awaitQuietly(gate));
            awaitBusy(pool, 1);
            Task<String> call = spawn(() -> pool.call(() -> "never"));
            Task<List<Future<String>>> all = spawn(() -> pool.invokeAll(List.of(() -> "never")));
            Task<String> any = spawn(() -> pool.invokeAny(List.of(() -> "never")));
            checkpoint();
            assertEquals(3, pool.shutdownNow().size());
            assertThrows(TaskCancelledException.class, call::join);
            assertTrue(all.join().getFirst().isCancelled());
            assertInstanceOf(
                    ExecutionException.class,
                    assertThrows(TaskFailedException.class, any::join).getCause());
            gate.countDown();
            pool.close();
        });
    }

    @Test
    void cancelledCloseCancelsWhatWaits() throws Exception {
        run(() -> {
            WorkerPool pool = WorkerPool.of(1);
            pool.submit(() -> awaitQuietly(gate));
            awaitBusy(pool, 1);
            Future<String> queued = pool.submit(() -> "never");
            Task<Void> closing = spawn(pool::close);
            checkpoint();
            closing.cancel("enough");
            checkpoint();
            assertTrue(queued.isCancelled());
            gate.countDown();
            closing.awaitOutcome();
        });
    }

    @Test
    void shutdownRefusesSubmittersThatWait() {
        run(() -> {
            WorkerPool pool = WorkerPool.of(options(1, 0));
            pool.execute(() -> awaitQuietly(gate));
            Task<Future<String>> waiting = spawn(() -> pool.submit(() -> "late"));
            checkpoint();
            pool.shutdown();
            assertThrows(RejectedExecutionException.class, waiting::join);
            gate.countDown();
            pool.close();
        });
    }

    @Test
    void shutdownDoesNotHangOnAFutureThatWasCancelledJustBefore() {
        for (int i = 0; i < 100; i++) {
            WorkerPool pool = WorkerPool.of(2);
            Future<String> future = pool.submit(() -> "a");
            future.cancel(i % 2 == 0);
            pool.close();
            assertTrue(pool.isTerminated());
        }
    }

    @Test
    void cancelledCloseCancelsThePoolAndAwaitsItsEnd() {
        run(() -> {
            WorkerPool pool = WorkerPool.of(1);
            pool.execute(() -> {
                awaitQuietly(gate);
                log.add("interrupted");
            });
            awaitBusy(pool, 1);
            assertFalse(CancelScope.open(scope -> {
                scope.deadlineAfter(ofMillis(5));
                pool.close();
                checkpoint();
            }));
            assertTrue(pool.isTerminated());
        });
        assertEquals(List.of("interrupted"), log);
    }

    @Test
    void cancelThatHasCancelledThePoolPassesOn() {
        run(() -> {
            WorkerPool pool = WorkerPool.of(1);
            pool.execute(() -> awaitQuietly(gate));
            awaitBusy(pool, 1);
            assertFalse(moveOnAfter(ofMillis(5), pool::close));
        });
    }

    @Test
    void interruptEndsTheWaitForTheTerminationAsTheInterfacePromises() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        pool.execute(() -> awaitQuietly(gate));
        pool.shutdown();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> pool.awaitTermination(10, SECONDS));
        assertFalse(Thread.interrupted());
        run(() -> assertFalse(moveOnAfter(ofMillis(5), () -> {
            pool.awaitTermination(10, SECONDS);
        })));
        gate.countDown();
        assertTrue(pool.awaitTermination(10, SECONDS));
    }

    @Test
    void anyTimeLimitCanBeAwaited() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        pool.execute(() -> awaitQuietly(gate));
        pool.shutdown();
        assertFalse(pool.awaitTermination(Long.MIN_VALUE, DAYS));
        gate.countDown();
        assertTrue(pool.awaitTermination(Long.MAX_VALUE, DAYS));
    }

    @Test
    void poolThatNeverWorkedEndsAtOnce() {
        WorkerPool pool = WorkerPool.of(1);
        pool.close();
        pool.close();
        assertTrue(pool.isTerminated());
    }

    @Test
    void workerCannotCloseItsPool() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            assertThrows(IllegalStateException.class, () -> pool.call(pool::close));
        }
    }

    @Test
    void whatWasSubmittedIsDoneBeforeTheJvmEnds() throws Exception {
        try (ChildJvm child = ChildJvm.start(ForgetfulProgram.class)) {
            child.awaitLine("done");
            assertEquals(0, child.exitCode());
        }
    }

    static final class ForgetfulProgram {
        private ForgetfulProgram() {}

        public static void main(String[] args) {
            WorkerPool.of(options(1, 1).withIdleLimit(ofMillis(1))).submit(() -> {
                Thread.sleep(100);
                System.out.println("done");
                return null;
            });
        }
    }

    @Test
    void inTheSimulatorBodiesRunInTheTaskThatSubmitsThem() {
        ManualEngine.runInManyOrders(20, () -> {
            try (WorkerPool pool = WorkerPool.of(2)) {
                Thread here = Thread.currentThread();
                assertSame(here, pool.submit(Thread::currentThread).get());
                assertSame(here, pool.<Thread>call(Thread::currentThread));
                assertEquals(List.of(2, 4), collect(pool.imap(List.of(1, 2), x -> 2 * x)));
            }
        });
    }

    @Test
    void wrongOptionsAndNullsAreRefused() {
        WorkerPoolOptions options = WorkerPoolOptions.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> WorkerPool.of(0));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxQueued(-1));
        assertThrows(IllegalArgumentException.class, () -> options.withIdleLimit(ofMillis(-1)));
        try (WorkerPool pool = WorkerPool.of(1)) {
            assertThrows(NullPointerException.class, () -> pool.submit((Callable<String>) null));
            assertThrows(NullPointerException.class, () -> pool.execute(null));
            assertThrows(IllegalArgumentException.class, () -> pool.imap(List.of(), 0, x -> x));
            assertEquals(0, pool.statistics().workers());
        }
    }

    @Test
    void manySubmittersOfManyKindsLoseNothing() {
        AtomicInteger ran = new AtomicInteger();
        try (WorkerPool pool = WorkerPool.of(options(3, 4))) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int j = 0; j < 500; j++) {
                        pool.execute(ran::incrementAndGet);
                    }
                }));
            }
            run(() -> Heddle.group(g -> {
                for (int i = 0; i < 20; i++) {
                    g.spawn(() -> {
                        for (int j = 0; j < 100; j++) {
                            pool.call(() -> {
                                ran.incrementAndGet();
                            });
                        }
                    });
                }
            }));
            for (Thread thread : threads) {
                joinQuietly(thread);
            }
        }
        assertEquals(4000, ran.get());
    }

    // ---- helpers ----

    private static WorkerPoolOptions options(int workers, int maxQueued) {
        return WorkerPoolOptions.DEFAULT.withWorkers(workers).withMaxQueued(maxQueued);
    }

    private static <B> List<B> collect(Results<?, B> results) {
        List<B> list = new ArrayList<>();
        results.forEach(list::add);
        return list;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            // ends the wait
        }
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitBusy(WorkerPool pool, int busy) {
        while (pool.statistics().busy() != busy || pool.statistics().queued() > 0 && busy == 0) {
            Thread.yield();
        }
    }
}
