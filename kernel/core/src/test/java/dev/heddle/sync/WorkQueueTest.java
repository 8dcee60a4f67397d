package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A queue of work in the order of age or of a comparator, which knows when all of it is done. */
final class WorkQueueTest {

    // ---- orders ----

    @Test
    void oldestTheNewestOrTheSmallestComesFirst() {
        assertEquals(List.of(2, 3, 1), drained(WorkQueue.fifo(3)));
        assertEquals(List.of(1, 3, 2), drained(WorkQueue.lifo(3)));
        assertEquals(List.of(1, 2, 3), drained(WorkQueue.priority(3, Comparator.naturalOrder())));
    }

    private static List<Integer> drained(WorkQueue<Integer> queue) {
        List.of(2, 3, 1).forEach(queue::put);
        queue.close();
        List<Integer> taken = new ArrayList<>();
        queue.forEach(taken::add);
        return taken;
    }

    @Test
    void equalPrioritiesKeepTheirOrder() {
        WorkQueue<String> queue = WorkQueue.priority(1_000, Comparator.comparing(String::length));
        for (int i = 100; i < 200; i++) {
            queue.put("x" + i);
            queue.put("xx" + i);
        }
        queue.close();
        List<String> taken = new ArrayList<>();
        queue.forEach(taken::add);
        assertEquals(taken.stream().sorted(Comparator.comparing(String::length).thenComparing(s -> s)).toList(), taken);
    }

