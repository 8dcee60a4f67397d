package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A condition lets go of its mutex while it waits and has it again when it goes on. */
final class ConditionTest {

    private final Mutex mutex = Mutex.named("noodles");
    private final Condition condition = mutex.newCondition();

    @Test
    void waitingLetsGoOfTheMutexAndTakesItAgain() {
        ManualEngine.run(() -> {
            Task<Optional<Thread>> waiting = spawn(() -> mutex.run(() -> {
                condition.await();
                return mutex.holder();
            }));
            checkpoint();
            assertFalse(mutex.isHeld());
            assertEquals(Optional.of("waiting for a condition of mutex noodles"), waiting.waitingFor());
            mutex.run(() -> {
                condition.signal();
                checkpoint();
                assertFalse(waiting.isDone(), "it has to wait for the mutex");
            });
            assertTrue(waiting.join().isPresent());
            assertFalse(mutex.isHeld());
        });
    }

    @Test
    void signalWakesTheLongestWaitingOnly() {
        ManualEngine.run(() -> {
            List<Integer> woken = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 3; i++) {
                    int me = i;
                    g.spawn(() -> mutex.run(() -> {
                        condition.await();
                        woken.add(me);
                    }));
                }
                checkpoint();
                assertEquals(new Condition.Statistics(3), condition.statistics());
                for (int i = 0; i < 3; i++) {
                    mutex.run(condition::signal);
                    sleep(Duration.ofSeconds(1));
                    assertEquals(i + 1, woken.size());
                }
            });
            assertEquals(List.of(0, 1, 2), woken);
            mutex.run(condition::signal);
        });
    }

    @Test
    void signalAllWakesAll() {
        ManualEngine.run(() -> group(g -> {
            for (int i = 0; i < 5; i++) {
                g.spawn(() -> mutex.run(condition::await));
            }
            checkpoint();
            mutex.run(condition::signalAll);
        }));
        assertEquals(new Condition.Statistics(0), condition.statistics());
        assertFalse(mutex.isHeld());
    }

    @Test
    void awaitUntilTestsUnderTheMutexAtOnceAndAfterEachSignal() {
        ManualEngine.runInManyOrders(50, () -> {
            ArrayDeque<Integer> dishes = new ArrayDeque<>();
            List<Integer> eaten = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 5; i++) {
                    g.spawn(() -> mutex.run(() -> {
                        condition.awaitUntil(() -> mutex.isHeld() && !dishes.isEmpty());
                        eaten.add(dishes.remove());
                    }));
                    int dish = i;
                    g.spawn(() -> mutex.run(() -> {
                        dishes.add(dish);
                        condition.signal();
                    }));
                }
            });
            assertEquals(5, eaten.size());
        });
    }

    @Test
    void limitOnTheWaitTellsWhetherThereWasASignal() {
        ManualEngine.run(() -> {
            mutex.acquire();
            assertFalse(condition.awaitWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(2), ManualEngine.elapsed());
            assertFalse(condition.awaitWithin(Duration.ZERO));
            spawn(() -> mutex.run(condition::signal));
            assertTrue(condition.awaitWithin(Duration.ofSeconds(2)));
            assertEquals(0, condition.statistics().waiting());
            mutex.release();
        });
    }

    @Test
    void whoDoesNotHoldTheMutexIsRefused() {
        ManualEngine.run(() -> {
            assertThrows(IllegalStateException.class, condition::await);
            assertThrows(IllegalStateException.class, () -> condition.awaitWithin(Duration.ofSeconds(1)));
            assertThrows(IllegalStateException.class, () -> condition.awaitUntil(() -> true));
            assertThrows(IllegalStateException.class, condition::signal);
            assertThrows(IllegalStateException.class, condition::signalAll);
            Task<Void> holder = spawn("cook", () -> mutex.run(() -> sleep(Duration.ofSeconds(1))));
            checkpoint();
            String message = assertThrows(IllegalStateException.class, condition::signal).getMessage();
            assertTrue(message.contains("held by task cook"), message);
            holder.join();
            assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        });
    }

    @Test
    void cancelledWaitHoldsTheMutexAgainAlsoWhenItHasToWaitForIt() {
        ManualEngine.run(() -> {
            boolean[] held = new boolean[1];
            Task<Void> waiting = spawn(() -> {
                mutex.acquire();
                try {
                    condition.await();
                } finally {
                    held[0] = mutex.holder().equals(Optional.of(Thread.currentThread()));
                    mutex.release();
                }
            });
            checkpoint();
            mutex.acquire();
            waiting.cancel();
            sleep(Duration.ofSeconds(1));
            assertFalse(waiting.isDone(), "the mutex is held by another");
            mutex.release();
            assertThrows(TaskCancelledException.class, waiting::join);
            assertTrue(held[0]);
            assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        });
    }

    @Test
    void cancelledWaitWithALimitHoldsTheMutexAgain() {
        ManualEngine.run(() -> {
            boolean[] held = new boolean[1];
            Task<Void> waiting = spawn(() -> {
                mutex.acquire();
                try {
                    condition.awaitWithin(Duration.ofHours(1));
                } finally {
                    held[0] = mutex.holder().equals(Optional.of(Thread.currentThread()));
                    mutex.release();
                }
            });
            checkpoint();
            waiting.cancel();
            assertThrows(TaskCancelledException.class, waiting::join);
            assertTrue(held[0]);
            assertEquals(new Condition.Statistics(0), condition.statistics());
        });
    }

    @Test
    void cancelledWaitHasUsedUpNoSignal() {
        ManualEngine.run(() -> {
            Task<Void> first = spawn(() -> mutex.run(condition::await));
            Task<Void> second = spawn(() -> mutex.run(condition::await));
            checkpoint();
            first.cancel();
            checkpoint();
            mutex.run(condition::signal);
            second.join();
            assertThrows(TaskCancelledException.class, first::join);
        });
    }

    @Test
    void inACancelledScopeTheMutexIsKept() {
        ManualEngine.run(() -> {
            mutex.acquire();
            Task<Void> next = spawn(() -> mutex.run(() -> {}));
            checkpoint();
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, condition::await);
                assertThrows(CancelledException.class, () -> condition.awaitUntil(() -> true));
                assertThrows(CancelledException.class, () -> condition.awaitWithin(Duration.ofSeconds(1)));
            });
            checkpoint();
            assertFalse(next.isDone(), "the mutex was let go");
            mutex.release();
        });
    }

    @Test
    void interruptedThreadHoldsTheMutexAgainAndStaysInterrupted() throws InterruptedException {
        boolean[] seen = new boolean[3];
        Thread thread = Thread.ofPlatform().start(() -> {
            mutex.acquire();
            try {
                condition.await();
            } catch (CancelledException e) {
                seen[0] = mutex.holder().equals(Optional.of(Thread.currentThread()));
                seen[1] = Thread.interrupted();
            }
            mutex.release();
            seen[2] = true;
        });
        while (condition.statistics().waiting() == 0) {
            Thread.sleep(1);
        }
        mutex.acquire();
        thread.interrupt();
        Thread.sleep(20);
        mutex.release();
        thread.join();
        assertTrue(seen[0] && seen[1] && seen[2]);
    }

    @Test
    void threadThatIsInterruptedAfterItsSignalHoldsTheMutexAgainAndStaysInterrupted() throws InterruptedException {
        boolean[] seen = new boolean[2];
        Thread thread = Thread.ofPlatform().start(() -> {
            mutex.acquire();
            condition.await();
            seen[0] = mutex.holder().equals(Optional.of(Thread.currentThread()));
            seen[1] = Thread.interrupted();
            mutex.release();
        });
        while (condition.statistics().waiting() == 0) {
            Thread.onSpinWait();
        }
        mutex.acquire();
        condition.signal();
        while (mutex.statistics().waiting() == 0) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        while (thread.isInterrupted() || mutex.statistics().waiting() == 0) { // it stands in line once more
            Thread.onSpinWait();
        }
        mutex.release();
        thread.join();
        assertTrue(seen[0] && seen[1]);
        assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        assertEquals("condition of mutex noodles", condition.toString());
    }

    @Test
    void threadThatIsInterruptedAfterItsSignalStaysSoThoughTheMutexBreaks() throws InterruptedException {
        boolean[] seen = new boolean[2];
        Thread thread = Thread.ofPlatform().start(() -> {
            mutex.acquire();
            try {
                condition.await();
            } catch (BrokenException e) {
                seen[0] = true;
                seen[1] = Thread.interrupted();
            }
        });
        while (condition.statistics().waiting() == 0) {
            Thread.onSpinWait();
        }
        run(() -> {
            spawn(() -> {
                mutex.acquire();
                condition.signal();
                awaitLine();
                thread.interrupt();
                while (thread.isInterrupted()) {
                    checkpoint();
                }
                awaitLine();
            }).join();
        });
        thread.join();
        assertTrue(seen[0] && seen[1]);
    }

    private void awaitLine() {
        while (mutex.statistics().waiting() == 0) {
            checkpoint();
        }
    }

    @Test
    void threadsAndTasksSignalEachOther() throws InterruptedException {
        int rounds = 500;
        int[] turn = new int[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < rounds; i++) {
                mutex.run(() -> {
                    condition.awaitUntil(() -> turn[0] % 2 == 1);
                    turn[0]++;
                    condition.signalAll();
                });
            }
        });
        run(() -> {
            for (int i = 0; i < rounds; i++) {
                mutex.run(() -> {
                    condition.awaitUntil(() -> turn[0] % 2 == 0);
                    turn[0]++;
                    condition.signalAll();
                });
            }
        });
        thread.join();
        assertEquals(2 * rounds, turn[0]);
    }
}
