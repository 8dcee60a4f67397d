package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on cancelling. */
final class CancellingTest {

    private static String fetch() {
        sleep(Duration.ofSeconds(3));
        return "a page";
    }

    private static void work(long number) {
        Sim.current().freeze(Duration.ofNanos(100));
    }

    private static void say(String word) {
        sleep(Duration.ofMillis(10));
        IO.println(word);
    }

    @Test
    void timeoutCutsItsBodyOff() {
        Sim.run(() -> {
            String page = timeout(Duration.ofSeconds(5), () -> fetch());       // or a DeadlineExceededException

            Optional<String> maybe = moveOnAfter(Duration.ofSeconds(2), () -> fetch());
            assertEquals("a page", page);
            assertTrue(maybe.isEmpty());
            assertThrows(
                    DeadlineExceededException.class,
                    () -> timeout(Duration.ofSeconds(2), () -> fetch()));
        });
    }

    @Test
    void nearestDeadlineCounts() {
        Sim.run(() -> {
            boolean done = moveOnAfter(Duration.ofSeconds(10), () -> {
                for (int attempt = 1; attempt <= 5; attempt++) {
                    try {
                        timeout(Duration.ofSeconds(1), () -> fetch());
                        return;
                    } catch (DeadlineExceededException e) {
                        sleep(Duration.ofSeconds(attempt));   // the ten seconds go on running
                    }
                }
            });
            assertEquals(false, done);
            assertEquals(Duration.ofSeconds(10), Sim.current().elapsed());
        });
    }

    @Test
    void cancelComesAgainUntilTheScopeIsLeft() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Task<Void> stubborn = spawn(() -> {
                for (int i = 1; i <= 3; i++) {
                    try {
                        sleep(Duration.ofHours(1));
                    } catch (CancelledException e) {
                        IO.println("ignored, " + i);          // does not help: the next wait throws again
                    }
                }
            });
            checkpoint();
            stubborn.cancel("closing time");
        }));
        assertEquals(List.of("ignored, 1", "ignored, 2", "ignored, 3"), lines);
    }

    @Test
    void cleanUpThatWaitsIsShielded() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Task<Void> session = spawn(() -> {
                say("hello");
                try {
                    sleep(Duration.ofHours(1));
                } finally {
                    shield(Duration.ofSeconds(5), () -> say("good bye"));
                }
            });
            sleep(Duration.ofSeconds(1));
            session.cancel("closing time");
        }));
        assertEquals(List.of("hello", "good bye"), lines);
    }

    @Test
    void scopeIsCancelledByWhoeverHoldsIt() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            boolean done = CancelScope.open(scope -> {
                spawn(() -> {
                    sleep(Duration.ofSeconds(1));
                    scope.cancel("the user pressed stop");
                });
                fetch();
                IO.println("not reached");
            });
            IO.println(done ? "fetched" : "stopped");
        }));
        assertEquals(List.of("stopped"), lines);
    }

    @Test
    void deadlineCanBeMoved() {
        Sim.run(() -> {
            timeout(Duration.ofSeconds(2), () -> {
                for (int i = 0; i < 5; i++) {
                    sleep(Duration.ofSeconds(1));                            // something came
                    CancelScope.current().deadlineAfter(Duration.ofSeconds(2));   // so two more seconds from now
                }
            });
            assertEquals(Duration.ofSeconds(5), Sim.current().elapsed());
        });
    }

    @Test
    void loopThatNeverWaitsLooksByItself() {
        Sim.run(() -> {
            boolean done = moveOnAfter(Duration.ofMillis(50), () -> {
                for (long number = 0; number < Long.MAX_VALUE; number++) {
                    if (number % 1000 == 0) {
                        checkpoint();                         // lets others run, and throws if cancelled
                    }
                    work(number);
                }
            });
            assertEquals(false, done);
        });
    }

    @Test
    void reasonReachesTheCancelledCode() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> {
                try {
                    return fetch();
                } catch (CancelledException e) {
                    IO.println("cancelled: " + e.getMessage());
                    throw e;
                }
            });
            checkpoint();
            task.cancel("closing time");
            var e = assertThrows(TaskCancelledException.class, task::join);
            assertEquals("task " + task.name() + " was cancelled: closing time", e.getMessage());
        });
    }
}
