package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.gatherOutcomes;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Helpers over many tasks: the first to end, all ends, outcomes, kills, from tasks and from threads. */
final class TasksTest {

    private static Task<Integer> after(int seconds) {
        return spawn(() -> {
            sleep(ofSeconds(seconds));
            return seconds;
        });
    }

    private static Task<Integer> failingAfter(int seconds) {
        return spawn(() -> {
            sleep(ofSeconds(seconds));
            throw new IOException("failed after " + seconds + " s");
        });
    }

    // ---- wait ----

    @Test
    void firstCompletedGivesDoneAndPendingAndCancelsNothing() {
        ManualEngine.run(() -> {
            List<Task<Integer>> tasks = List.of(after(3), after(1), after(2));
            Tasks.Waited<Task<Integer>> waited = Tasks.await(tasks, AwaitCondition.FIRST_COMPLETED);
            assertEquals(List.of(tasks.get(1)), waited.done());
            assertEquals(List.of(tasks.get(0), tasks.get(2)), waited.pending());
            assertEquals(List.of(3, 1, 2), Tasks.joinAll(tasks));
        });
    }

    @Test
    void firstExceptionPassesOverResultsAndCancelledTasks() {
        ManualEngine.run(() -> {
            Task<Integer> failing = failingAfter(3);
            Task<Integer> cancelled = after(9);
            cancelled.cancel("not needed");
            List<Task<Integer>> tasks = List.of(after(1), cancelled, failing, after(5));
            Tasks.Waited<Task<Integer>> waited = Tasks.await(tasks, AwaitCondition.FIRST_EXCEPTION);
            assertEquals(List.of(tasks.get(0), cancelled, failing), waited.done());
            assertEquals(List.of(tasks.get(3)), waited.pending());
            assertTrue(failing.failure().isPresent());
        });
    }

    @Test
    void allCompletedWaitsForAllWhateverTheirEnd() {
        ManualEngine.run(() -> {
            List<Task<Integer>> tasks = List.of(after(1), failingAfter(2), after(3));
            Tasks.Waited<Task<Integer>> waited = Tasks.await(tasks, AwaitCondition.ALL_COMPLETED);
            assertEquals(tasks, waited.done());
            assertEquals(List.of(), waited.pending());
            assertTrue(tasks.get(1).failure().isPresent());
        });
    }

    @Test
    void waitWithinALimitGivesWhatHasEndedUntilThen() {
        ManualEngine.run(() -> {
            List<Task<Integer>> tasks = List.of(after(1), after(2), after(30));
            Tasks.Waited<Task<Integer>> waited = Tasks.awaitWithin(ofSeconds(10), tasks, AwaitCondition.ALL_COMPLETED);
            assertEquals(tasks.subList(0, 2), waited.done());
            assertEquals(tasks.subList(2, 3), waited.pending());
            assertEquals(0, Tasks.awaitWithin(ZERO, tasks.subList(2, 3), AwaitCondition.ALL_COMPLETED).done().size());
            assertEquals(2, Tasks.awaitWithin(ZERO, tasks, AwaitCondition.ALL_COMPLETED).done().size());
            assertEquals(30, tasks.get(2).join());
        });
    }

    @Test
    void whatHasEndedBeforeCountsAtOnceAndNothingAtAllHasEnded() {
        ManualEngine.run(() -> {
            Task<Integer> ended = after(1);
            ended.join();
            assertEquals(
                    List.of(ended),
                    Tasks.await(List.of(after(5), ended), AwaitCondition.FIRST_COMPLETED).done());
            assertEquals(List.of(), Tasks.await(List.<Task<?>>of(), AwaitCondition.FIRST_COMPLETED).done());
        });
    }

    @Test
    void taskGivenTwiceCountsOnce() {
        ManualEngine.run(() -> {
            Task<Integer> task = after(1);
            assertEquals(List.of(task), Tasks.await(List.of(task, task), AwaitCondition.ALL_COMPLETED).done());
            assertEquals(List.of(1, 1), Tasks.joinAll(List.of(task, task)));
        });
    }

    @Test
    void tasksAndPromisesAreAwaitedTogether() {
        ManualEngine.run(() -> {
            Promise<Integer> promise = new Promise<>();
            Task<Integer> task = after(1);
            currentLoop().callLater(ofSeconds(2), () -> promise.complete(2));
            List<Joinable<Integer>> order = new ArrayList<>();
            Tasks.asCompleted(List.of(promise, task)).forEach(order::add);
            assertEquals(List.of(task, promise), order);
            assertEquals(List.of(2, 1), Tasks.joinAll(List.of(promise, task)));
        });
    }

