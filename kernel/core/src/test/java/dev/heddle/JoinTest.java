package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Joining gives a result or a failure to everybody, and a cancelled join leaves the task alone. */
final class JoinTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void givesTheResultToEveryJoiner() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> {
                sleep(ofSeconds(1));
                return "result";
            });
            Task<String> other = spawn(() -> task.join());
            assertEquals("result", task.join());
            assertEquals("result", other.join());
            assertEquals("result", task.join());
        });
    }

    @Test
    void resultMayBeNull() {
        ManualEngine.run(() -> assertNull(spawn(() -> null).join()));
    }

    @Test
    void uncheckedFailureIsThrownAsItIsAndShowsWhereTheTaskCameFrom() {
        ManualEngine.run(() -> {
            IllegalStateException failure = new IllegalStateException("bad");
            Task<Void> task = spawn("culprit", () -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IllegalStateException.class, task::join));
            Throwable note = failure.getSuppressed()[0];
            assertTrue(note.toString().contains("culprit"), note.toString());
            assertEquals("JoinTest.java", note.getStackTrace()[0].getFileName());
        });
    }

    @Test
    void checkedFailureIsTheCauseAndWrappedOnce() {
        ManualEngine.run(() -> {
            IOException failure = new IOException("disk");
            Task<Void> task = spawn(() -> {
                throw failure;
            });
            Task<Void> between = spawn(() -> task.join());
            TaskFailedException wrapped = assertThrows(TaskFailedException.class, between::join);
            assertSame(failure, wrapped.getCause());
        });
    }

    @Test
    void errorIsThrownBare() {
        ManualEngine.run(() -> {
            AssertionError failure = new AssertionError("fatal");
            Task<Void> task = spawn(() -> {
                throw failure;
            });
            assertSame(failure, assertThrows(AssertionError.class, task::join));
        });
    }

    @Test
    void cancelledTaskHasNoResult() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn("victim", () -> sleep(ofHours(1)));
            task.cancel("the reason");
            TaskCancelledException told = assertThrows(TaskCancelledException.class, task::join);
            assertEquals("task victim was cancelled: the reason", told.getMessage());
            assertEquals(Optional.empty(), task.failure());
        });
    }

    @Test
    void taskThatEndedByItsTimeWasNotCancelledByALaterCancel() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> "result");
            checkpoint();
            task.cancel("too late");
            assertEquals("result", task.join());
            assertSame(Task.State.SUCCEEDED, task.state());
        });
    }

    @Test
    void cancelledJoinLeavesTheTaskRunning() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> {
                sleep(ofSeconds(10));
                return "result";
            });
            assertFalse(moveOnAfter(ofSeconds(1), () -> {
                task.join();
            }));
            assertSame(Task.State.RUNNING, task.state());
            assertEquals("result", task.join());
        });
    }

    @Test
    void endedTaskAnswersEvenACancelledCaller() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Task<String> task = spawn(() -> "result");
            checkpoint();
            scope.cancel("enough");
            assertEquals("result", task.join());
        }));
    }

    @Test
    void waitingForALivingTaskIsRefusedToACancelledCaller() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Task<Void> task = spawn(() -> sleep(ofHours(1)));
            scope.cancel("enough");
            assertThrows(CancelledException.class, task::join);
        }));
    }

    @Test
    void resultThatComesInTheSameTurnBeforeTheCancelIsDelivered() {
        ManualEngine.run(() -> group(g -> {
            Task<String> task = g.spawn(() -> {
                sleep(ofSeconds(1));
                return "result";
            });
            Task<Void> joiner = g.spawn(() -> {
                log.add(task.join());
                checkpoint();
                log.add("unreachable");
            });
            sleep(ofSeconds(1)); // wakes after the task and, in the same turn, before its joiner
            joiner.cancel("late");
        }));
        assertEquals(List.of("result"), log);
    }

    @Test
    void limitThatPassesLeavesTheTaskRunning() {
        ManualEngine.run(() -> {
            Task<String> task = spawn("slow", () -> {
                sleep(ofSeconds(10));
                return "result";
            });
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(2), task::join));
            assertThrows(DeadlineExceededException.class, () -> timeout(ZERO, task::join));
            assertEquals("result", timeout(Duration.ofSeconds(Long.MAX_VALUE), task::join));
        });
    }

    @Test
    void limitOfZeroGivesTheResultOfAnEndedTask() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> "result");
            checkpoint();
            assertEquals("result", timeout(ZERO, task::join));
        });
    }

    @Test
    void taskCannotJoinItself() {
        ManualEngine.run(() -> {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> currentTask().join());
            assertTrue(refused.getMessage().contains("cannot join itself"), refused.getMessage());
        });
    }

    @Test
    void waitForTheFutureOfOneselfIsRefused() {
        ManualEngine.run(() -> spawn(() -> {
            CompletableFuture<?> own = currentTask().toCompletableFuture();
            List<Action> waits = List.of(() -> own.join(), () -> own.get(), () -> Heddle.await(own));
            for (Action wait : waits) {
                String refused = assertThrows(IllegalStateException.class, wait::run).getMessage();
                assertTrue(refused.contains("cannot join itself"), refused);
            }
        }).join());
    }

    @Test
    void threadOutsideCanJoin() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            Task<String> task = loop.spawn(() -> "result");
            assertEquals("result", task.join());
            Task<Void> endless = loop.spawn(() -> sleep(ofHours(1)));
            endless.cancel("enough");
            assertThrows(TaskCancelledException.class, endless::join);
        }
    }

    @Test
    void interruptedThreadOutsideStopsJoiningAndStaysInterrupted() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            Task<Void> endless = loop.spawn(() -> sleep(ofHours(1)));
            Thread.currentThread().interrupt();
            assertThrows(CancelledException.class, endless::join);
            assertTrue(Thread.interrupted());
            assertFalse(endless.isDone());
        }
    }

    @Test
    void joinAfterTheLoopHasEndedAnswersAtOnce() {
        List<Task<String>> tasks = new ArrayList<>();
        ManualEngine.run(() -> {
            tasks.add(spawn(() -> "result"));
            checkpoint();
            tasks.add(spawn(() -> {
                sleep(ofHours(1));
                return "never";
            }));
        });
        assertEquals("result", tasks.get(0).join());
        assertThrows(TaskCancelledException.class, () -> tasks.get(1).join());
    }
}
