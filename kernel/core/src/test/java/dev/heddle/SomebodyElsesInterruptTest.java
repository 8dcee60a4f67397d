package dev.heddle;

import static dev.heddle.Heddle.await;
import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gatherOutcomes;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.race;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static dev.heddle.Heddle.tolerantGroup;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The failure of another that was interrupted is a failure like any other for a task that nobody has interrupted. */
final class SomebodyElsesInterruptTest {

    private final InterruptedException interrupt = new InterruptedException("a reader was interrupted");

    @Test
    void itComesOutOfWhateverCallsBodies() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> g.spawn(this::fails)));
            assertSame(interrupt, grouped.failures().getFirst().getCause());
            assertThrows(GroupException.class, () -> group(g -> fails()));
            assertThrows(GroupException.class, () -> tolerantGroup(g -> g.spawn(this::fails)));
            assertThrows(GroupException.class, () -> group(g -> {
                g.spawnService(this::fails);
                sleep(ofSeconds(1));
            }));
            assertThrows(TaskFailedException.class, () -> timeout(ofSeconds(1), this::fails));
            assertThrows(TaskFailedException.class, () -> shield(this::fails));
            assertThrows(TaskFailedException.class, () -> CancelScope.open(scope -> {
                fails();
            }));
            group(g -> assertThrows(TaskFailedException.class, () -> g.start(signal -> fails())));
            assertInstanceOf(Outcome.Failure.class, gatherOutcomes(this::failing).getFirst());
            assertInstanceOf(Outcome.Failure.class, spawn(this::fails).awaitOutcome());
            assertThrows(GroupException.class, () -> race(this::failing, this::failing));
            assertThrows(ExecutionException.class, () -> currentLoop().asExecutorService().submit(this::failing).get());
            checkpoint();
        });
    }

    @Test
    void itIsAFailureAlsoWhereItIsThrownBare() {
        for (Exception thrown : List.of(interrupt, new ClosedByInterruptException(),
                new SocketException("Closed by interrupt"))) {
            ManualEngine.run(() -> {
                Task<Void> task = spawn(() -> {
                    throw thrown;
                });
                assertEquals(new Outcome.Failure<>(thrown), task.awaitOutcome());
            });
        }
    }

    @Test
    void itIsAFailureAlsoInACancelledScope() {
        var ended = new Promise<String>();
        ended.fail(interrupt);
        ManualEngine.run(() -> {
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(TaskFailedException.class, () -> CancelScope.open(inner -> {
                    ended.join();
                }));
                assertThrows(GroupException.class, () -> group(g -> ended.join()));
            });
            Task<String> task = spawn(ended::join);
            task.cancel();
            assertInstanceOf(Outcome.Failure.class, task.awaitOutcome());
        });
    }

    @Test
    void itComesFromThreadsOfTheJdkAndOfPools() throws InterruptedException {
        for (Action way : List.<Action>of(this::stageOfAPool, this::futureOfAPool, this::workerPool,
                this::bodyThatInterruptsItself)) {
            List<Task.State> ends = Heddle.run(() -> {
                Task<Void> task = spawn(way);
                task.awaitOutcome();
                return List.of(task.state());
            });
            assertEquals(List.of(Task.State.FAILED), ends);
        }
    }

    @Test
    void interruptOfTheTaskCancelsItAlsoBehindACleanUpThatWaits() throws InterruptedException {
        var interrupted = new AtomicReference<Thread>();
        var waits = new CountDownLatch(1);
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            Task<Void> task = loop.spawn(() -> {
                interrupted.set(Thread.currentThread());
                waits.countDown();
                try {
                    Thread.sleep(60_000);
                } finally {
                    timeout(ofSeconds(60), () -> sleep(ofMillis(1)));
                }
            });
            waits.await();
            while (interrupted.get().getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            interrupted.get().interrupt();
            assertInstanceOf(Outcome.Cancelled.class, task.awaitOutcome());
        }
    }

    @Test
    void exceptionWhoseCauseCannotBeReadIsItsTasksFailureAndNobodyElses() {
        var nasty = new Nasty();
        ManualEngine.run(() -> {
            Task<Void> bystander = spawn(() -> sleep(ofHours(1)));
            Task<Void> task = spawn(() -> {
                throw nasty;
            });
            assertEquals(new Outcome.Failure<>(nasty), task.awaitOutcome());
            assertThrows(GroupException.class, () -> group(g -> g.spawn(() -> {
                throw nasty;
            })));
            assertThrows(Nasty.class, () -> CancelScope.open(scope -> {
                throw nasty;
            }));
            assertTrue(CancelScope.open(scope -> "result").isPresent());
            Task<Void> cancelled = spawn(() -> {
                try {
                    sleep(ofHours(1));
                } catch (CancelledException e) {
                    e.addSuppressed(nasty);
                    throw e;
                }
            });
            checkpoint();
            cancelled.cancel("enough");
            assertInstanceOf(Outcome.Cancelled.class, cancelled.awaitOutcome());
            sleep(ofSeconds(1));
            bystander.cancel();
        });
    }

    private void fails() {
        var promise = new Promise<Integer>();
        currentLoop().callLater(ofMillis(5), () -> promise.fail(interrupt));
        promise.join();
    }

    private String failing() {
        fails();
        return "never";
    }

    private void stageOfAPool() {
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            var stage = CompletableFuture.runAsync(SomebodyElsesInterruptTest::sleepLong, pool);
            currentLoop().callLater(ofMillis(20), pool::shutdownNow);
            await(stage);
        }
    }

    private void futureOfAPool() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            var future = pool.submit(SomebodyElsesInterruptTest::sleepLong);
            currentLoop().callLater(ofMillis(20), pool::shutdownNow);
            future.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause().getCause();
        }
    }

    private void workerPool() {
        WorkerPool pool = WorkerPool.of(1);
        currentLoop().callLater(ofMillis(20), pool::shutdownNow);
        pool.call(() -> {
            Thread.sleep(60_000);
            return "never";
        });
    }

    private void bodyThatInterruptsItself() {
        offload(() -> {
            Thread.currentThread().interrupt();
            Thread.sleep(60_000);
        });
    }

    private static void sleepLong() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private static final class Nasty extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("cannot load the cause");
        }
    }
}
