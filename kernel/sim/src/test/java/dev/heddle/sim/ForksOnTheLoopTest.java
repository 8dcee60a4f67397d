package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.threadFactory;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.DeadlockException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.generators.Generator;
import dev.heddle.sync.Mutex;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The forks of a scope of the JDK are tasks of the loop where their threads come from Heddle's factory. */
final class ForksOnTheLoopTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();
    private static final String ALL = "allSuccessfulOrThrow";

    private static final SimOptions QUIET = SimOptions.DEFAULT.withFailureHandler((what, failure) -> {});

    private final List<String> log = new ArrayList<>();

    @Test
    void forksTakeTurnsInVirtualTimeAndMayCallEverything() {
        Sim.run(() -> {
            try (var scope = new JdkScope(ALL, threadFactory())) {
                var left = scope.fork(() -> {
                    sleep(Duration.ofHours(1));
                    return "left";
                });
                var right = scope.fork(() -> {
                    sleep(Duration.ofHours(2));
                    return spawn(() -> "right").join();
                });
                scope.join();
                assertEquals("left right", left.get() + " " + right.get());
            }
            assertEquals(Duration.ofHours(2), Sim.current().elapsed());
        });
    }

    @Test
    void forkHasOwnerNameLineAndPlaceInTheTree() {
        Sim.run(() -> {
            Task<?> owner = currentTask();
            try (var scope = new JdkScope(ALL, threadFactory("fetch"))) {
                scope.fork(() -> {
                    Task<?> fork = currentTask();
                    assertSame(owner, fork.parent().orElseThrow());
                    assertEquals("fetch", fork.name());
                    assertEquals("ForksOnTheLoopTest.java", fork.spawnedAt().orElseThrow().getFileName());
                    assertSame(fork, Task.ofThread(Thread.currentThread()).orElseThrow());
                    return "";
                });
                scope.join();
            }
        });
    }

    @Test
    void scopedValuesReachForks() {
        Sim.run(() -> ScopedValue.where(USER, "Ada").run(() -> {
            try (var scope = new JdkScope(ALL, threadFactory())) {
                var user = scope.fork(USER::get);
                scope.join();
                assertEquals("Ada", user.get());
            }
        }));
    }

    @Test
    void orderOfForksIsThatOfTheSeed() {
        List<List<String>> runs = new ArrayList<>();
        for (long seed : new long[]{1, 1, 2, 3, 4, 5}) {
            List<String> order = new ArrayList<>();
            Sim.run(seed, () -> {
                try (var scope = new JdkScope(ALL, threadFactory())) {
                    for (String name : List.of("a", "b", "c", "d")) {
                        scope.fork(() -> {
                            checkpoint();
                            return order.add(name);
                        });
                    }
                    scope.join();
                }
            });
            runs.add(order);
        }
        assertEquals(runs.get(0), runs.get(1));
        assertTrue(runs.stream().distinct().count() > 1, runs.toString());
    }

    @Test
    void deadlineAroundTheScopeReachesForksAsAStateAndSeesTheirEnd() {
        Sim.run(() -> {
            assertThrows(DeadlineExceededException.class, () -> timeout(Duration.ofSeconds(5), () -> {
                try (var scope = new JdkScope(ALL, threadFactory())) {
                    scope.fork(() -> {
                        assertEquals(Duration.ofSeconds(5), CancelScope.current().remaining().orElseThrow());
                        for (int i = 0; i < 2; i++) {
                            assertThrows(CancelledException.class, () -> sleep(Duration.ofHours(1)));
                        }
                        log.add("the fork has ended");
                        return "";
                    });
                    scope.join();
                }
            }));
            assertEquals(List.of("the fork has ended"), log);
            assertEquals(Duration.ofSeconds(5), Duration.ofMillis(Sim.current().elapsed().toMillis() / 100 * 100));
        });
    }

    @Test
    void failureOfOneForkCancelsItsSiblings() {
        Sim.run(() -> {
            var disk = new IOException("disk full");
            JdkScope.Fork waiting;
            try (var scope = new JdkScope(ALL, threadFactory())) {
                waiting = scope.fork(() -> {
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        log.add("the sibling is cancelled");
                    }
                    return "";
                });
                scope.fork(() -> {
                    sleep(Duration.ofSeconds(1));
                    throw disk;
                });
                assertSame(disk, assertThrows(RuntimeException.class, scope::join).getCause());
            }
            assertEquals("UNAVAILABLE", waiting.state());
            assertEquals(List.of("the sibling is cancelled"), log);
            assertEquals(Duration.ofSeconds(1), Sim.current().elapsed());
        });
    }

    @Test
    void firstResultCancelsTheOthers() {
        Sim.run(() -> {
            try (var scope = new JdkScope("anySuccessfulResultOrThrow", threadFactory())) {
                for (int seconds = 1; seconds <= 3; seconds++) {
                    Duration time = Duration.ofSeconds(seconds);
                    scope.fork(() -> {
                        sleep(time);
                        return time;
                    });
                }
                assertEquals(Duration.ofSeconds(1), scope.join());
            }
            assertEquals(Duration.ofSeconds(1), Sim.current().elapsed());
        });
    }

    @Test
    void cancelOfTheOwnerReachesForksAndForksOfForks() {
        Sim.run(() -> {
            Task<Void> owner = spawn(() -> {
                try (var scope = new JdkScope(ALL, threadFactory())) {
                    scope.fork(() -> {
                        try (var inner = new JdkScope(ALL, threadFactory())) {
                            inner.fork(() -> {
                                try {
                                    sleep(Duration.ofHours(1));
                                } finally {
                                    log.add("inner");
                                }
                                return "";
                            });
                            return inner.join();
                        } finally {
                            log.add("outer");
                        }
                    });
                    scope.join();
                }
            });
            sleep(Duration.ofSeconds(1));
            owner.cancel("no longer wanted");
            assertThrows(TaskCancelledException.class, owner::join);
            assertEquals(List.of("inner", "outer"), log);
        });
    }

    @Test
    void generatorsWorkInForks() {
        Sim.run(() -> {
            try (var scope = new JdkScope(ALL, threadFactory())) {
                var sum = scope.fork(() -> {
                    int all = 0;
                    for (int number : Generator.<Integer>of(out -> {
                        for (int i = 1; i <= 4; i++) {
                            sleep(Duration.ofSeconds(1));
                            out.yield(i);
                        }
                    })) {
                        all += number;
                    }
                    return all;
                });
                scope.join();
                assertEquals(10, sum.get());
            }
        });
    }

    @Test
    @Tag("full")
    void waitForForksIsAWaitForTheirThreadsInReports() {
        Mutex stove = Mutex.named("stove");
        String message = assertThrows(DeadlockException.class, () -> Sim.run(QUIET, sim -> {
            stove.acquire();
            try (var scope = new JdkScope(ALL, threadFactory("cook"))) {
                scope.fork(() -> {
                    stove.acquire();
                    return "";
                });
                scope.join();
            }
        })).getMessage();
        assertTrue(message.contains("cycle of 2"), message);
        assertTrue(message.contains("task main (sim, running): the end of its forks: task cook"), message);
    }

    @Test
    void executorOfTheJdkRunsItsBodiesAsTasks() {
        Sim.run(() -> {
            try (var executor = Executors.newThreadPerTaskExecutor(threadFactory())) {
                Future<Task<?>> task = executor.submit(() -> {
                    sleep(Duration.ofHours(1));
                    return currentTask();
                });
                assertSame(currentTask(), task.get().parent().orElseThrow());
            }
            assertEquals(Duration.ofHours(1), Sim.current().elapsed());
        });
    }

    @Test
    void threadThatIsLeftEndsWithTheScopeOfItsFactory() {
        Sim.run(() -> {
            ThreadFactory[] kept = new ThreadFactory[1];
            Thread[] late = new Thread[1];
            timeout(Duration.ofHours(1), () -> {
                kept[0] = threadFactory();
                late[0] = kept[0].newThread(() -> log.add("late"));
                kept[0].newThread(() -> {
                    try {
                        sleep(Duration.ofDays(1));
                    } finally {
                        log.add("cancelled");
                    }
                }).start();
                sleep(Duration.ofSeconds(1));
            });
            assertEquals(List.of("cancelled"), log);
            assertThrows(RejectedExecutionException.class, () -> kept[0].newThread(() -> {}));
            assertThrows(RejectedExecutionException.class, () -> late[0].start());
            assertEquals(1, currentLoop().statistics().aliveTasks());
        });
    }

    @Test
    void threadThatIsNeverStartedIsNoTask() {
        Sim.run(() -> {
            threadFactory().newThread(() -> log.add("never"));
            sleep(Duration.ofSeconds(1));
            assertEquals(1, currentLoop().statistics().aliveTasks());
        });
        assertEquals(List.of(), log);
    }

    @Test
    void factoryIsForItsLoopAndItsThreadsMayBeStartedElsewhere() throws Exception {
        assertThrows(IllegalStateException.class, () -> threadFactory());
        Heddle.run(Config.DEFAULT, () -> {
            ThreadFactory factory = threadFactory();
            Thread thread = factory.newThread(() -> {
                sleep(Duration.ofMillis(1));
                log.add(currentLoop().name());
            });
            Heddle.offload(() -> {
                assertThrows(IllegalStateException.class, () -> factory.newThread(() -> {}));
                thread.start();
                thread.join();
            });
            assertEquals(List.of(currentLoop().name()), log);
        });
    }

    @Test
    void failureOfAThreadThatNobodyJoinsIsReported() {
        List<String> reports = new ArrayList<>();
        Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> reports.add(failure.getMessage())), sim -> {
            threadFactory().newThread(() -> {
                throw new IllegalStateException("nobody joins");
            }).start();
            sleep(Duration.ofSeconds(2));
        });
        assertEquals(List.of("nobody joins"), reports);
    }

    @Test
    void manyScopesInOneTaskLeaveNothing() {
        Sim.run(() -> {
            for (int i = 0; i < 200; i++) {
                try (var scope = new JdkScope(ALL, threadFactory())) {
                    scope.fork(() -> "");
                    scope.join();
                }
            }
            assertEquals(1, currentLoop().statistics().aliveTasks());
        });
    }

    @Test
    void interruptInAComputingForkCountsAtItsNextWait() {
        Sim.run(() -> {
            Thread fork = threadFactory().newThread(() -> {
                Thread.currentThread().interrupt();
                LockSupport.parkNanos(0);
                assertThrows(CancelledException.class, () -> sleep(Duration.ofSeconds(1)));
                assertFalse(Thread.currentThread().isInterrupted());
                log.add("cancelled");
            });
            fork.start();
            fork.join();
            assertEquals(List.of("cancelled"), log);
        });
    }

    @Test
    void deadlineThatIsMovedOnHoldsForForks() {
        Sim.run(() -> {
            assertFalse(moveOnAfter(Duration.ofSeconds(1), () -> {
                try (var scope = new JdkScope("awaitAll", threadFactory())) {
                    scope.fork(() -> {
                        sleep(Duration.ofHours(1));
                        return "";
                    });
                    scope.join();
                }
            }));
            assertEquals(Duration.ofSeconds(1), Sim.current().elapsed());
        });
    }
}
