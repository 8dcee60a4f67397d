package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Service tasks, started hand-shakes and supervised tasks of groups. */
final class GroupServiceTest {

    private final List<String> log = new ArrayList<>();

    private void logAtEnd(String what) {
        try {
            sleep(ofHours(1));
        } finally {
            log.add(what);
        }
    }

    // ---- services ----

    @Test
    void serviceIsStoppedWhenAllOthersHaveEnded() {
        ManualEngine.run(() -> group(g -> {
            g.spawnService("heartbeat", () -> logAtEnd("service"));
            g.spawn(() -> {
                sleep(ofSeconds(2));
                log.add("task");
            });
            assertEquals(2, g.size());
            assertEquals("heartbeat", g.tasks().getLast().name());
            log.add("body");
        }));
        assertEquals(List.of("body", "task", "service"), log);
    }

    @Test
    void serviceStopsLastAlsoWhenTheGroupIsCancelled() {
        ManualEngine.run(() -> {
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), () -> group(g -> {
                g.spawnService(() -> logAtEnd("service"));
                g.spawn(() -> {
                    try {
                        logAtEnd("task");
                    } finally {
                        Heddle.shield(() -> sleep(ofSeconds(5)));
                        log.add("cleaned up");
                    }
                });
                logAtEnd("body");
            })));
        });
        assertEquals(List.of("body", "task", "cleaned up", "service"), log);
    }

    @Test
    void failureOfAServiceIsTheGroups() {
        ManualEngine.run(() -> {
            IOException failure = new IOException("connection lost");
            GroupException thrown = assertThrows(GroupException.class, () -> group(g -> {
                g.spawnService(() -> {
                    sleep(ofSeconds(1));
                    throw failure;
                });
                logAtEnd("body");
            }));
            assertEquals(List.of(failure), thrown.failures());
            assertEquals(List.of("body"), log);
        });
    }

    @Test
    void serviceThatEndsByItselfEndsNothing() {
        ManualEngine.run(() -> group(g -> {
            g.spawnService(() -> log.add("service"));
            sleep(ofSeconds(1));
            log.add("body");
        }));
        assertEquals(List.of("service", "body"), log);
    }

    @Test
    void taskThatAServiceSpawnsWhileStoppingIsAwaited() {
        ManualEngine.run(() -> group(g -> g.spawnService(() -> {
            try {
                sleep(ofHours(1));
            } finally {
                g.spawn(() -> {
                    sleep(ofSeconds(1));
                    log.add("last words");
                });
            }
        })));
        assertEquals(List.of("last words"), log);
    }

    // ---- started hand-shakes ----

    @Test
    void startWaitsUntilTheTaskIsReadyAndGivesItsValue() {
        ManualEngine.run(() -> group(g -> {
            int port = g.start("server", signal -> {
                sleep(ofSeconds(1));
                signal.started(8080);
                sleep(ofSeconds(1));
                log.add("served");
            });
            assertEquals(8080, port);
            assertEquals("server", g.tasks().getFirst().name());
            assertEquals(List.of(), log);
        }));
        assertEquals(List.of("served"), log);
    }

    @Test
    void failureBeforeTheTaskIsReadyGoesToTheStarterOnly() {
        ManualEngine.run(() -> group(g -> {
            IllegalStateException failure = new IllegalStateException("port in use");
            assertSame(failure, assertThrows(IllegalStateException.class, () -> g.start(signal -> {
                sleep(ofSeconds(1));
                throw failure;
            })));
            sleep(ofSeconds(1)); // the group goes on
            log.add("on");
        }));
        assertEquals(List.of("on"), log);
    }

    @Test
    void failureAfterTheTaskWasReadyIsTheGroups() {
        ManualEngine.run(() -> {
            GroupException thrown = assertThrows(GroupException.class, () -> group(g -> {
                g.start(signal -> {
                    signal.started("ready");
                    throw new IOException("later");
                });
                sleep(ofHours(1));
            }));
            assertInstanceOf(IOException.class, thrown.failures().getFirst());
        });
    }

    @Test
    void taskThatEndsWithoutBeingReadyIsAnErrorToTheStarter() {
        ManualEngine.run(() -> group(g -> {
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> g.start(signal -> {}));
            assertTrue(thrown.getMessage().contains("started"));
        }));
    }

    @Test
    void startThatFailsReturnsWhenTheTasksOfItsTaskHaveEndedToo() {
        ManualEngine.run(() -> group(g -> {
            assertThrows(IllegalStateException.class, () -> g.start(signal -> {
                Heddle.spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        Heddle.shield(() -> sleep(ofSeconds(1)));
                        log.add("cleaned up");
                    }
                });
                Heddle.checkpoint();
                throw new IllegalStateException("port in use");
            }));
            assertEquals(List.of("cleaned up"), log);
            assertEquals(0, g.size());
        }));
    }

    @Test
    void startOfATaskThatIsMadeToFailFailsTheStarterAndNotTheGroup() {
        var failure = new IllegalStateException("not ready");
        ManualEngine.run(() -> group(g -> {
            g.spawn(() -> {
                sleep(ofSeconds(2));
                log.add("other");
            });
            assertSame(failure, assertThrows(IllegalStateException.class, () -> g.start(signal -> {
                Heddle.currentTask().fail(failure);
                sleep(ofSeconds(1));
            })));
        }));
        assertEquals(List.of("other"), log);
    }

    @Test
    void startedTwiceIsAnError() {
        ManualEngine.run(() -> group(g -> g.start(signal -> {
            signal.started(1);
            assertThrows(IllegalStateException.class, () -> signal.started(2));
        })));
    }

    @Test
    void cancelDuringStartCancelsTheTaskAndAwaitsItsEnd() {
        ManualEngine.run(() -> group(g -> {
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), () -> g.start(signal -> {
                logAtEnd("starting");
            })));
            assertEquals(List.of("starting"), log);
            assertEquals(0, g.size());
        }));
    }

    @Test
    void taskCancelledBeforeItWasReadyTellsItsStarter() {
        ManualEngine.run(() -> group(g -> {
            g.spawn(() -> g.tasks().getLast().cancel("no"));
            assertThrows(TaskCancelledException.class, () -> g.start(signal -> sleep(ofHours(1))));
        }));
    }

    // ---- supervision ----

    private static final RestartPolicy POLICY = RestartPolicy.DEFAULT.withBackoff(
            new Backoff(ofMillis(100), ofSeconds(1), 0));

    @Test
    void supervisedBodyRunsAgainAfterAFailureUntilItSucceeds() {
        ManualEngine.run(() -> {
            List<Duration> times = new ArrayList<>();
            long start = Heddle.currentLoop().nanoTime();
            group(g -> g.supervise("worker", POLICY, () -> {
                times.add(Duration.ofNanos(Heddle.currentLoop().nanoTime() - start));
                if (times.size() < 7) {
                    throw new IOException("try again");
                }
            }));
            assertEquals(
                    List.of(0, 100, 300, 700, 1500, 2500, 3500),
                    times.stream().map(time -> (int) time.toMillis()).toList());
        });
    }

    @Test
    void supervisorGivesUpAfterTooManyRestartsWithTheLastFailure() {
        ManualEngine.run(() -> {
            GroupException thrown = assertThrows(GroupException.class, () -> group(g -> g.supervise(
                    "worker", POLICY.withMaxRestarts(3, ofSeconds(60)), () -> {
                        log.add("run");
                        throw new IOException("always");
                    })));
            assertEquals(4, log.size());
            Throwable failure = thrown.failures().getFirst();
            assertEquals("worker was restarted 3 times within 1 min and ended again", failure.getMessage());
            assertEquals("always", failure.getCause().getMessage());
        });
    }

    @Test
    void restartsLongAgoDoNotCount() {
        ManualEngine.run(() -> group(g -> g.supervise("worker", POLICY.withMaxRestarts(1, ofSeconds(10)), () -> {
            log.add("run");
            sleep(ofSeconds(20));
            if (log.size() < 5) {
                throw new IOException("rarely");
            }
        })));
        assertEquals(5, log.size());
    }

    @Test
    void policyAlwaysRestartsABodyThatReturns() {
        ManualEngine.run(() -> group(g -> {
            g.supervise("worker", POLICY.withAlways(true), () -> {
                log.add("run");
                sleep(ofSeconds(10));
            });
            sleep(ofSeconds(35));
            g.cancel("enough");
        }));
        assertEquals(4, log.size());
    }

    @Test
    void cancelEndsTheSupervisorAndItsBody() {
        ManualEngine.run(() -> group(g -> {
            Task<Void> supervisor = g.supervise("worker", POLICY, () -> logAtEnd("ended"));
            checkpoint();
            checkpoint();
            supervisor.cancel("enough");
            assertThrows(TaskCancelledException.class, supervisor::join);
        }));
        assertEquals(List.of("ended"), log);
    }

    @Test
    void tasksThatAFailedAttemptLeftAreEndedBeforeTheNext() {
        ManualEngine.run(() -> group(g -> g.supervise("worker", POLICY, () -> {
            log.add("begin");
            Heddle.spawn(() -> logAtEnd("helper ended"));
            checkpoint();
            if (log.size() < 3) {
                throw new IOException("once");
            }
        })));
        assertEquals(List.of("begin", "helper ended", "begin", "helper ended"), log);
    }

    @Test
    void errorOfASupervisedBodyIsNotRetried() {
        ManualEngine.run(() -> {
            assertThrows(AssertionError.class, () -> group(g -> g.supervise("worker", POLICY, () -> {
                log.add("run");
                throw new AssertionError("fatal");
            })));
            assertEquals(List.of("run"), log);
        });
    }

    @Test
    void policyRefusesNonsense() {
        assertThrows(IllegalArgumentException.class, () -> POLICY.withMaxRestarts(-1, ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> POLICY.withMaxRestarts(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> POLICY.backoff().withDelays(ofSeconds(2), ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> POLICY.backoff().withDelays(ofSeconds(-2), ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> POLICY.backoff().withJitter(1.5));
        assertThrows(IllegalArgumentException.class, () -> POLICY.backoff().withJitter(Double.NaN));
    }
}
