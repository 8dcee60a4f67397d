package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sync.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A failure that nobody joins is reported once; one that somebody sees is not. */
final class FailureReportTest {

    private final List<String> reports = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final IllegalStateException failure = new IllegalStateException("bad");

    private final Config config = ManualEngine.config().withFailureHandler((what, thrown) -> {
        reports.add(what);
        failures.add(thrown);
    });

    @Test
    void failureThatNobodyJoinsIsReportedOnceWithNameAndSpawnSite() {
        Heddle.run(config, () -> {
            spawn("culprit", this::fail);
            sleep(ofSeconds(60));
            assertEquals(List.of("task culprit (loop, failed) failed and nobody joined it"), reports);
        });
        assertEquals(List.of(failure), failures);
        Throwable note = failure.getSuppressed()[0];
        assertTrue(note.getMessage().contains("culprit"), note.getMessage());
        assertEquals("FailureReportTest.java", note.getStackTrace()[0].getFileName());
    }

    @Test
    void readerWhoseOwnSideClosesWhileItWaitsHasNotFailed() {
        Heddle.run(config, () -> {
            Channel<String> channel = Channel.of(1);
            spawn("reader", () -> {
                while (true) {
                    channel.receive();
                }
            });
            sleep(ofSeconds(1));
            channel.close();
            sleep(ofSeconds(60));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void callOfATaskOnWhatIsClosedIsAFailure() {
        Heddle.run(config, () -> {
            Channel<String> channel = Channel.of(1);
            channel.close();
            spawn("late", () -> {
                sleep(ofSeconds(1));
                channel.receive();
            });
            sleep(ofSeconds(60));
        });
        assertEquals(List.of("task late (loop, failed) failed and nobody joined it"), reports);
    }

    @Test
    void failureIsReportedAfterASecond() {
        Heddle.run(config, () -> {
            spawn(this::fail);
            sleep(ofMillis(999));
            assertEquals(0, reports.size());
            sleep(ofMillis(2));
            assertEquals(1, reports.size());
        });
    }

    @Test
    void failureIsReportedWhenTheOwnerEndsBeforeThat() {
        Heddle.run(config, () -> {
            Task<Void> owner = spawn(() -> {
                spawn(this::fail);
                checkpoint();
            });
            owner.join();
            assertEquals(1, reports.size());
        });
        assertEquals(1, reports.size());
    }

    @Test
    void failureThatWasReportedAtTheEndOfItsOwnerLeavesNoTimer() {
        Heddle.run(config, () -> {
            Task<Void> owner = spawn(() -> {
                spawn(this::fail);
                checkpoint();
                assertEquals(1, currentLoop().statistics().timers());
            });
            owner.join();
            assertEquals(0, currentLoop().statistics().timers());
        });
        assertEquals(1, reports.size());
    }

    @Test
    void handlerOfAFailedCleanUpMayWaitAndKeepsTheCancelledTaskFromNothing() {
        CountDownLatch ended = new CountDownLatch(1);
        List<Optional<Task<?>>> where = new CopyOnWriteArrayList<>();
        Config waits = Config.DEFAULT.withSignals(false).withFailureHandler((what, failure) -> {
            where.add(Task.ofThread(Thread.currentThread()));
            try {
                ended.await();
                reports.add(what);
            } catch (InterruptedException e) {
                reports.add("interrupted");
            }
        });
        Heddle.run(waits, () -> {
            assertEquals(Optional.empty(), moveOnAfter(ofMillis(1), () -> {
                CancelledException cancel = assertThrows(CancelledException.class, () -> sleep(ofSeconds(60)));
                cancel.addSuppressed(failure);
                throw cancel;
            }));
            Task<Void> task = spawn("worker", () -> {
                CancelledException cancel = assertThrows(CancelledException.class, () -> sleep(ofSeconds(60)));
                cancel.addSuppressed(failure);
                throw cancel;
            });
            checkpoint();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            ended.countDown();
        });
        assertEquals(
                List.of(
                        "task main (loop, running) was cancelled, and its clean-up failed",
                        "task worker (loop, running) was cancelled, and its clean-up failed"),
                reports);
        assertEquals(List.of(Optional.empty(), Optional.empty()), where);
    }

    @Test
    void failureThatIsJoinedIsNotReported() {
        Heddle.run(config, () -> {
            Task<Void> task = spawn(this::fail);
            assertThrows(IllegalStateException.class, task::join);
            sleep(ofSeconds(5));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void failureOfATaskWhoseStateIsReadIsReportedAllTheSame() {
        Heddle.run(config, () -> {
            Task<Void> task = spawn(this::fail);
            checkpoint();
            assertEquals(Task.State.FAILED, task.state());
            sleep(ofSeconds(5));
        });
        assertEquals(1, reports.size());
    }

    @Test
    void stateOfOneThatHasNotFailedYetTellsNobodyOfTheFailure() {
        Heddle.run(config, () -> {
            Task<Void> task = spawn(this::fail);
            assertEquals(Task.State.PENDING, task.state());
            sleep(ofSeconds(5));
        });
        assertEquals(1, reports.size());
    }

    @Test
    void failureThatIsLookedAtOrTakenAsAFutureIsNotReported() {
        Heddle.run(config, () -> {
            Task<Void> lookedAt = spawn(this::fail);
            spawn(this::fail).toCompletableFuture();
            checkpoint();
            assertSame(failure, lookedAt.failure().orElseThrow());
            sleep(ofSeconds(5));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void joinAfterTheReportStillThrows() {
        Heddle.run(config, () -> {
            Task<Void> task = spawn(this::fail);
            sleep(ofSeconds(5));
            assertThrows(IllegalStateException.class, task::join);
        });
        assertEquals(1, reports.size());
    }

    @Test
    void joinThatWasCancelledDoesNotCount() {
        Heddle.run(config, () -> {
            Task<Void> task = spawn(() -> {
                sleep(ofSeconds(5));
                fail();
            });
            moveOnAfter(ofSeconds(1), () -> {
                task.join();
            });
            sleep(ofSeconds(60));
        });
        assertEquals(1, reports.size());
    }

    @Test
    void failureOfALeftoverTaskInItsCleanUpIsReported() {
        Heddle.run(config, () -> {
            currentLoop().spawn(() -> {
                try {
                    sleep(ofSeconds(60));
                } finally {
                    fail();
                }
            });
            checkpoint();
        });
        assertEquals(List.of(failure), failures);
    }

    @Test
    void failureOfTheMainTaskIsThrownAndNotReported() {
        assertSame(failure, assertThrows(IllegalStateException.class, () -> Heddle.run(config, this::fail)));
        assertEquals(List.of(), reports);
    }

    @Test
    void cancelledTasksAreNoFailures() {
        Heddle.run(config, () -> {
            spawn(() -> sleep(ofSeconds(60))).cancel("enough");
            sleep(ofSeconds(5));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void handlerThatThrowsDisturbsNobody() {
        Config failing = config.withFailureHandler((what, thrown) -> {
            reports.add(what);
            throw (RuntimeException) thrown;
        });
        Heddle.run(failing, () -> {
            Task<Void> owner = spawn(() -> {
                spawn(this::fail);
                checkpoint();
            });
            owner.join();
            spawn(this::fail);
            currentLoop().callSoon(this::fail);
            sleep(ofSeconds(5));
        });
        assertEquals(3, reports.size());
    }

    @Test
    void handlerMayWaitInItsOwnWayAndTheEndOfTheLoopWaitsForIt() {
        var main = new CompletableFuture<Task<?>>();
        var mainHasEnded = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            main.join().join();
            mainHasEnded.countDown();
        });
        Config waiting = Config.DEFAULT.withFailureHandler((what, thrown) -> {
            try {
                mainHasEnded.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            reports.add(what);
        });
        Heddle.run(waiting, () -> {
            main.complete(currentTask());
            currentLoop().callSoon(this::fail);
            checkpoint();
        });
        assertEquals(1, reports.size());
    }

    private void fail() {
        throw failure;
    }
}
