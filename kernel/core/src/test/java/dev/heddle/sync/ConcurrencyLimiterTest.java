package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlockException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.WaitReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A limiter lends tokens to tasks and threads, and knows who has them. */
final class ConcurrencyLimiterTest {

    @Test
    void soManyBorrowAtTheSameTimeAndNoMore() {
        ManualEngine.runInManyOrders(50, () -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(3);
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    g.spawn(() -> limiter.run(() -> {
                        assertTrue(limiter.statistics().borrowed() <= 3);
                        sleep(Duration.ofSeconds(1));
                    }));
                }
            });
            assertEquals(Duration.ofSeconds(4), ManualEngine.elapsed());
            assertEquals(new ConcurrencyLimiter.Statistics(3, 0, 0, List.of()), limiter.statistics());
        });
    }

    @Test
    void tokensAreGivenInTheOrderOfAsking() {
        ManualEngine.runInManyOrders(50, () -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            List<Integer> asked = new ArrayList<>();
            List<Integer> served = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    int me = i;
                    g.spawn(() -> {
                        asked.add(me);
                        limiter.run(() -> {
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
    void sameBorrowerTwiceIsAnError() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.named("database", 3);
            limiter.run(() -> {
                String message = assertThrows(IllegalStateException.class, limiter::acquire).getMessage();
                assertTrue(message.contains("task main") && message.contains("has a token of limiter database already"),
                        message);
                assertThrows(IllegalStateException.class, limiter::tryAcquire);
                assertThrows(IllegalStateException.class, () -> limiter.acquireWithin(Duration.ofSeconds(1)));
                limiter.acquireFor("GET /x");
                assertThrows(IllegalStateException.class, () -> limiter.acquireFor("GET /x"));
                limiter.releaseFor("GET /x");
            });
            assertEquals(0, limiter.statistics().borrowed());
        });
    }

    @Test
    void borrowerThatWaitsAlreadyIsRefusedTooUntilItsWaitIsCancelled() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(0);
            Task<Void> waiting = spawn(() -> limiter.acquireFor("GET /x"));
            checkpoint();
            assertThrows(IllegalStateException.class, () -> limiter.acquireFor("GET /x"));
            waiting.cancel();
            assertThrows(TaskCancelledException.class, waiting::join);
            assertFalse(limiter.tryAcquireFor("GET /x"));
            limiter.setTotal(1);
            assertTrue(limiter.tryAcquireFor("GET /x"));
        });
    }

    @Test
    void anyBodyMayGiveBackTheTokenOfANamedBorrower() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            limiter.acquireFor("GET /x");
            assertEquals(List.of("GET /x"), limiter.statistics().borrowers());
            spawn(() -> limiter.releaseFor("GET /x")).join();
            assertEquals(0, limiter.statistics().borrowed());
        });
    }

    @Test
    void givingBackWhatWasNotBorrowedIsAnError() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.named("database", 1);
            assertThrows(IllegalStateException.class, limiter::release);
            limiter.acquire();
            Task<Void> thief = spawn("thief", limiter::release);
            String message = assertThrows(IllegalStateException.class, thief::join).getMessage();
            assertTrue(message.contains("task thief") && message.contains("has no token of limiter database"), message);
            limiter.release();
            assertThrows(IllegalStateException.class, limiter::release);
        });
    }

    @Test
    void moreTokensGoToThoseWhoWait() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            group(g -> {
                for (int i = 0; i < 4; i++) {
                    g.spawn(() -> limiter.run(() -> sleep(Duration.ofSeconds(1))));
                }
                checkpoint();
                assertEquals(3, limiter.statistics().waiting());
                limiter.setTotal(3);
                assertEquals(3, limiter.statistics().borrowed());
                assertEquals(1, limiter.statistics().waiting());
            });
            assertEquals(Duration.ofSeconds(2), ManualEngine.elapsed());
        });
    }

    @Test
    void withFewerTokensTheLentOnesComeBackBeforeOneIsLentAgain() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(3);
            List.of("a", "b", "c").forEach(limiter::acquireFor);
            limiter.setTotal(1);
            assertEquals(3, limiter.statistics().borrowed());
            Task<Void> waiting = spawn(() -> limiter.acquireFor("d"));
            limiter.releaseFor("a");
            limiter.releaseFor("b");
            checkpoint();
            assertFalse(waiting.isDone());
            limiter.releaseFor("c");
            waiting.join();
            assertEquals(List.of("d"), limiter.statistics().borrowers());
        });
    }

    @Test
    void zeroTokensHoldEverybodyUpAndUnlimitedOnesNobody() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(0);
            assertFalse(limiter.tryAcquire());
            assertFalse(limiter.acquireWithin(Duration.ofSeconds(1)));
            limiter.setTotal(ConcurrencyLimiter.UNLIMITED);
            for (int i = 0; i < 1_000; i++) {
                assertTrue(limiter.tryAcquireFor(i));
            }
            assertThrows(IllegalArgumentException.class, () -> limiter.setTotal(-1));
            assertThrows(IllegalArgumentException.class, () -> ConcurrencyLimiter.of(-1));
            assertEquals(ConcurrencyLimiter.UNLIMITED, limiter.statistics().total());
        });
    }

    @Test
    void cancelledWaiterHasNoTokenAndTheNextGetsIt() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.named("database", 1);
            limiter.acquire();
            Task<Void> first = spawn(limiter::acquire);
            Task<String> second = spawn(() -> limiter.run(() -> "served"));
            checkpoint();
            assertEquals(Optional.of("acquiring a token of limiter database"), first.waitingFor());
            first.cancel();
            checkpoint();
            limiter.release();
            assertEquals("served", second.join());
            assertThrows(TaskCancelledException.class, first::join);
            assertEquals(new ConcurrencyLimiter.Statistics(1, 0, 0, List.of()), limiter.statistics());
        });
    }

    @Test
    void limitOnTheWaitIsKeptAndTheCallerMayAskAgain() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            assertTrue(limiter.acquireWithin(Duration.ZERO));
            Task<List<Boolean>> asking = spawn(() -> {
                List<Boolean> answers = List.of(
                        limiter.acquireWithin(Duration.ofSeconds(2)), limiter.acquireWithin(Duration.ofSeconds(2)));
                limiter.release();
                return answers;
            });
            sleep(Duration.ofSeconds(1));
            assertEquals(new ConcurrencyLimiter.Statistics(1, 1, 1, List.of(currentTask())), limiter.statistics());
            sleep(Duration.ofSeconds(2));
            limiter.release();
            assertEquals(List.of(false, true), asking.join());
            assertEquals(Duration.ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void inACancelledScopeNothingIsBorrowed() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            scope.cancel("enough");
            assertThrows(CancelledException.class, limiter::acquire);
            assertThrows(CancelledException.class, () -> limiter.acquireFor("GET /x"));
            assertThrows(CancelledException.class, () -> limiter.acquireWithin(Duration.ofSeconds(1)));
            assertEquals(0, limiter.statistics().borrowed());
        }));
    }

    @Test
    void simulationSeesThatNoTokenWillComeBackThoughThreadsHaveBorrowedBefore() throws InterruptedException {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.named("database", 1);
        Thread thread = Thread.ofPlatform().start(() -> limiter.run(() -> {}));
        thread.join();
        DeadlockException stuck = assertThrows(DeadlockException.class, () -> ManualEngine.run(() -> {
            limiter.acquireFor("GET /x");
            limiter.acquire();
        }));
        assertTrue(stuck.getMessage().contains("acquiring a token of limiter database"), stuck.getMessage());
        assertEquals("limiter database", limiter.toString());
    }

    @Test
    void callThatIsRefusedLeavesTheLimiterToOthers() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            spawn(() -> assertThrows(IllegalStateException.class, limiter::release)).join();
            spawn(() -> limiter.run(() -> assertThrows(IllegalStateException.class, limiter::acquire))).join();
            assertEquals("mine", limiter.run(() -> "mine"));
        });
    }

    @Test
    void reportNamesThoseWhoHaveATokenAndNotThoseWhoWaitForOne() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            limiter.acquire();
            List<Task<Void>> waiting = List.of(spawn("ann", limiter::acquire), spawn("bob", limiter::acquire));
            checkpoint();
            List<String> holders = WaitReport.capture().waits().stream()
                    .filter(wait -> wait.who().startsWith("task"))
                    .map(wait -> wait.who() + " waits for " + wait.holders())
                    .toList();
            assertEquals(
                    List.of("task ann (loop, running) waits for [task main (loop, running)]",
                            "task bob (loop, running) waits for [task main (loop, running)]"),
                    holders);
            waiting.forEach(Task::cancel);
            limiter.release();
        });
    }

    @Test
    void statisticsNameTheTasksAndThreadsThatBorrow() throws InterruptedException {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.of(5);
        Thread thread = Thread.ofPlatform().start(limiter::acquire);
        thread.join();
        ManualEngine.run(() -> {
            limiter.acquire();
            assertEquals(Set.of(thread, currentTask()), Set.copyOf(limiter.statistics().borrowers()));
        });
    }

    @Test
    void tokenIsGivenBackAfterAFailureButNotTwice() {
        ManualEngine.run(() -> {
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            assertThrows(IllegalArgumentException.class, () -> limiter.run(() -> {
                throw new IllegalArgumentException("no");
            }));
            assertEquals("x", limiter.run(() -> "x"));
            assertThrows(IllegalStateException.class, () -> limiter.run(limiter::release));
        });
    }
}
