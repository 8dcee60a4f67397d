package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.sim.Checkpoints.assertCheckpoint;
import static dev.heddle.sim.Checkpoints.assertNoCheckpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ParkingLot;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerPool;
import dev.heddle.generators.Generator;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Checkpoints that a body hides, or only seems to have, and what the two assertions make of them. */
final class CheckpointsThatHideTest {

    private static AssertionError refused(Action body) {
        return assertThrows(AssertionError.class, () -> assertNoCheckpoint(body));
    }

    private static AssertionError missed(Action body) {
        return assertThrows(AssertionError.class, () -> assertCheckpoint(body));
    }

    // ---- waits that are there ----

    @Test
    void waitWhoseCancelIsSwallowedIsSeen() {
        Sim.run(1, () -> {
            Action swallows = () -> {
                try {
                    sleep(Duration.ofHours(1));
                } catch (CancelledException e) {
                    // As if nothing had been.
                }
            };
            refused(swallows);
            assertTrue(missed(swallows).getMessage().contains("swallows"));
        });
    }

    @Test
    void waitInTheJdkWhoseInterruptIsSwallowedIsSeen() {
        Sim.run(SimOptions.DEFAULT.withRealTimeWaits(true), sim -> {
            Action swallows = () -> {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    // As if nothing had been.
                }
            };
            refused(swallows);
            assertTrue(missed(swallows).getMessage().contains("swallows"));
            assertCheckpoint(() -> {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // passes it on, as the JDK's custom is
                }
            });
            checkpoint();
        });
    }

    @Test
    void waitInAShieldIsSeenAlsoWhereItNeedNotWait() {
        Sim.run(1, () -> {
            Channel<String> channel = Channel.of(10);
            channel.send("ready");
            Mutex free = Mutex.named("free");
            Event set = Event.named("set");
            set.set();
            refused(() -> shield(() -> channel.send("more")));
            refused(() -> shield(channel::receive));
            refused(() -> shield(() -> set.await()));
            refused(() -> shield(CancelScope::throwIfCancelled));
            refused(() -> shield(() -> CancelScope.open(inner -> channel.receive())));
            refused(() -> shield(() -> {
                free.acquire();
                free.release();
            }));
        });
    }

    @Test
    void lookBehindAShieldThatNoCancelReachesDoesNotMakeABodyCancellable() {
        Sim.run(1, () -> {
            Channel<String> channel = Channel.of(10);
            assertTrue(missed(() -> shield(() -> channel.send("more"))).getMessage().contains("shield"));
            assertCheckpoint(() -> shield(() -> sleep(Duration.ofSeconds(1))));
        });
    }

    @Test
    void waitThatIsCutOffInAShieldByAScopeOfItsOwnSwallowsNothing() {
        Sim.run(1, () -> {
            Action body = () -> shield(() -> moveOnAfter(Duration.ofSeconds(1), () -> sleep(Duration.ofHours(1))));
            assertCheckpoint(body);
            refused(body);
        });
    }

    @Test
    void waitBeforeAFailureIsSeen() {
        Sim.run(1, () -> {
            IllegalStateException failure = new IllegalStateException("mine");
            assertSame(failure, refused(() -> {
                Thread.yield();
                throw failure;
            }).getCause());
            assertSame(failure, refused(() -> {
                try {
                    checkpoint();
                } finally {
                    fail(failure);
                }
            }).getCause());
        });
    }

    private static void fail(RuntimeException failure) {
        throw failure;
    }

    @Test
    void waitInTheBodyOfAGeneratorThatHasBegunOutsideIsSeen() {
        Sim.run(1, () -> {
            try (Generator<Integer> numbers = Generator.of(out -> {
                out.yield(1);
                try {
                    checkpoint();
                } catch (CancelledException e) {
                    out.yield(2);
                }
                out.yield(3);
                shield(CancelScope::throwIfCancelled);
                out.yield(4);
            })) {
                assertNoCheckpoint(() -> assertEquals(1, numbers.next()));
                refused(() -> assertEquals(2, numbers.next()));
                assertNoCheckpoint(() -> assertEquals(3, numbers.next()));
                refused(() -> assertEquals(4, numbers.next()));
            }
        });
    }

    @Test
    void waitForWorkElsewhereIsSeenHoweverItIsAwaited() {
        Sim.run(1, () -> {
            refused(() -> offload(() -> {}));
            refused(() -> group(group -> group.spawn(() -> {})));
            refused(() -> spawn(() -> sleep(Duration.ofSeconds(1))).join());
            refused(() -> CompletableFuture.runAsync(() -> {}, currentLoop().asExecutorService()).join());
            Semaphore semaphore = new Semaphore(0);
            refused(() -> {
                currentLoop().callSoon(semaphore::release);
                semaphore.acquireUninterruptibly();
            });
        });
    }

    @Test
    void waitForAnotherThreadOrLoopIsSeenOnARealLoopToo() {
        Heddle.run(() -> {
            try (Loop other = Loop.start(Config.DEFAULT); WorkerPool pool = WorkerPool.of(1)) {
                refused(() -> Thread.ofPlatform().start(untilTheBodyGivesWay()).join());
                refused(() -> Thread.ofVirtual().start(untilTheBodyGivesWay()).join());
                refused(() -> CompletableFuture.runAsync(untilTheBodyGivesWay()).join());
                refused(() -> {
                    Runnable wait = untilTheBodyGivesWay();
                    other.spawn(() -> offload(wait::run)).toCompletableFuture().join();
                });
                refused(() -> {
                    Runnable wait = untilTheBodyGivesWay();
                    other.spawn(() -> offload(wait::run)).join();
                });
                refused(() -> pool.call(() -> "result"));
            }
        });
    }

    /** What cannot end before the calling task gives way. */
    private static Runnable untilTheBodyGivesWay() {
        Semaphore gate = new Semaphore(0);
        currentLoop().callSoon(gate::release);
        return gate::acquireUninterruptibly;
    }

    @Test
    void waitsOfOthersAreNotTheBodys() {
        Sim.run(1, () -> {
            List<String> log = new ArrayList<>();
            assertNoCheckpoint(() -> {
                spawn(() -> {
                    checkpoint();
                    log.add("task");
                });
                currentLoop().callSoon(() -> {
                    new ParkingLot("nobody").parkWithin(Duration.ZERO);
                    log.add("callback");
                });
                Promise<String> promise = new Promise<>();
                promise.onDone(done -> log.add("listener"));
                promise.complete("done");
                assertEquals(List.of(), log, "nothing of this runs inside of the body");
            });
            assertTrue(missed(() -> spawn(() -> checkpoint())).getMessage().contains("no checkpoint"));
            Sim.current().awaitIdle();
            assertEquals(3, log.size());
        });
    }

    // ---- waits that are not there ----

    @Test
    void cancelThatABodyMakesUpIsNoCheckpoint() {
        Sim.run(1, () -> {
            CancelledException made = new CancelledException("made up");
            Action pretends = () -> fail(made);
            assertSame(made, missed(pretends).getCause());
            assertSame(made, assertThrows(CancelledException.class, () -> assertNoCheckpoint(pretends)));
            assertThrows(CancellationException.class, () -> assertNoCheckpoint(() -> {
                throw new CancellationException("of a future");
            }));
            InterruptedException interrupt = new InterruptedException("made up");
            Action interrupted = () -> {
                throw interrupt;
            };
            // A failure like any other, since nobody has interrupted the task.
            assertSame(
                    interrupt,
                    assertThrows(TaskFailedException.class, () -> assertCheckpoint(interrupted)).getCause());
        });
    }

    // ---- one inside of the other ----

    @Test
    void assertionInsideOfAnotherStillFails() {
        Sim.run(1, () -> {
            AssertionError inner = missed(() -> assertNoCheckpoint(() -> checkpoint()));
            assertTrue(inner.getMessage().startsWith("the body has a checkpoint"), inner.getMessage());
            assertTrue(missed(() -> assertCheckpoint(() -> {})).getMessage().contains("no checkpoint"));
            refused(() -> assertNoCheckpoint(() -> checkpoint()));
            refused(() -> assertNoCheckpoint(() -> shield(() -> checkpoint())));
            assertTrue(assertThrows(AssertionError.class, () -> assertNoCheckpoint(() -> assertCheckpoint(() -> {})))
                    .getMessage().contains("no checkpoint"));
        });
    }

    @Test
    void checkpointInsideOfTheInnerAssertionIsOneOfTheOuterBody() {
        Sim.run(1, () -> {
            refused(() -> assertCheckpoint(() -> checkpoint()));
            assertCheckpoint(() -> assertCheckpoint(() -> checkpoint()));
            assertNoCheckpoint(() -> assertNoCheckpoint(() -> {}));
            refused(() -> {
                shield(CancelScope::throwIfCancelled);
                assertNoCheckpoint(() -> {});
            });
            refused(() -> {
                try {
                    assertNoCheckpoint(() -> checkpoint());
                } catch (AssertionError caught) {
                    // The body knows better.
                }
            });
        });
    }

    @Test
    void earlierCheckpointsOfTheTaskDoNotCount() {
        Sim.run(1, () -> {
            checkpoint();
            shield(CancelScope::throwIfCancelled);
            assertNoCheckpoint(() -> {});
            assertThrows(AssertionError.class, () -> assertNoCheckpoint(() -> checkpoint()));
            assertNoCheckpoint(() -> {});
            missed(() -> {});
        });
    }

    // ---- cancels from outside ----

    @Test
    void cancelOfTheTaskThatComesInTheMiddleOfTheBodyPassesOn() {
        Sim.run(1, () -> {
            for (boolean none : new boolean[]{true, false}) {
                Task<Void> task = spawn(() -> {
                    Action body = () -> {
                        Thread.yield();
                        checkpoint();
                    };
                    if (none) {
                        assertNoCheckpoint(body);
                    } else {
                        assertCheckpoint(body);
                    }
                });
                spawn(() -> task.cancel("enough"));
                Sim.current().awaitIdle();
                if (task.state() != Task.State.CANCELLED) {
                    assertTrue(none && task.failure().orElse(null) instanceof AssertionError, task.toString());
                }
            }
        });
    }

    // ---- every waiting call ----

    @Test
    void waitingCallsOfAllKindsAreCheckpointsWhereTheyNeedNotWait() throws Exception {
        Sim.run(1, () -> {
            WorkQueue<String> queue = WorkQueue.fifo(10);
            queue.put("ready");
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(10);
            Sequencer order = new Sequencer();
            List<Action> waiting = List.of(
                    queue::take,
                    () -> queue.put("more"),
                    () -> {
                        limiter.acquire();
                        limiter.release();
                    },
                    () -> Sim.current().awaitIdle(),
                    () -> currentLoop().awaitIdle(),
                    () -> Heddle.await(CompletableFuture.completedFuture("result")),
                    () -> Heddle.map(List.of(1), 1, each -> each),
                    () -> group(group -> group.spawn(() -> {})),
                    () -> order.turn(0, () -> {}));
            for (int i = 0; i < waiting.size(); i++) {
                Action each = waiting.get(i);
                assertThrows(AssertionError.class, () -> assertNoCheckpoint(each), "number " + i);
                assertThrows(AssertionError.class, () -> assertNoCheckpoint(() -> shield(each)), "number " + i);
            }
        });
    }

    @Test
    void callsThatHaveNothingToWaitForAreNone() {
        Sim.run(1, () -> {
            Promise<String> kept = new Promise<>();
            kept.complete("kept");
            assertNoCheckpoint(kept::join);
            assertNoCheckpoint(() -> Heddle.map(List.of(), 1, each -> each));
            assertNoCheckpoint(() -> group(group -> {}));
            assertNoCheckpoint(() -> new Semaphore(1).acquire());
        });
    }

    @Test
    void onlyTasksCanAsk() {
        Heddle.run(() -> {
            Promise<String> inCallback = new Promise<>();
            currentLoop().callSoon(() -> inCallback.complete(
                    assertThrows(IllegalStateException.class, () -> assertNoCheckpoint(() -> {})).getMessage()));
            assertTrue(inCallback.join().contains("no task"));
            offload(() -> assertThrows(IllegalStateException.class, () -> assertNoCheckpoint(() -> {})));
            AtomicReference<Throwable> inThread = new AtomicReference<>();
            Thread.ofVirtual().start(() -> inThread.set(
                    assertThrows(IllegalStateException.class, () -> assertCheckpoint(() -> {})))).join();
            assertTrue(inThread.get().getMessage().contains("no task"));
        });
    }
}