    @Test
    void cancelledWaitLeavesTheTasksAndNoListener() {
        ManualEngine.run(() -> {
            List<Task<Integer>> tasks = List.of(after(60), after(70));
            for (int i = 0; i < 10; i++) {
                assertThrows(
                        DeadlineExceededException.class,
                        () -> timeout(ofSeconds(1), () -> Tasks.await(tasks, AwaitCondition.ALL_COMPLETED)));
            }
            assertEquals(List.of(60, 70), Tasks.joinAll(tasks));
        });
    }

    @Test
    void platformThreadWaitsForTasksOfALoop() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            List<Task<Integer>> tasks = List.of(loop.spawn(() -> 1), loop.spawn(() -> 2));
            assertEquals(tasks, Tasks.await(tasks, AwaitCondition.ALL_COMPLETED).done());
            assertEquals(List.of(1, 2), Tasks.joinAll(tasks));
        }
    }

    // ---- as completed, join many ----

    @Test
    void asCompletedGivesTasksInTheOrderOfTheirEnds() {
        ManualEngine.run(() -> {
            List<Integer> order = new ArrayList<>();
            for (Task<Integer> done : Tasks.asCompleted(List.of(after(3), after(1), after(2)))) {
                order.add(done.join());
            }
            assertEquals(List.of(1, 2, 3), order);
        });
    }

    @Test
    void asCompletedUnderADeadlineEndsAtTheItemThatIsLate() {
        ManualEngine.run(() -> {
            List<Integer> order = new ArrayList<>();
            List<Task<Integer>> tasks = List.of(after(1), after(60));
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(5), () -> {
                for (Task<Integer> done : Tasks.asCompleted(tasks)) {
                    order.add(done.join());
                }
            }));
            assertEquals(List.of(1), order);
        });
    }

    @Test
    void joinAllThrowsTheFirstFailureInTimeAtOnce() {
        ManualEngine.run(() -> {
            List<Task<Integer>> tasks = List.of(failingAfter(5), failingAfter(2), after(60));
            TaskFailedException thrown = assertThrows(TaskFailedException.class, () -> Tasks.joinAll(tasks));
            assertEquals("failed after 2 s", thrown.getCause().getMessage());
            assertThrows(TaskFailedException.class, tasks.get(0)::join);
            Tasks.cancelAll(tasks, "done with it");
        });
    }

    @Test
    void joinFirstReturnsAfterSoManyEnds() {
        ManualEngine.run(() -> {
            List<Task<Integer>> tasks = List.of(after(3), after(1), after(2));
            assertEquals(List.of(tasks.get(1), tasks.get(2)), Tasks.joinFirst(2, tasks));
            assertEquals(3, Tasks.joinFirst(10, tasks).size());
            assertEquals(List.of(), Tasks.joinFirst(0, tasks));
            assertThrows(IllegalArgumentException.class, () -> Tasks.joinFirst(-1, tasks));
        });
    }

    @Test
    void cancelAllWaitsForTheirCleanUp() {
        ManualEngine.run(() -> {
            List<String> log = new ArrayList<>();
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        Heddle.shield(() -> sleep(ofSeconds(1)));
                        log.add("cleaned up");
                    }
                }));
            }
            Heddle.checkpoint();
            Tasks.cancelAll(tasks, "enough");
            assertEquals(List.of("cleaned up", "cleaned up", "cleaned up"), log);
        });
    }

    // ---- outcomes ----

    @Test
    void gatherOutcomesGivesFailuresAsValuesInOrder() {
        ManualEngine.run(() -> {
            List<Outcome<Integer>> outcomes = gatherOutcomes(() -> {
                sleep(ofSeconds(2));
                return 2;
            }, () -> {
                throw new IOException("bad");
            }, () -> 3);
            assertEquals(new Outcome.Success<>(2), outcomes.get(0));
            assertInstanceOf(IOException.class, ((Outcome.Failure<Integer>) outcomes.get(1)).error());
            assertEquals(3, outcomes.get(2).get());
            assertThrows(TaskFailedException.class, outcomes.get(1)::get);
            assertEquals(List.of(), gatherOutcomes(List.of()));
        });
    }

    @Test
    void gatherOutcomesGivesTheCancelOfOneBodyAsAValueToo() {
        ManualEngine.run(() -> {
            List<Outcome<Integer>> outcomes = gatherOutcomes(() -> {
                currentTask().cancel("alone");
                sleep(ofHours(1));
                return 1;
            }, () -> 2);
            assertTrue(((Outcome.Cancelled<Integer>) outcomes.get(0)).reason().contains("alone"));
            assertEquals(2, outcomes.get(1).get());
        });
    }

    @Test
    void gatherOutcomesLetsACancelFromOutsidePass() {
        ManualEngine.run(() -> {
            List<String> log = new ArrayList<>();
            assertThrows(
                    DeadlineExceededException.class,
                    () -> timeout(ofSeconds(1), () -> gatherOutcomes(() -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            log.add("cleaned up");
                        }
                        return 1;
                    })));
            assertEquals(List.of("cleaned up"), log);
        });
    }

    @Test
    void outcomeOfATaskIsItsEndAsAValue() {
        ManualEngine.run(() -> {
            assertEquals(new Outcome.Success<>(1), after(1).awaitOutcome());
            assertInstanceOf(Outcome.Failure.class, failingAfter(1).awaitOutcome());
            Task<Integer> cancelled = after(1);
            cancelled.cancel("enough");
            Outcome<Integer> outcome = cancelled.awaitOutcome();
            assertTrue(((Outcome.Cancelled<Integer>) outcome).reason().endsWith("enough"));
            assertThrows(TaskCancelledException.class, outcome::get);
        });
    }

    // ---- fail and onDone ----

    @Test
    void failEndsATaskWithThatFailure() {
        ManualEngine.run(() -> {
            List<String> log = new ArrayList<>();
            IllegalStateException failure = new IllegalStateException("no longer wanted");
            Task<Integer> task = spawn(() -> {
                try {
                    sleep(ofHours(1));
                } catch (CancelledException e) {
                    log.add(e.getMessage());
                    sleep(ofHours(1)); // thrown again: the cancel stays
                }
                return 1;
            });
            Heddle.checkpoint();
            task.fail(failure);
            task.fail(new IOException("too late"));
            assertSame(failure, assertThrows(IllegalStateException.class, task::join));
            assertSame(failure, task.failure().orElseThrow());
            assertEquals(Task.State.FAILED, task.state());
            assertEquals(List.of("made to fail: java.lang.IllegalStateException: no longer wanted"), log);
        });
    }

    @Test
    void failOnAnEndedOrCancelledTaskDoesNothing() {
        ManualEngine.run(() -> {
            Task<Integer> ended = after(0);
            ended.join();
            ended.fail(new IOException("late"));
            assertEquals(0, ended.join());
            Task<Integer> cancelled = after(1);
            cancelled.cancel("enough");
            cancelled.fail(new IOException("late"));
            assertThrows(TaskCancelledException.class, cancelled::join);
        });
    }

    @Test
    void failOnATaskWhoseGroupWasCancelledDoesNothing() {
        ManualEngine.run(() -> Heddle.group(g -> {
            Task<Void> task = g.spawn(() -> sleep(ofHours(1)));
            g.cancel("enough");
            task.fail(new IllegalStateException("too late"));
        }));
    }

    @Test
    void taskMadeToFailInAGroupFailsTheGroup() {
        ManualEngine.run(() -> {
            IOException failure = new IOException("bad peer");
            GroupException thrown = assertThrows(GroupException.class, () -> Heddle.group(g -> {
                Task<Void> task = g.spawn(() -> sleep(ofHours(1)));
                Heddle.checkpoint();
                task.fail(failure);
                sleep(ofHours(1));
            }));
            assertEquals(List.of(failure), thrown.failures());
        });
    }

    @Test
    void linkThatWasTakenBackIsNotCalled() {
        ManualEngine.run(() -> {
            List<String> log = new ArrayList<>();
            Task<Integer> task = after(1);
            task.onDone(ended -> log.add("first"));
            Handle second = task.onDone(ended -> log.add("second"));
            task.onDone(ended -> log.add("third"));
            second.cancel();
            task.join();
            sleep(ofSeconds(1));
            assertEquals(List.of("first", "third"), log);
        });
    }

    @Test
    void taskThatWaitsForItselfAmongOthersIsRefused() {
        ManualEngine.run(() -> {
            Task<Integer> other = after(1);
            List<Task<?>> both = List.of(other, currentTask());
            String message = assertThrows(
                    IllegalStateException.class, () -> Tasks.await(both, AwaitCondition.ALL_COMPLETED)).getMessage();
            assertTrue(message.contains("cannot join itself"), message);
            assertThrows(IllegalStateException.class, () -> Tasks.joinAll(both));
            assertThrows(IllegalStateException.class, () -> Tasks.asCompleted(both).iterator());
            assertEquals(1, other.join());
        });
    }

    @Test
    void missingTaskIsRefusedAndNoListenerLeft() {
        Promise<String> promise = new Promise<>();
        assertThrows(
                NullPointerException.class,
                () -> Tasks.await(Arrays.<Promise<String>>asList(promise, null), AwaitCondition.ALL_COMPLETED));
        assertEquals(0, promise.listeners());
    }
}
