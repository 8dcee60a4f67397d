package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlockException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Only one is inside, in the order of asking. */
final class MutexTest {

    private static final MutexStatistics FREE = new MutexState.Statistics(false, 0, false);

    @Test
    void onlyOneIsInside() {
        ManualEngine.runInManyOrders(50, () -> {
            Mutex mutex = Mutex.create();
            int[] inside = new int[2];
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    g.spawn(() -> mutex.run(() -> {
                        inside[0]++;
                        inside[1] = Math.max(inside[1], inside[0]);
                        checkpoint();
                        inside[0]--;
                    }));
                }
            });
            assertEquals(1, inside[1]);
            assertEquals(FREE, mutex.statistics());
        });
    }

    @Test
    void itIsHandedOverInTheOrderOfAsking() {
        ManualEngine.runInManyOrders(50, () -> {
            Mutex mutex = Mutex.create();
            List<Integer> asked = new ArrayList<>();
            List<Integer> served = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    int me = i;
                    g.spawn(() -> {
                        asked.add(me);
                        mutex.run(() -> {
                            served.add(me);
                            checkpoint();
                        });
                    });
                }
            });
            assertEquals(asked, served);
        });
    }

    @Test
    void whoReleasesAndAsksAgainStandsAtTheEndOfTheLine() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.acquire();
            boolean[] served = new boolean[1];
            spawn(() -> mutex.run(() -> {
                served[0] = true;
            }));
            checkpoint();
            mutex.release();
            assertFalse(mutex.tryAcquire(), "it was handed over, not left free");
            mutex.acquire();
            assertTrue(served[0]);
            mutex.release();
        });
    }

    @Test
    void runGivesTheResultAndReleasesAlsoAfterAFailure() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            assertEquals("x", mutex.run(() -> "x"));
            assertThrows(IllegalArgumentException.class, () -> mutex.run(() -> {
                throw new IllegalArgumentException("no");
            }));
            IOException checked = new IOException("no");
            TaskFailedException wrapped = assertThrows(TaskFailedException.class, () -> mutex.run(() -> {
                throw checked;
            }));
            assertSame(checked, wrapped.getCause());
            assertEquals(FREE, mutex.statistics());
        });
    }

    @Test
    void failureIsNotHiddenByTheReleaseThatFailsAfterIt() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            RuntimeException thrown = assertThrows(IllegalArgumentException.class, () -> mutex.run(() -> {
                mutex.release();
                throw new IllegalArgumentException("no");
            }));
            assertTrue(thrown.getSuppressed()[0].getMessage().contains("is not held"));
        });
    }

    @Test
    void askingAgainInTheHolderIsAnError() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.named("noodles");
            mutex.run(() -> {
                IllegalStateException refused = assertThrows(IllegalStateException.class, mutex::acquire);
                assertTrue(refused.getMessage().contains("mutex noodles is held by its caller, task main"),
                        refused.getMessage());
                assertThrows(IllegalStateException.class, mutex::tryAcquire);
                assertThrows(IllegalStateException.class, () -> mutex.acquireWithin(Duration.ofSeconds(1)));
            });
            assertEquals(FREE, mutex.statistics());
        });
    }

    @Test
    void releasingWhatAnotherHoldsIsAnErrorThatNamesBoth() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.named("noodles");
            Task<Void> holder = spawn("cook", () -> mutex.run(() -> sleep(Duration.ofSeconds(1))));
            checkpoint();
            String message = assertThrows(IllegalStateException.class, mutex::release).getMessage();
            assertTrue(message.contains("held by task cook, the caller is task main"), message);
            assertTrue(mutex.isHeld());
            holder.join();
            message = assertThrows(IllegalStateException.class, mutex::release).getMessage();
            assertTrue(message.contains("is not held"), message);
        });
    }

    @Test
    void limitOnTheWaitIsKeptAndLeavesNothingBehind() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            assertTrue(mutex.acquireWithin(Duration.ZERO));
            mutex.release();
            Task<Void> holder = spawn(() -> mutex.run(() -> sleep(Duration.ofSeconds(3))));
            checkpoint();
            assertFalse(mutex.tryAcquire());
            assertFalse(mutex.acquireWithin(Duration.ZERO));
            assertFalse(mutex.acquireWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(2), ManualEngine.elapsed());
            assertEquals(new MutexState.Statistics(true, 0, false), mutex.statistics());
            assertTrue(mutex.acquireWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(3), ManualEngine.elapsed());
            mutex.release();
            holder.join();
        });
    }

    @Test
    void cancelledWaiterAtTheHeadLeavesItsTurnToTheNext() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.acquire();
            Task<Void> first = spawn(() -> mutex.run(() -> {}));
            Task<String> second = spawn(() -> mutex.run(() -> "served"));
            checkpoint();
            first.cancel();
            checkpoint();
            assertEquals(new MutexState.Statistics(true, 1, false), mutex.statistics());
            mutex.release();
            assertEquals("served", second.join());
            assertThrows(TaskCancelledException.class, first::join);
            assertEquals(FREE, mutex.statistics());
        });
    }

    @Test
    void waiterThatIsCancelledBetweenItsWakeUpAndItsTurnStillGetsItAndPassesItOn() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.acquire();
            Task<Void> first = spawn(() -> mutex.run(() -> checkpoint()));
            Task<String> second = spawn(() -> mutex.run(() -> "served"));
            checkpoint();
            mutex.release();
            first.cancel();
            assertEquals("served", second.join());
            assertThrows(TaskCancelledException.class, first::join);
            assertEquals(FREE, mutex.statistics());
        });
    }

    @Test
    void inACancelledScopeItIsNotAcquired() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, mutex::acquire);
                assertThrows(CancelledException.class, () -> mutex.acquireWithin(Duration.ofSeconds(1)));
            });
            assertEquals(FREE, mutex.statistics());
        });
    }

    @Test
    void itSaysWhoHoldsIt() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.named("noodles");
            assertEquals(Optional.empty(), mutex.holder());
            mutex.run(() -> {
                assertEquals(Optional.of(Thread.currentThread()), mutex.holder());
                assertEquals("mutex noodles, held by task main", mutex.toString());
                Task<Void> waiting = spawn(() -> mutex.run(() -> {}));
                checkpoint();
                assertEquals(Optional.of("acquiring mutex noodles"), waiting.waitingFor());
                waiting.cancel();
                checkpoint();
            });
            assertEquals("mutex noodles, not held", mutex.toString());
        });
    }

    @Test
    void simulationSeesThatTwoWhoWaitForEachOtherNeverGoOn() {
        DeadlockException stuck = assertThrows(DeadlockException.class, () -> ManualEngine.run(() -> {
            Mutex left = Mutex.named("left fork");
            Mutex right = Mutex.named("right fork");
            group(g -> {
                g.spawn("plato", () -> left.run(() -> {
                    checkpoint();
                    right.run(() -> {});
                }));
                g.spawn("kant", () -> right.run(() -> {
                    checkpoint();
                    left.run(() -> {});
                }));
            });
        }));
        assertTrue(stuck.getMessage().contains("acquiring mutex right fork"), stuck.getMessage());
    }

    @Test
    void simulationSeesThatALineOfTasksNeverGoesOn() {
        assertThrows(DeadlockException.class, () -> ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.acquire();
            Task<Void> first = spawn(mutex::acquire);
            spawn(mutex::acquire);
            first.join();
        }));
    }

    @Test
    void callThatIsRefusedLeavesTheMutexToOthers() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            spawn(() -> assertThrows(IllegalStateException.class, mutex::release)).join();
            spawn(() -> mutex.run(() -> {
                assertThrows(IllegalStateException.class, mutex::acquire);
                assertThrows(IllegalStateException.class, mutex::tryAcquire);
            })).join();
            assertEquals("mine", mutex.run(() -> "mine"));
        });
    }

    @Test
    void oneMillionTurnsLeaveNothingBehind() {
        ManualEngine.run(() -> {
            Mutex mutex = Mutex.create();
            int[] turns = new int[1];
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    g.spawn(() -> {
                        for (int k = 0; k < 100_000; k++) {
                            mutex.acquire();
                            turns[0]++;
                            mutex.release();
                            if (k % 10 == 0) {
                                checkpoint();
                            }
                        }
                    });
                }
            });
            assertEquals(1_000_000, turns[0]);
            assertEquals(FREE, mutex.statistics());
        });
    }
}
