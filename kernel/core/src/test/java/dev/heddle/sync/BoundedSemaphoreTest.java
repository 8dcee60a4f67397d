package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** So many are inside at a time, in the order of asking, and no permit is lost or made. */
final class BoundedSemaphoreTest {

    private static final SemaphoreStatistics ALL_BACK = new BoundedSemaphore.Statistics(3, 3, 0);

    private final BoundedSemaphore semaphore = BoundedSemaphore.named("tables", 3);

    @Test
    void soManyAreInAtTheSameTimeAndNoMore() {
        ManualEngine.runInManyOrders(50, () -> {
            int[] inside = new int[2];
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    g.spawn(() -> semaphore.run(() -> {
                        inside[0]++;
                        inside[1] = Math.max(inside[1], inside[0]);
                        sleep(Duration.ofSeconds(1));
                        inside[0]--;
                    }));
                }
            });
            assertEquals(3, inside[1]);
            assertEquals(Duration.ofSeconds(4), ManualEngine.elapsed());
            assertEquals(ALL_BACK, semaphore.statistics());
        });
    }

    @Test
    void permitsAreGivenInTheOrderOfAsking() {
        ManualEngine.runInManyOrders(50, () -> {
            BoundedSemaphore one = BoundedSemaphore.of(1);
            List<Integer> asked = new ArrayList<>();
            List<Integer> served = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 10; i++) {
                    int me = i;
                    g.spawn(() -> {
                        asked.add(me);
                        one.run(() -> {
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
    void releasingMoreThanWasAcquiredIsAnErrorAndChangesNothing() {
        String message = assertThrows(IllegalStateException.class, semaphore::release).getMessage();
        assertEquals("semaphore tables was released more often than acquired: all 3 permits are back already", message);
        semaphore.acquire();
        semaphore.release();
        assertThrows(IllegalStateException.class, semaphore::release);
        assertEquals(ALL_BACK, semaphore.statistics());
    }

    @Test
    void callThatIsRefusedLeavesTheSemaphoreToOthers() {
        ManualEngine.run(() -> {
            spawn(() -> assertThrows(IllegalStateException.class, semaphore::release)).join();
            assertEquals(ALL_BACK, semaphore.statistics());
            assertEquals("semaphore tables of 3", semaphore.toString());
        });
    }

    @Test
    void whoAcquiresNeedNotBeWhoReleases() {
        ManualEngine.run(() -> {
            semaphore.acquire();
            spawn(semaphore::release).join();
            assertEquals(ALL_BACK, semaphore.statistics());
        });
    }

    @Test
    void tryingNeverWaitsAndALimitIsKept() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 3; i++) {
                assertTrue(semaphore.tryAcquire());
            }
            assertFalse(semaphore.tryAcquire());
            assertFalse(semaphore.acquireWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(2), ManualEngine.elapsed());
            assertEquals(new BoundedSemaphore.Statistics(3, 0, 0), semaphore.statistics());
            spawn(() -> {
                sleep(Duration.ofSeconds(1));
                semaphore.release();
            });
            assertTrue(semaphore.acquireWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelledWaiterHasNoPermitAndTheNextGetsIt() {
        ManualEngine.run(() -> {
            BoundedSemaphore one = BoundedSemaphore.named("door", 1);
            one.acquire();
            Task<Void> first = spawn(one::acquire);
            Task<String> second = spawn(() -> one.run(() -> "served"));
            checkpoint();
            assertEquals(Optional.of("acquiring semaphore door"), first.waitingFor());
            first.cancel();
            checkpoint();
            one.release();
            assertEquals("served", second.join());
            assertThrows(TaskCancelledException.class, first::join);
            assertEquals(new BoundedSemaphore.Statistics(1, 1, 0), one.statistics());
        });
    }

    @Test
    void inACancelledScopeNothingIsAcquired() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            scope.cancel("enough");
            assertThrows(CancelledException.class, semaphore::acquire);
            assertThrows(CancelledException.class, () -> semaphore.acquireWithin(Duration.ofSeconds(1)));
            assertEquals(ALL_BACK, semaphore.statistics());
        }));
    }

    @Test
    void bodyThatFailsGivesItsPermitBack() {
        ManualEngine.run(() -> {
            assertEquals("x", semaphore.run(() -> "x"));
            assertThrows(IllegalArgumentException.class, () -> semaphore.run(() -> {
                throw new IllegalArgumentException("no");
            }));
            assertEquals(ALL_BACK, semaphore.statistics());
        });
    }

    @Test
    void zeroAndNegativeNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> BoundedSemaphore.of(0));
        assertThrows(IllegalArgumentException.class, () -> BoundedSemaphore.named("tables", -1));
    }
}