    @Test
    void putterThatWaitedGetsItsPlaceByPriority() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.priority(2, Comparator.naturalOrder());
            queue.put(5);
            queue.put(7);
            spawn(() -> queue.put(6));
            spawn(() -> queue.put(1));
            checkpoint();
            assertEquals(5, queue.take());
            assertEquals(6, queue.take());
            assertEquals(1, queue.take());
            assertEquals(7, queue.take());
        });
    }

    @Test
    void clearingTheViewTakesWhatIsInItAndNotWhatComesInThereby() {
        ManualEngine.run(() -> {
            List<WorkQueue<Integer>> queues = List.of(WorkQueue.fifo(2), WorkQueue.lifo(2),
                    WorkQueue.priority(2, Comparator.naturalOrder()));
            for (WorkQueue<Integer> queue : queues) {
                queue.put(5);
                queue.put(6);
                spawn(() -> queue.put(1));
                checkpoint();
                queue.asBlockingQueue().clear();
                assertEquals(Optional.of(1), queue.tryTake());
                assertEquals(Optional.empty(), queue.tryTake());
                assertEquals(3, queue.statistics().unfinished());
            }
        });
    }

    @Test
    void viewOfAPriorityQueueRemovesOnlyWhatIsInIt() {
        WorkQueue<Integer> queue = WorkQueue.priority(2, Comparator.naturalOrder());
        queue.put(5);
        queue.put(6);
        assertFalse(queue.asBlockingQueue().remove(7));
        assertTrue(queue.asBlockingQueue().remove(6));
        assertEquals(List.of(5), List.copyOf(queue.asBlockingQueue()));
    }

    @Test
    void comparatorThatFailsFailsThePutAndHarmsNothing() {
        ManualEngine.run(() -> {
            Comparator<Integer> picky = (a, b) -> {
                if (a == 13 || b == 13) {
                    throw new IllegalArgumentException("thirteen");
                }
                return Integer.compare(a, b);
            };
            WorkQueue<Integer> queue = WorkQueue.priority(5, picky);
            List.of(5, 1, 4).forEach(queue::put);
            assertThrows(IllegalArgumentException.class, () -> queue.put(13));
            queue.put(2);
            queue.put(3);
            Task<Void> refused = spawn(() -> queue.put(13));
            Task<Void> next = spawn(() -> queue.put(0));
            checkpoint();
            assertEquals(1, queue.take());
            assertThrows(IllegalArgumentException.class, refused::join);
            next.join();
            assertEquals(6, queue.statistics().unfinished());
            assertEquals(List.of(0, 2, 3, 4, 5),
                    List.of(queue.take(), queue.take(), queue.take(), queue.take(), queue.take()));
        });
    }

    @Test
    void peekingLeavesTheElement() {
        WorkQueue<Integer> queue = WorkQueue.priority(2, Comparator.reverseOrder());
        assertEquals(Optional.empty(), queue.tryPeek());
        queue.put(1);
        queue.put(2);
        assertEquals(Optional.of(2), queue.tryPeek());
        assertEquals(2, queue.statistics().size());
    }

    @Test
    void capacityBelowOneIsRefusedWithWords() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> WorkQueue.fifo(0));
        assertEquals("capacity is 0, must be at least 1", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> WorkQueue.lifo(-1));
        assertThrows(IllegalArgumentException.class, () -> WorkQueue.priority(0, Comparator.<Integer>naturalOrder()));
        assertThrows(NullPointerException.class, () -> WorkQueue.priority(1, ElementQueueContract.nothing()));
    }

    // ---- keeping count ----

    @Test
    void awaitAllDoneReturnsOnlyAtZero() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(2);
            queue.awaitAllDone();
            queue.put(1);
            queue.put(2);
            List<Task<Void>> finishers = List.of(spawn(queue::awaitAllDone), spawn(queue::awaitAllDone));
            queue.take();
            queue.taskDone();
            queue.take();
            checkpoint();
            assertFalse(finishers.getFirst().isDone());
            assertEquals(new WorkQueue.Statistics(2, 0, 1, 0, 0, false), queue.statistics());
            assertFalse(queue.awaitAllDoneWithin(ofSeconds(1)));
            queue.taskDone();
            finishers.forEach(Task::join);
            assertTrue(queue.awaitAllDoneWithin(ofSeconds(1)));
        });
    }

    @Test
    void doneMoreOftenThanTakenIsAnError() {
        WorkQueue<Integer> queue = WorkQueue.fifo(2);
        queue.put(1);
        assertThrows(IllegalStateException.class, queue::taskDone);
        queue.take();
        queue.taskDone();
        assertThrows(IllegalStateException.class, queue::taskDone);
    }

    @Test
    void whatIsTakenInAnyWayIsUnfinishedUntilItIsDoneOnce() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(2);
            List<Action> ways = List.of(
                    () -> {
                        queue.put(1);
                        queue.take();
                    },
                    () -> {
                        Task<Integer> taker = spawn(queue::take);
                        checkpoint();
                        queue.put(1);
                        taker.join();
                    },
                    () -> {
                        queue.put(1);
                        assertTrue(queue.asBlockingQueue().remove(1));
                    },
                    () -> {
                        queue.put(1);
                        queue.asBlockingQueue().clear();
                    });
            for (Action way : ways) {
                way.run();
                assertEquals(1, queue.statistics().unfinished());
                queue.taskDone();
                assertEquals(0, queue.statistics().unfinished());
                assertThrows(IllegalStateException.class, queue::taskDone);
            }
        });
    }

    @Test
    void putterThatGivesUpWhileItsPlaceIsLookedForHasPutNothing() throws Exception {
        List<Thread> putters = new ArrayList<>();
        List<OrderedLock> locks = new ArrayList<>();
        WorkQueue<Integer> queue = WorkQueue.priority(2, (left, right) -> {
            for (Thread putter : putters) {
                putter.interrupt();
                while (!locks.getFirst().hasQueuedThread(putter)) { // to leave, which is decided by then
                    Thread.onSpinWait();
                }
            }
            return left.compareTo(right);
        });
        queue.put(2);
        queue.put(1);
        var put = new FutureTask<>(() -> queue.putWithin(3, ofSeconds(60)));
        Thread putter = Thread.ofPlatform().start(put);
        while (queue.statistics().waitingPutters() == 0) {
            Thread.onSpinWait();
        }
        locks.add(queue.core.lock);
        putters.add(putter);
        assertEquals(1, queue.take());
        putters.clear();
        assertThrows(ExecutionException.class, put::get);
        assertEquals(2, queue.statistics().unfinished());
        assertEquals(Optional.of(2), queue.tryTake());
        assertEquals(Optional.empty(), queue.tryTake());
    }

    @Test
    void cancelledWaitForTheEndHasChangedNothing() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(1);
            queue.put(1);
            Task<Void> finisher = spawn(queue::awaitAllDone);
            checkpoint();
            finisher.cancel();
            assertThrows(TaskCancelledException.class, finisher::join);
            queue.take();
            queue.taskDone();
            assertTrue(queue.awaitAllDoneWithin(ofSeconds(0)));
        });
    }

    @Test
    void waitForTheEndWithALimitSaysThatAllIsDoneAsSoonAsItIs() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(1);
            queue.put(1);
            queue.take();
            Task<Boolean> finisher = spawn(() -> queue.awaitAllDoneWithin(ofSeconds(5)));
            sleep(ofSeconds(2));
            queue.taskDone();
            assertTrue(finisher.join());
            assertEquals(ofSeconds(2), ManualEngine.elapsed());
        });
    }

    @Test
    void waitForTheEndInACancelledScopeThrowsThoughAllIsDone() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(1);
            scope.cancel("enough");
            assertThrows(CancelledException.class, queue::awaitAllDone);
            assertThrows(CancelledException.class, () -> queue.awaitAllDoneWithin(ofSeconds(1)));
        }));
    }

    @Test
    void workersThatPutMoreWorkAreWaitedFor() {
        ManualEngine.runInManyOrders(50, () -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(100);
            int[] handled = new int[1];
            group(g -> {
                for (int i = 0; i < 4; i++) {
                    g.spawn(() -> queue.forEach(depth -> {
                        handled[0]++;
                        if (depth > 0) {
                            queue.put(depth - 1);
                            queue.put(depth - 1);
                        }
                        queue.taskDone();
                    }));
                }
                queue.put(5);
                queue.awaitAllDone();
                queue.close();
            });
            assertEquals(63, handled[0]);
        });
    }

    // ---- ending ----

    @Test
    void afterCloseTheRestStillCounts() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(2);
            queue.put(1);
            Task<Void> finisher = spawn(queue::awaitAllDone);
            assertFalse(queue.isClosed());
            assertEquals("queue of 2", queue.toString());
            queue.close();
            assertTrue(queue.isClosed());
            assertEquals("queue of 2, closed", queue.toString());
            checkpoint();
            assertFalse(finisher.isDone());
            queue.take();
            queue.taskDone();
            finisher.join();
            assertThrows(ClosedException.class, queue::take);
        });
    }

    @Test
    void abortReleasesThoseWhoWaitForTheEnd() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(2);
            queue.put(1);
            queue.put(2);
            Task<Void> putter = spawn(() -> queue.put(3));
            Task<Void> finisher = spawn(queue::awaitAllDone);
            checkpoint();
            queue.abort();
            finisher.join();
            assertThrows(ClosedException.class, putter::join);
            assertEquals(new WorkQueue.Statistics(2, 0, 0, 0, 0, true), queue.statistics());
        });
    }

    @Test
    void abortDoesNotCountWhatIsBeingDealtWith() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(2);
            queue.put(1);
            queue.put(2);
            queue.take();
            Task<Void> finisher = spawn(queue::awaitAllDone);
            queue.abort();
            sleep(ofSeconds(1));
            assertFalse(finisher.isDone());
            queue.taskDone();
            finisher.join();
        });
    }

    @Test
    void reportSaysWhatIsWaitedFor() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(1);
            Task<Integer> taker = spawn(queue::take);
            checkpoint();
            assertEquals(Optional.of("receiving from a queue of 1"), taker.waitingFor());
            queue.put(1);
            Task<Void> finisher = spawn(queue::awaitAllDone);
            checkpoint();
            assertEquals(Optional.of("all elements of a queue to be done"), finisher.waitingFor());
            queue.taskDone();
        });
    }
}
