package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** All wait until the last has arrived, round after round, unless it is broken. */
final class BarrierTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void allWaitUntilTheLastHasArrivedRoundAfterRound() {
        ManualEngine.runInManyOrders(50, () -> {
            Barrier barrier = Barrier.of(4);
            int[] rounds = new int[4];
            group(g -> {
                for (int i = 0; i < 4; i++) {
                    int me = i;
                    g.spawn(() -> {
                        for (int round = 0; round < 5; round++) {
                            rounds[me]++;
                            barrier.await();
                            for (int other : rounds) {
                                assertTrue(other == round + 1 || other == round + 2, "one is ahead by a round");
                            }
                        }
                    });
                }
            });
            assertEquals(new Barrier.Statistics(4, 0, false), barrier.statistics());
        });
    }

    @Test
    void eachGetsTheNumberOfThoseBeforeIt() {
        ManualEngine.runInManyOrders(20, () -> {
            Barrier barrier = Barrier.of(5);
            Set<Integer> indices = new TreeSet<>();
            group(g -> {
                for (int i = 0; i < 5; i++) {
                    g.spawn(() -> {
                        int before = barrier.statistics().arrived();
                        int index = barrier.await();
                        assertEquals(before, index);
                        indices.add(index);
                    });
                }
            });
            assertEquals(Set.of(0, 1, 2, 3, 4), indices);
        });
    }

    @Test
    void lastOneRunsTheActionBeforeAnybodyIsReleased() {
        ManualEngine.runInManyOrders(20, () -> {
            List<String> seen = new ArrayList<>();
            Barrier barrier = Barrier.of(3, () -> {
                sleep(SECOND);
                seen.add("action");
            });
            group(g -> {
                for (int i = 0; i < 3; i++) {
                    g.spawn(() -> {
                        barrier.await();
                        seen.add("released");
                    });
                }
            });
            assertEquals(List.of("action", "released", "released", "released"), seen);
        });
    }

    @Test
    void whoComesWhileTheActionRunsWaitsForItsEndAndIsCountedInTheNextRound() {
        ManualEngine.runInManyOrders(20, () -> {
            int[] actions = new int[2];
            Barrier barrier = Barrier.named("start", 2, () -> {
                actions[0]++;
                actions[1] = Math.max(actions[1], actions[0]);
                sleep(SECOND);
                actions[0]--;
            });
            group(g -> {
                for (int i = 0; i < 6; i++) {
                    g.spawn(barrier::await);
                }
            });
            assertEquals(1, actions[1], "two actions at the same time");
            assertEquals(Duration.ofSeconds(3), ManualEngine.elapsed());
            assertEquals(new Barrier.Statistics(2, 0, false), barrier.statistics());
        });
    }

    @Test
    void abortBreaksItForThoseWhoWaitAndThoseWhoComeUntilTheReset() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.named("start", 3);
            Task<Integer> first = spawn(() -> barrier.await());
            Task<Integer> second = spawn(() -> barrier.await());
            checkpoint();
            assertEquals(Optional.of("waiting for the others at barrier start"), first.waitingFor());
            barrier.abort();
            barrier.abort();
            for (Task<Integer> waiting : List.of(first, second)) {
                BrokenException told = assertThrows(BrokenException.class, waiting::join);
                assertEquals("barrier start is broken: it was aborted by task main", told.getMessage());
            }
            assertThrows(BrokenException.class, barrier::await);
            assertTrue(barrier.isBroken());
            assertEquals(new Barrier.Statistics(3, 0, true), barrier.statistics());
            barrier.reset();
            assertFalse(barrier.isBroken());
            passes(barrier, 3);
        });
    }

    @Test
    void resetWhileItFillsTurnsThoseWhoWaitAwayAndStartsAnew() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(3);
            Task<Integer> waiting = spawn(() -> barrier.await());
            checkpoint();
            barrier.reset();
            String message = assertThrows(BrokenException.class, waiting::join).getMessage();
            assertTrue(message.contains("reset by task main"), message);
            assertFalse(barrier.isBroken());
            passes(barrier, 3);
        });
    }

    @Test
    void resetAfterAllHaveArrivedTakesNothingFromThoseWhoAreReleased() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(2);
            Task<Integer> waiting = spawn(() -> barrier.await());
            checkpoint();
            assertEquals(1, barrier.await());
            barrier.reset();
            assertEquals(0, waiting.join());
            passes(barrier, 2);
        });
    }

    @Test
    void resetDuringTheActionTurnsItsRoundAwayAndHoldsTheNextOneUntilItsEnd() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(2, () -> sleep(SECOND));
            Task<Integer> waiting = spawn(() -> barrier.await());
            Task<BrokenException> acting = spawn(() -> assertThrows(BrokenException.class, barrier::await));
            checkpoint();
            barrier.reset();
            assertThrows(BrokenException.class, waiting::join);
            assertFalse(acting.isDone());
            passes(barrier, 2);
            assertEquals(Duration.ofSeconds(2), ManualEngine.elapsed());
            assertTrue(acting.join().getMessage().contains("reset during its action"));
            assertFalse(barrier.isBroken());
        });
    }

    @Test
    void abortDuringTheActionBreaksItForAll() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(2, () -> sleep(SECOND));
            Task<Integer> waiting = spawn(() -> barrier.await());
            Task<Integer> acting = spawn(() -> barrier.await());
            Task<Integer> early = spawn(() -> barrier.await());
            checkpoint();
            assertEquals(Optional.of("waiting for the action of a barrier"), early.waitingFor());
            barrier.abort();
            assertThrows(BrokenException.class, waiting::join);
            assertThrows(BrokenException.class, early::join);
            assertEquals(Duration.ZERO, ManualEngine.elapsed());
            assertThrows(BrokenException.class, acting::join);
            assertEquals(SECOND, ManualEngine.elapsed());
            assertTrue(barrier.isBroken());
        });
    }

    @Test
    void actionThatFailsBreaksItAndOthersGetItsFailureAsTheCause() {
        ManualEngine.run(() -> {
            IOException failure = new IOException("no");
            Barrier barrier = Barrier.of(2, () -> {
                throw failure;
            });
            Task<Integer> waiting = spawn(() -> barrier.await());
            checkpoint();
            assertSame(
                    failure, assertThrows(TaskFailedException.class, barrier::await).getCause());
            assertSame(failure, assertThrows(BrokenException.class, waiting::join).getCause());
            assertSame(failure, assertThrows(BrokenException.class, barrier::await).getCause());
            barrier.reset();
            assertFalse(barrier.isBroken());
        });
    }

    @Test
    void oneThatIsCancelledWhileItWaitsBreaksIt() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(3);
            Task<Integer> cancelled = spawn("slow", () -> barrier.await());
            Task<Integer> waiting = spawn(() -> barrier.await());
            checkpoint();
            cancelled.cancel();
            assertThrows(TaskCancelledException.class, cancelled::join);
            String message = assertThrows(BrokenException.class, waiting::join).getMessage();
            assertTrue(message.contains("task slow was cancelled while it waited"), message);
            assertThrows(BrokenException.class, barrier::await);
        });
    }

    @Test
    void oneThatCameEarlyAndIsCancelledBeforeItArrivesBreaksNothing() {
        ManualEngine.run(() -> {
            List<Task<Integer>> early = new ArrayList<>();
            Barrier barrier = Barrier.of(2, () -> {
                sleep(SECOND);
                early.forEach(Task::cancel);
            });
            Task<Integer> first = spawn(() -> barrier.await());
            Task<Integer> acting = spawn(() -> barrier.await());
            checkpoint();
            early.add(spawn(() -> barrier.await()));
            assertEquals(0, first.join());
            assertEquals(1, acting.join());
            assertThrows(TaskCancelledException.class, early.getFirst()::join);
            assertEquals(new Barrier.Statistics(2, 0, false), barrier.statistics());
        });
    }

    @Test
    void callThatIsRefusedLeavesTheBarrierToOthers() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.named("start", 2);
            barrier.abort();
            spawn(() -> assertThrows(BrokenException.class, barrier::await)).join();
            barrier.reset();
            passes(barrier, 2);
            assertEquals("barrier start of 2", barrier.toString());
        });
    }

    @Test
    void deadlineThatPassesBreaksItToo() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(2);
            assertThrows(DeadlineExceededException.class, () -> timeout(SECOND, barrier::await));
            assertTrue(barrier.isBroken());
        });
    }

    @Test
    void oneThatIsCancelledBeforeItArrivesBreaksNothing() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(2);
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, barrier::await);
            });
            assertEquals(new Barrier.Statistics(2, 0, false), barrier.statistics());
            passes(barrier, 2);
        });
    }

    @Test
    void oneThatWasReleasedIsNotTakenBackByACancel() {
        ManualEngine.run(() -> {
            Barrier barrier = Barrier.of(2);
            Task<Integer> waiting = spawn(() -> barrier.await());
            checkpoint();
            barrier.await();
            waiting.cancel();
            assertEquals(0, waiting.join());
            assertFalse(barrier.isBroken());
        });
    }

    @Test
    void onePartyNeverWaits() {
        ManualEngine.run(() -> {
            int[] actions = new int[1];
            Barrier barrier = Barrier.of(1, () -> actions[0]++);
            assertEquals(0, barrier.await());
            assertEquals(0, barrier.await());
            assertEquals(2, actions[0]);
        });
    }

    @Test
    void barrierForNobodyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Barrier.of(0));
        assertThrows(IllegalArgumentException.class, () -> Barrier.named("start", -1));
    }

    private static void passes(Barrier barrier, int parties) {
        group(g -> {
            for (int i = 0; i < parties; i++) {
                g.spawn(barrier::await);
            }
        });
        assertEquals(0, barrier.statistics().arrived());
    }
}
