package dev.heddle;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A group ends when all its tasks have, and its cancel reaches them all. */
final class TaskGroupTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void endsWhenAllItsTasksHaveEnded() {
        ManualEngine.run(() -> {
            group(g -> {
                g.spawn(() -> sleep(ofSeconds(1)));
                g.spawn(() -> sleep(ofSeconds(3)));
                g.spawn(() -> sleep(ofSeconds(2)));
            });
            assertEquals(ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void givesTheResultOfItsBody() {
        assertEquals("result", ManualEngine.<String>get(() -> group(g -> {
            g.spawn(() -> sleep(ofSeconds(1)));
            return "result";
        })));
    }

    @Test
    void withoutTasksItEndsWithItsBody() {
        assertEquals(7, ManualEngine.<Integer>get(() -> group(g -> 7)));
    }

    @Test
    void acceptsTasksWhileItCloses() {
        ManualEngine.run(() -> group(g -> {
            g.spawn(() -> {
                sleep(ofSeconds(1));
                g.spawn(() -> {
                    sleep(ofSeconds(1));
                    g.spawn(() -> log.add("grandchild"));
                });
            });
        }));
        assertEquals(List.of("grandchild"), log);
    }

    @Test
    void refusesTasksWhenItHasEnded() {
        ManualEngine.run(() -> {
            TaskGroup ended = group(g -> g);
            IllegalStateException refused = assertThrows(IllegalStateException.class,
                    () -> ended.spawn(() -> log.add("started")));
            assertTrue(refused.getMessage().contains("has ended"), refused.getMessage());
            sleep(ofSeconds(1));
        });
        assertEquals(List.of(), log);
    }

    @Test
    void refusesTasksFromAnotherThread() {
        Heddle.run(() -> group(g -> {
            Thread stranger = new Thread(() -> {
                try {
                    g.spawn(() -> log.add("started"));
                } catch (IllegalStateException e) {
                    log.add("refused");
                }
            });
            stranger.start();
            stranger.join();
            assertEquals(0, g.size());
        }));
        assertEquals(List.of("refused"), log);
    }

    @Test
    void listsTheTasksThatHaveNotEnded() {
        ManualEngine.run(() -> group(g -> {
            Task<Void> first = g.spawn("first", () -> sleep(ofSeconds(1)));
            Task<Void> second = g.spawn("second", () -> sleep(ofSeconds(2)));
            assertEquals(List.of(first, second), g.tasks());
            first.join();
            assertEquals(List.of(second), g.tasks());
            second.join();
            assertEquals(List.of(), g.tasks());
        }));
    }

    // ---- cancelling ----

    @Test
    void cancelEndsItWithoutAFailure() {
        ManualEngine.run(() -> {
            group(g -> {
                g.spawn(() -> sleep(ofHours(1)));
                g.cancel("enough");
                sleep(ofHours(1));
            });
            assertEquals(ofSeconds(0), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelBeforeThereIsAResultIsTold() {
        ManualEngine.run(() -> {
            TaskCancelledException cut = assertThrows(TaskCancelledException.class, () -> {
                String never = group(g -> {
                    g.cancel("enough");
                    sleep(ofHours(1));
                    return "result";
                });
                log.add(never);
            });
            assertTrue(cut.getMessage().contains("cancelled"), cut.getMessage());
        });
        assertEquals(List.of(), log);
    }

    @Test
    void cancelAfterTheBodyKeepsItsResult() {
        assertEquals("result", ManualEngine.<String>get(() -> group(g -> {
            g.spawn(() -> {
                sleep(ofSeconds(1));
                g.cancel("enough");
            });
            g.spawn(() -> sleep(ofHours(1)));
            return "result";
        })));
    }

    @Test
    void taskSpawnedIntoACancelledGroupRunsToItsFirstWait() {
        ManualEngine.run(() -> group(g -> {
            g.cancel("enough");
            g.spawn(() -> {
                log.add("begun");
                try {
                    sleep(ofSeconds(1));
                    log.add("waited");
                } finally {
                    log.add("cleaned");
                }
            });
        }));
        assertEquals(List.of("begun", "cleaned"), log);
    }

    @Test
    void cancelFromOutsideReachesTheTasksAndPassesOn() {
        ManualEngine.run(() -> {
            boolean done = moveOnAfter(ofSeconds(1), () -> {
                try {
                    group(g -> {
                        g.spawn(() -> {
                            try {
                                sleep(ofHours(1));
                            } catch (CancelledException e) {
                                log.add("task: " + e.getMessage());
                                throw e;
                            }
                        });
                    });
                } catch (CancelledException e) {
                    log.add("group: " + e.getMessage());
                    throw e;
                }
            });
            assertFalse(done);
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
        assertEquals(List.of("task: deadline", "group: deadline"), log);
    }

    @Test
    void cancelFromOutsideReachesInnerGroups() {
        ManualEngine.run(() -> moveOnAfter(ofSeconds(1), () -> group(outer -> {
            outer.spawn(() -> group(inner -> {
                inner.spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        log.add("innermost");
                    }
                });
            }));
        })));
        assertEquals(List.of("innermost"), log);
    }

    @Test
    void cancelFromOutsideThatNoTaskNoticesKeepsTheResult() {
        ManualEngine.run(() -> {
            CancelScope.open(scope -> {
                String result = group(g -> {
                    g.spawn(() -> {
                        scope.cancel("too late");
                        return "no wait follows";
                    });
                    return "result";
                });
                log.add(result);
            });
        });
        assertEquals(List.of("result"), log);
    }

    @Test
    void taskCancelledAloneFailsNobody() {
        ManualEngine.run(() -> {
            group(g -> {
                Task<Void> victim = g.spawn(() -> sleep(ofHours(1)));
                g.spawn(() -> {
                    sleep(ofSeconds(2));
                    log.add("sibling");
                });
                sleep(ofSeconds(1));
                victim.cancel("alone");
                sleep(ofSeconds(3));
                log.add("body");
                assertSame(Task.State.CANCELLED, victim.state());
            });
        });
        assertEquals(List.of("sibling", "body"), log);
    }

    @Test
    void waitsForTheCleanUpOfItsTasksHoweverLong() {
        ManualEngine.run(() -> {
            moveOnAfter(ofSeconds(1), () -> group(g -> {
                g.spawn(() -> {
                    try {
                        sleep(ofHours(9));
                    } finally {
                        shield(() -> sleep(ofHours(1)));
                        log.add("cleaned");
                    }
                });
            }));
            log.add("left");
            assertEquals(ofHours(1).plusSeconds(1), ManualEngine.elapsed());
        });
        assertEquals(List.of("cleaned", "left"), log);
    }

    @Test
    void tasksThatIgnoreTheirCancelAreWaitedFor() {
        ManualEngine.run(() -> {
            group(g -> {
                g.spawn(() -> {
                    for (int step = 0; step < 1000; step++) {
                        try {
                            sleep(ofSeconds(1));
                        } catch (CancelledException e) {
                            continue;
                        }
                    }
                    log.add("stubborn");
                });
                g.cancel("enough");
            });
            log.add("left");
        });
        assertEquals(List.of("stubborn", "left"), log);
    }

    @Test
    void spawnedTasksOfATaskEndBeforeItDoes() {
        ManualEngine.run(() -> group(g -> {
            Task<String> parent = g.spawn(() -> {
                spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        shield(() -> sleep(ofSeconds(5)));
                        log.add("child");
                    }
                });
                sleep(ofSeconds(1));
                return "parent";
            });
            log.add(parent.join());
        }));
        assertEquals(List.of("child", "parent"), log);
    }

    @Test
    void checkedFailureOfTheBodyIsGroupedUnwrapped() {
        IOException failure = new IOException("disk");
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                throw failure;
            }));
            assertEquals(List.of(failure), grouped.failures());
        });
    }
}
