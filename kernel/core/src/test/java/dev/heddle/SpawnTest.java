package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A spawned task begins when the spawning one gives way, and ends with its owner. */
final class SpawnTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void spawnedTaskBeginsWhenTheSpawningOneGivesWay() {
        ManualEngine.run(() -> {
            spawn(() -> log.add("child"));
            log.add("parent");
            checkpoint();
            log.add("parent again");
        });
        assertEquals(List.of("parent", "child", "parent again"), log);
    }

    @Test
    void tasksBeginInTheOrderOfTheirSpawning() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 5; i++) {
                String name = "task " + i;
                spawn(() -> log.add(name));
            }
            checkpoint();
        });
        assertEquals(List.of("task 0", "task 1", "task 2", "task 3", "task 4"), log);
    }

    @Test
    void statesFollowTheLifeOfATask() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> {
                sleep(ofSeconds(1));
                return "result";
            });
            assertSame(Task.State.PENDING, task.state());
            checkpoint();
            assertSame(Task.State.RUNNING, task.state());
            assertFalse(task.isDone());
            task.join();
            assertSame(Task.State.SUCCEEDED, task.state());
            assertTrue(task.isDone());
            Task<Void> failed = spawn(() -> {
                throw new IllegalStateException("bad");
            });
            assertThrows(IllegalStateException.class, failed::join);
            assertSame(Task.State.FAILED, failed.state());
        });
    }

    @Test
    void endOfTheOwnerCancelsAndAwaitsItsTasks() {
        ManualEngine.run(() -> {
            Task<Void> owner = spawn(() -> {
                spawn("child", () -> {
                    try {
                        sleep(ofHours(1));
                    } catch (CancelledException e) {
                        log.add(e.getMessage());
                        throw e;
                    }
                });
                checkpoint();
            });
            owner.join();
            assertEquals(1, log.size());
        });
        assertEquals(List.of("its owner ended"), log);
    }

    @Test
    void cancelOfTheOwnerReachesItsTasks() {
        ManualEngine.run(() -> {
            Task<Void> owner = spawn(() -> {
                spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } catch (CancelledException e) {
                        log.add(e.getMessage());
                        throw e;
                    }
                });
                sleep(ofHours(1));
            });
            sleep(ofSeconds(1));
            owner.cancel("all of you");
            assertThrows(TaskCancelledException.class, owner::join);
        });
        assertEquals(List.of("all of you"), log);
    }

    @Test
    void failureOfASpawnedTaskStopsNobody() {
        Heddle.run(ManualEngine.config().withFailureHandler((what, failure) -> log.add("reported")), () -> {
            spawn(() -> {
                throw new IllegalStateException("bad");
            });
            spawn(() -> log.add("sibling"));
            sleep(ofSeconds(5));
            log.add("owner");
        });
        assertEquals(List.of("sibling", "reported", "owner"), log);
    }

    @Test
    void taskCancelledBeforeItsFirstTurnRunsToItsFirstWait() {
        ManualEngine.run(() -> {
            AutoCloseable handedOver = () -> log.add("released");
            Task<Void> task = spawn(() -> {
                try (handedOver) {
                    log.add("begun");
                    checkpoint();
                    log.add("waited");
                }
            });
            task.cancel("before it began");
            assertThrows(TaskCancelledException.class, task::join);
        });
        assertEquals(List.of("begun", "released"), log);
    }

    @Test
    void taskCancelledBeforeItsFirstTurnThatNeverWaitsSucceeds() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> "result");
            task.cancel("in vain");
            assertEquals("result", task.join());
        });
    }

    @Test
    void namesAndNumbersAreForPeople() {
        ManualEngine.run(() -> {
            Task<String> named = spawn("reader", () -> currentTask().name() + " on "
                    + Thread.currentThread().getName());
            Task<Void> unnamed = spawn(() -> {});
            assertEquals("reader on reader", named.join());
            assertEquals("task reader (loop, succeeded)", named.toString());
            assertEquals("task-" + unnamed.id(), unnamed.name());
            assertTrue(named.id() < unnamed.id());
            assertSame(currentLoop(), named.loop());
            assertEquals("main", currentTask().name());
        });
    }

    @Test
    void missingBodyOrNameStartsNothing() {
        ManualEngine.run(() -> {
            assertThrows(NullPointerException.class, () -> spawn((Action) null));
            assertThrows(NullPointerException.class, () -> spawn((String) null, () -> log.add("started")));
            sleep(ofSeconds(1));
            assertEquals(1, currentLoop().allTasks().size());
        });
        assertEquals(List.of(), log);
    }

    @Test
    void outsideOfTasksSpawnIsRefused() {
        IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> spawn(() -> log.add("started")));
        assertTrue(refused.getMessage().contains("Heddle.run"), refused.getMessage());
    }

    @Test
    void whatATaskWaitsForCanBeAsked() {
        ManualEngine.run(() -> {
            Task<Void> sleeper = spawn(() -> sleep(ofSeconds(90)));
            Task<Void> joiner = spawn("joiner", sleeper::join);
            checkpoint();
            assertEquals("sleeping 90 s", sleeper.waitingFor().orElseThrow());
            assertEquals("joining " + sleeper, joiner.waitingFor().orElseThrow());
            assertTrue(sleeper.stackTrace().length > 0);
            joiner.join();
            assertTrue(sleeper.waitingFor().isEmpty());
            assertEquals(0, sleeper.stackTrace().length);
        });
    }
}
