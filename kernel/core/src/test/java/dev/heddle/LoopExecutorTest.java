package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A loop as an executor of the JDK: bodies, schedules, cancels and its close. */
final class LoopExecutorTest {

    private final List<Object> log = new CopyOnWriteArrayList<>();

    // ---- bodies are tasks ----

    @Test
    void bodyCannotWaitForTheEndOfItsOwnExecutor() {
        Heddle.run(() -> {
            var executor = currentLoop().asExecutorService();
            assertFalse(executor.submit(() -> executor.awaitTermination(0, SECONDS)).get());
            ExecutionException failed = assertThrows(
                    ExecutionException.class,
                    () -> executor.submit(() -> executor.awaitTermination(1, DAYS)).get());
            assertInstanceOf(IllegalStateException.class, failed.getCause());
        });
    }

    @Test
    void eachBodyIsATaskOfTheLoop() {
        ManualEngine.runInManyOrders(20, () -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                Loop here = currentLoop();
                assertSame(here, executor.submit(() -> currentTask().loop()).get());
                assertEquals("b", executor.submit(() -> {}, "b").get());
                IOException checked = new IOException("disk");
                Future<String> failed = executor.submit(() -> {
                    throw checked;
                });
                assertSame(checked, assertThrows(ExecutionException.class, failed::get).getCause());
            }
        });
    }

    @Test
    void tasksKnowTheLineThatSubmittedThem() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                StackTraceElement line = executor.submit(() -> currentTask().spawnedAt()).get().orElseThrow();
                assertEquals(LoopExecutorTest.class.getName(), line.getClassName());
            }
        });
    }

    @Test
    void librariesThatWantAnExecutorRunOnTheLoop() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                CompletableFuture<String> future = CompletableFuture.supplyAsync(() -> currentLoop().name(), executor);
                assertEquals("loop", Heddle.await(future));
            }
        });
    }

    @Test
    void bodiesOfOtherThreadsRunOnTheLoopToo() throws Exception {
        try (Loop loop = Loop.start(Config.DEFAULT); ScheduledExecutorService executor = loop.asExecutorService()) {
            assertSame(loop, executor.submit(() -> currentLoop()).get());
            List<Future<Integer>> all = executor.invokeAll(List.of(() -> 1, () -> 2));
            assertEquals(2, all.get(1).resultNow());
            assertEquals("b", executor.<String>invokeAny(List.of(() -> {
                sleep(ofSeconds(60));
                return "a";
            }, () -> "b")));
        }
    }

    @Test
    void failureOfExecuteIsReportedAsThatOfATaskNobodyJoins() {
        Heddle.run(ManualEngine.config().withFailureHandler((what, e) -> log.add(e.getMessage())), () -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                executor.execute(() -> {
                    throw new IllegalStateException("bad");
                });
                sleep(ofSeconds(5));
            }
        });
        assertEquals(List.of("bad"), log);
    }

    // ---- cancelling ----

    @Test
    void cancellingAFutureCancelsItsTask() {
        ManualEngine.runInManyOrders(20, () -> {
            log.clear();
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                Future<?> future = executor.submit(() -> {
                    try {
                        sleep(ofSeconds(60));
                    } catch (CancelledException e) {
                        log.add(e.getMessage());
                    }
                });
                sleep(ofMillis(1));
                assertTrue(future.cancel(true));
                assertThrows(CancellationException.class, future::get);
            }
            assertEquals(List.of("its future was cancelled"), log);
            assertEquals(Duration.ofMillis(1), ManualEngine.elapsed());
        });
    }

    @Test
    void cancellingWithoutInterruptLetsARunningBodyEnd() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                Future<?> future = executor.submit(() -> {
                    sleep(ofSeconds(1));
                    log.add("ended");
                });
                sleep(ofMillis(1));
                future.cancel(false);
            }
            assertEquals(List.of("ended"), log);
        });
    }

    @Test
    void cancellingADelayedBodyFreesItsTask() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            ScheduledFuture<?> future = executor.schedule(() -> log.add("never"), 1, SECONDS);
            checkpoint();
            future.cancel(false);
            checkpoint();
            assertEquals(1, currentLoop().allTasks().size());
            executor.close();
            assertEquals(List.of(), log);
        });
    }

    @Test
    void bodiesThatTheEndOfTheLoopLeavesBehindEndCancelled() throws Exception {
        Config impatient = ManualEngine.config().withShutdownTimeout(ZERO).withFailureHandler((what, e) -> {});
        Loop loop = Loop.create(impatient);
        ScheduledExecutorService executor = loop.asExecutorService();
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < Scheduler.MAX_PER_TURN + 1; i++) {
            futures.add(executor.submit(() -> sleep(ofSeconds(60))));
        }
        loop.step(ZERO); // all but the last begin
        loop.close();
        for (Future<?> future : futures) {
            assertThrows(CancellationException.class, () -> future.get(10, SECONDS));
        }
        executor.close();
    }

    @Test
    @Tag("full")
    void endOfTheLoopDoesNotWaitForTheLockOfItsExecutor() throws Exception {
        Config impatient = ManualEngine.config().withShutdownTimeout(ZERO).withFailureHandler((what, e) -> {});
        Loop loop = Loop.create(impatient);
        ScheduledExecutorService executor = loop.asExecutorService();
        ReentrantLock foreign = new ReentrantLock();
        foreign.lock();
        Future<?> stubborn = executor.submit(foreign::lock);
        loop.step(ZERO);
        ReentrantLock lock = lockOf(executor);
        lock.lock();
        try {
            Thread closer = Thread.ofPlatform().start(loop::close);
            closer.join(10_000);
            assertFalse(closer.isAlive());
            assertTrue(stubborn.isCancelled());
        } finally {
            lock.unlock();
        }
        executor.shutdown();
        assertTrue(executor.awaitTermination(10, SECONDS));
    }

    private static ReentrantLock lockOf(Object executor) throws ReflectiveOperationException {
        Field lock = LoopExecutor.class.getDeclaredField("lock");
        lock.setAccessible(true);
        return (ReentrantLock) lock.get(executor);
    }

    @Test
    void taskThatABodyOwnsCannotCloseTheExecutorEither() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                executor.submit(() -> {
                    Task<Void> owned = Heddle.spawn(executor::close);
                    assertThrows(IllegalStateException.class, owned::join);
                    GroupException grouped = assertThrows(GroupException.class,
                            () -> Heddle.group(g -> g.spawn(() -> Heddle.spawn(executor::close).join())));
                    assertEquals(
                            "a body cannot close its own executor; call shutdown()",
                            grouped.getCause().getMessage());
                    return null;
                }).get();
            }
        });
    }

    @Test
    void bodyThatWaitsForItsOwnFutureIsRefused() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                List<Future<?>> own = new ArrayList<>();
                own.add(executor.submit(() -> own.getFirst().get()));
                ExecutionException failed = assertThrows(ExecutionException.class, () -> own.getFirst().get());
                assertTrue(failed.getCause().getMessage().contains("cannot join itself"), failed.toString());
            }
        });
    }

    // ---- time ----

    @Test
    void delayedBodyRunsInTheTimeOfTheLoop() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                ScheduledFuture<Duration> future = executor.schedule(ManualEngine::elapsed, 3600, SECONDS);
                assertEquals(3600, future.getDelay(SECONDS));
                sleep(ofSeconds(1800));
                assertEquals(1800, future.getDelay(SECONDS));
                assertTrue(future.compareTo(executor.schedule(() -> {}, 1, SECONDS)) > 0);
                sleep(ofSeconds(1801));
                assertEquals(Duration.ofHours(1), future.resultNow());
            }
        });
    }

    @Test
    void fixedRateKeepsItsStartsApartAlsoBehindASlowBody() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                ScheduledFuture<?> future = executor.scheduleAtFixedRate(() -> {
                    log.add(ManualEngine.elapsed().toMillis());
                    sleep(ofMillis(log.size() == 1 ? 25 : 1));
                }, 10, 10, MILLISECONDS);
                sleep(ofMillis(55));
                future.cancel(false);
            }
        });
        assertEquals(List.of(10L, 35L, 36L, 40L, 50L), log);
    }

    @Test
    void fixedDelayIsCountedFromTheEndOfABody() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                executor.scheduleWithFixedDelay(() -> {
                    log.add(ManualEngine.elapsed().toMillis());
                    sleep(ofMillis(5));
                }, 0, 10, MILLISECONDS);
                sleep(ofMillis(40));
            }
        });
        assertEquals(List.of(0L, 15L, 30L), log);
    }

    @Test
    void repeatedBodyThatFailsIsNotRunAgain() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                ScheduledFuture<?> future = executor.scheduleAtFixedRate(() -> {
                    log.add("ran");
                    throw new IllegalStateException("bad");
                }, 0, 10, MILLISECONDS);
                assertThrows(ExecutionException.class, future::get);
                sleep(ofMillis(50));
            }
        });
        assertEquals(List.of("ran"), log);
    }

    @Test
    void periodOfZeroIsRefused() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> executor.scheduleAtFixedRate(() -> {}, 0, 0, SECONDS));
        });
    }

    // ---- the end ----

    @Test
    void shutdownStopsRepeatedBodiesAndLetsDelayedOnesCome() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            ScheduledFuture<?> repeated = executor.scheduleAtFixedRate(() -> log.add("never"), 1, 1, SECONDS);
            executor.schedule(() -> log.add("delayed"), 5, SECONDS);
            executor.shutdown();
            assertTrue(repeated.isCancelled());
            assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> "late"));
            assertFalse(executor.awaitTermination(1, SECONDS));
            assertTrue(executor.awaitTermination(10, SECONDS));
            assertEquals(ofSeconds(5), ManualEngine.elapsed());
            assertEquals("on", Heddle.<String>spawn(() -> "on").join(), "the loop goes on");
        });
        assertEquals(List.of("delayed"), log);
    }

    @Test
    void shutdownNowCancelsWhatRunsAndGivesBackWhatHasNotBegun() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            Future<?> running = executor.submit(() -> sleep(ofSeconds(60)));
            sleep(ofMillis(1));
            Future<?> delayed = executor.schedule(() -> log.add("never"), 1, SECONDS);
            assertEquals(List.of(delayed), executor.shutdownNow());
            assertTrue(running.isCancelled());
            executor.close();
            assertFalse(delayed.isDone());
            assertTrue(executor.isTerminated());
            assertEquals(ofMillis(1), ManualEngine.elapsed());
        });
    }

    @Test
    void shutdownNowCancelsInTheOrderOfTheCalls() {
        List<String> calls = IntStream.range(0, 20).mapToObj(Integer::toString).toList();
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            for (String call : calls) {
                executor.submit(() -> {
                    try {
                        sleep(ofSeconds(60));
                    } finally {
                        log.add(call);
                    }
                });
            }
            sleep(ofMillis(1));
            executor.shutdownNow();
            executor.close();
        });
        assertEquals(calls, log);
    }

    @Test
    void cancelledCloseCancelsTheBodiesAndAwaitsTheirEnd() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            executor.submit(() -> {
                try {
                    sleep(ofSeconds(60));
                } finally {
                    log.add("cleaned up");
                }
            });
            assertFalse(moveOnAfter(ofSeconds(1), () -> {
                executor.close();
                checkpoint();
            }));
            assertEquals(List.of("cleaned up"), log);
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelThatHasCancelledTheBodiesPassesOn() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            executor.submit(() -> sleep(ofSeconds(60)));
            assertFalse(moveOnAfter(ofSeconds(1), executor::close));
        });
    }

    @Test
    void bodyCannotCloseItsExecutor() {
        ManualEngine.run(() -> {
            try (ScheduledExecutorService executor = currentLoop().asExecutorService()) {
                Future<?> future = executor.submit(executor::close);
                assertThrows(ExecutionException.class, future::get);
            }
        });
    }

    @Test
    void endOfTheLoopCancelsWhatIsLeftAndRefusesMore() {
        List<Future<?>> futures = new ArrayList<>();
        ScheduledExecutorService executor;
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            executor = loop.asExecutorService();
            futures.add(executor.submit(() -> sleep(ofSeconds(60))));
            futures.add(executor.schedule(() -> log.add("never"), 60, SECONDS));
            futures.add(executor.scheduleAtFixedRate(() -> log.add("never"), 60, 1, SECONDS));
        }
        for (Future<?> future : futures) {
            assertThrows(CancellationException.class, future::get);
        }
        assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> "late"));
        executor.close();
        assertTrue(executor.isTerminated());
    }

    @Test
    void submitThatRacesWithTheEndOfTheLoopNeverHangs() throws Exception {
        for (int i = 0; i < 100; i++) {
            Loop loop = Loop.start(Config.DEFAULT);
            ScheduledExecutorService executor = loop.asExecutorService();
            Thread closer = Thread.ofPlatform().start(loop::close);
            try {
                while (true) {
                    Future<String> future = executor.submit(() -> "a");
                    try {
                        assertEquals("a", future.get(10, SECONDS));
                    } catch (CancellationException e) {
                        // The loop ended first.
                    }
                }
            } catch (RejectedExecutionException e) {
                closer.join();
            }
        }
    }

    @Test
    void whoWantsToWaitForEverMaySaySoInAnyUnit() {
        ManualEngine.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            executor.schedule(() -> log.add("done"), 1, SECONDS);
            executor.shutdown();
            assertTrue(executor.awaitTermination(Long.MAX_VALUE, DAYS));
            assertTrue(executor.awaitTermination(Long.MIN_VALUE, DAYS));
        });
        assertEquals(List.of("done"), log);
    }
}
