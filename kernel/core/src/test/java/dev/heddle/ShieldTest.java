package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** A shielded body waits undisturbed by cancels and deadlines from outside. */
final class ShieldTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void bodyWaitsUndisturbedWhileTheScopeAroundIsCancelled() {
        ManualEngine.run(() -> {
            boolean done = moveOnAfter(ofSeconds(1), () -> {
                String result = shield(() -> {
                    sleep(ofSeconds(5));
                    return "result";
                });
                log.add(result);
                checkpoint();
                log.add("unreachable");
            });
            assertFalse(done);
            assertEquals(ofSeconds(5), ManualEngine.elapsed());
        });
        assertEquals(List.of("result"), log);
    }

    @Test
    void groupsInsideAreShieldedToo() {
        ManualEngine.run(() -> moveOnAfter(ofSeconds(1), () -> shield(() -> group(g -> {
            g.spawn(() -> {
                sleep(ofSeconds(5));
                log.add("child");
            });
        }))));
        assertEquals(List.of("child"), log);
    }

    @Test
    void shieldEnteredInACancelledScopeStillLetsItsBodyWait() {
        ManualEngine.run(() -> moveOnAfter(ofSeconds(0), () -> {
            assertThrows(CancelledException.class, Heddle::checkpoint);
            shield(() -> sleep(ofSeconds(1)));
            assertThrows(CancelledException.class, Heddle::checkpoint);
        }));
    }

    @Test
    void deadlineOfAShieldThatIsTooLongIsReported() {
        ManualEngine.run(() -> {
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(DeadlineExceededException.class, () -> shield(ofSeconds(2), () -> sleep(ofHours(1))));
            });
            assertEquals(ofSeconds(2), ManualEngine.elapsed());
        });
    }

    @Test
    void shieldHidesOuterDeadlines() {
        ManualEngine.run(() -> moveOnAfter(ofSeconds(1), () -> shield(() -> {
            assertEquals(Optional.empty(), CancelScope.current().remaining());
            assertTrue(CancelScope.current().isShielded());
            moveOnAfter(ofSeconds(9), () -> assertEquals(Optional.of(ofSeconds(9)), CancelScope.current().remaining()));
        })));
    }

    @Test
    void ownCancelOfTheShieldStillReachesItsBody() {
        ManualEngine.run(() -> {
            assertThrows(TaskCancelledException.class, () -> shield(() -> {
                CancelScope.current().cancel("from inside");
                checkpoint();
            }));
        });
    }

    @Test
    void cancelOfTheTaskWaitsForTheShield() {
        ManualEngine.run(() -> group(g -> {
            Task<Void> task = g.spawn(() -> {
                shield(() -> sleep(ofSeconds(5)));
                log.add("shielded part done");
                sleep(ofHours(1));
            });
            sleep(ofSeconds(1));
            task.cancel("now");
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(ofSeconds(5), ManualEngine.elapsed());
        }));
        assertEquals(List.of("shielded part done"), log);
    }

    @Test
    void interruptSentForTheCancelDoesNotHitTheShieldedBody() {
        Heddle.run(() -> {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            group(g -> {
                Task<Void> task = g.spawn(() -> {
                    try {
                        lock.lock(); // does not answer the interrupt, which stays set on the thread
                        lock.unlock();
                    } finally {
                        shield(() -> Thread.sleep(1));
                        log.add("cleaned");
                    }
                });
                checkpoint();
                task.cancel("now");
                checkpoint();
                lock.unlock();
            });
        });
        assertEquals(List.of("cleaned"), log);
    }
}
