package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Action;
import dev.heddle.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lock that a thread outside has neither lets time pass in a simulation nor changes its order. */
final class LocksOfOtherThreadsTest {

    private final AtomicReference<Thread> waiting = new AtomicReference<>();

    enum Kind {
        MONITOR {
            @Override
            Holder make() {
                Object monitor = new Object();
                return body -> {
                    synchronized (monitor) {
                        body.run();
                    }
                };
            }
        },
        LOCK {
            @Override
            Holder make() {
                ReentrantLock lock = new ReentrantLock();
                return body -> {
                    lock.lock();
                    try {
                        body.run();
                    } finally {
                        lock.unlock();
                    }
                };
            }
        };

        abstract Holder make();
    }

    interface Holder {
        void hold(Action body) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void taskGetsWhatAThreadReleasesBeforeTimePasses(Kind kind) throws Exception {
        Holder holder = kind.make();
        heldUntilSomebodyWaits(holder, () -> Sim.run(1, () -> {
            spawn(() -> {
                waiting.set(Thread.currentThread());
                holder.hold(() -> assertEquals(Duration.ZERO, Sim.current().elapsed()));
            });
            sleep(Duration.ofHours(1));
        }));
    }

    @ParameterizedTest
    @EnumSource
    void soDoesACallback(Kind kind) throws Exception {
        Holder holder = kind.make();
        heldUntilSomebodyWaits(holder, () -> Sim.run(1, () -> {
            currentLoop().callSoon(() -> {
                waiting.set(Thread.currentThread());
                try {
                    holder.hold(() -> assertEquals(Duration.ZERO, Sim.current().elapsed()));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sleep(Duration.ofHours(1));
        }));
    }

    @ParameterizedTest
    @EnumSource
    void timePassesWhereATaskOfTheSimulationHasIt(Kind kind) {
        Holder holder = kind.make();
        Sim.run(1, () -> {
            List<String> log = new ArrayList<>();
            spawn(() -> holder.hold(() -> {
                sleep(Duration.ofHours(1));
                log.add("first");
            }));
            sleep(Duration.ofSeconds(1));
            holder.hold(() -> log.add("second"));
            assertEquals(List.of("first", "second"), log);
            assertEquals(Duration.ofHours(1), Sim.current().elapsed());
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void threadThatNeverReleasesItMeetsTheLimitOfRealWaiting(Kind kind) throws Exception {
        Holder holder = kind.make();
        SimOptions quick = SimOptions.DEFAULT.withMaxRealWait(Duration.ofMillis(20))
                .withFailureHandler((what, failure) -> {});
        holder.hold(() -> assertThrows(SimLimitException.class,
                () -> Sim.run(quick, sim -> holder.hold(() -> {}))));
    }

    @ParameterizedTest
    @EnumSource
    void orderIsThatOfALockThatIsFree(Kind kind) throws Exception {
        Holder holder = kind.make();
        List<Sim.Result> free = orders(holder);
        var takes = new AtomicBoolean(true);
        Thread other = Thread.ofPlatform().start(() -> {
            while (takes.get()) {
                try {
                    holder.hold(() -> LockSupport.parkNanos(20_000));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                LockSupport.parkNanos(5_000);
            }
        });
        try {
            assertEquals(free, orders(holder));
        } finally {
            takes.set(false);
            other.join();
        }
    }

    private static List<Sim.Result> orders(Holder holder) {
        List<Sim.Result> orders = new ArrayList<>();
        for (int seed = 0; seed < 30; seed++) {
            SimOptions options = SimOptions.DEFAULT.withSeed(seed);
            orders.add(Sim.run(options, sim -> {
                for (int i = 0; i < 3; i++) {
                    spawn(() -> {
                        for (int n = 0; n < 5; n++) {
                            holder.hold(() -> {});
                            checkpoint();
                        }
                    });
                }
                for (int n = 0; n < 5; n++) {
                    currentLoop().callSoon(() -> {
                        try {
                            holder.hold(() -> {});
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
                    checkpoint();
                }
            }));
        }
        return orders;
    }

    /** One waits behind another task that has been given the lock, and that must run first. */
    @Test
    void lockThatTasksHandToEachOtherInOrderTakesNoRealTime() {
        ReentrantLock lock = new ReentrantLock(true);
        Sim.run(1, () -> {
            for (int i = 0; i < 10; i++) {
                spawn(() -> {
                    for (int n = 0; n < 50; n++) {
                        lock.lock();
                        try {
                            checkpoint();
                        } finally {
                            lock.unlock();
                        }
                    }
                });
            }
        });
    }

    /** A simulation that waited for ever for the lock could not end. */
    @ParameterizedTest
    @EnumSource
    void threadThatHasItMayWaitForAnotherTask(Kind kind) throws Exception {
        Holder holder = kind.make();
        Sim.run(1, () -> {
            Loop loop = currentLoop();
            var held = new CountDownLatch(1);
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    holder.hold(() -> {
                        var called = new CountDownLatch(1);
                        held.countDown();
                        loop.callFromThread(called::countDown);
                        called.await();
                    });
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            held.await();
            holder.hold(() -> {});
            other.join();
        });
    }

    /** Holds a lock in a thread of its own until somebody in the simulation has waited for it a while. */
    private void heldUntilSomebodyWaits(Holder holder, Action simulation) throws Exception {
        var held = new CountDownLatch(1);
        CompletableFuture<Void> thread = CompletableFuture.runAsync(() -> {
            try {
                holder.hold(() -> {
                    held.countDown();
                    while (waiting.get() == null || !isWaiting(waiting.get().getState())) {
                        Thread.onSpinWait();
                    }
                    Thread.sleep(20); // time enough for the clock to jump, were it to
                });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        held.await();
        simulation.run();
        thread.join();
    }

    private static boolean isWaiting(Thread.State state) {
        return state == Thread.State.BLOCKED || state == Thread.State.WAITING;
    }
}
