package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the JDK asks of every blocking queue, and what it leaves open. */
abstract class BlockingQueueContract {

    /** Makes one whose view is empty; the capacity is what the subclass wants. */
    abstract BlockingQueue<Integer> make();

    /** Closes the one that was made last. */
    abstract void close();

    /** How many elements it holds without anybody waiting. */
    abstract int capacity();

    /** One that is as full as it can be. */
    private BlockingQueue<Integer> full() {
        BlockingQueue<Integer> queue = make();
        for (int i = 0; i < capacity(); i++) {
            assertTrue(queue.offer(i));
        }
        return queue;
    }

    @Test
    void offerAndPollDoNotWait() {
        BlockingQueue<Integer> queue = full();
        assertFalse(queue.offer(9));
        assertEquals(capacity(), queue.size());
        assertEquals(0, queue.remainingCapacity());
        for (int i = 0; i < capacity(); i++) {
            assertEquals(i, queue.poll());
        }
        assertNull(queue.poll());
        assertNull(queue.peek());
        assertEquals(capacity(), queue.remainingCapacity());
        assertTrue(queue.isEmpty());
    }

    @Test
    void addRemoveAndElementThrowWhereOfferPollAndPeekAnswer() {
        String full = assertThrows(IllegalStateException.class, () -> full().add(9)).getMessage();
        assertTrue(full.startsWith("no room in the "), full);
        assertThrows(NoSuchElementException.class, () -> make().remove());
        assertThrows(NoSuchElementException.class, () -> make().element());
    }

    @Test
    void addGivesTrueAndWhatIsPeekedAtStays() {
        ManualEngine.run(() -> {
            BlockingQueue<Integer> queue = make();
            for (int i = 0; i < capacity(); i++) {
                assertTrue(queue.add(i));
                assertEquals(0, queue.peek());
                assertEquals(0, queue.element());
                assertEquals(i + 1, queue.size());
            }
            BlockingQueue<Integer> empty = make();
            Task<Integer> taker = spawn(empty::take);
            checkpoint();
            assertTrue(empty.add(7));
            assertEquals(7, taker.join());
        });
    }

    @Test
    void nullIsRefused() {
        BlockingQueue<Integer> queue = make();
        assertThrows(NullPointerException.class, () -> queue.offer(ElementQueueContract.nothing()));
        assertThrows(NullPointerException.class, () -> queue.put(ElementQueueContract.nothing()));
        assertThrows(NullPointerException.class, () -> queue.add(ElementQueueContract.nothing()));
        assertThrows(
                NullPointerException.class, () -> queue.offer(ElementQueueContract.nothing(), 1, MILLISECONDS));
        assertThrows(NullPointerException.class, () -> queue.drainTo(ElementQueueContract.nothing()));
        assertEquals(0, queue.size());
    }

    @Test
    void pendingInterruptEndsEveryCallThatMayWait() {
        BlockingQueue<Integer> queue = make();
        queue.offer(1);
        List<Executable> calls = List.of(
                () -> queue.put(2), () -> queue.offer(2, 1, SECONDS), queue::take, () -> queue.poll(1, SECONDS));
        for (Executable call : calls) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, call);
            assertFalse(Thread.interrupted(), "answered by the exception");
        }
    }

    @Test
    void limitsAreKept() {
        ManualEngine.run(() -> {
            BlockingQueue<Integer> queue = full();
            Duration start = ManualEngine.elapsed();
            assertFalse(queue.offer(9, 2, SECONDS));
            assertEquals(ofSeconds(2), ManualEngine.elapsed().minus(start));
            BlockingQueue<Integer> empty = make();
            assertNull(empty.poll(3, SECONDS));
            assertEquals(ofSeconds(5), ManualEngine.elapsed().minus(start));
            assertNull(empty.poll(-1, SECONDS));
            Task<Integer> taker = spawn(() -> empty.poll(Long.MAX_VALUE, SECONDS));
            checkpoint();
            assertTrue(empty.offer(1, Long.MAX_VALUE, SECONDS));
            assertEquals(1, taker.join());
        });
    }

    @Test
    void puttersAndTakersWaitForEachOther() {
        ManualEngine.runInManyOrders(20, () -> {
            BlockingQueue<Integer> queue = make();
            spawn(() -> {
                for (int i = 0; i < 20; i++) {
                    queue.put(i);
                }
            });
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                taken.add(queue.take());
            }
            assertEquals(ElementQueueContract.numbers(20), taken);
        });
    }

    @Test
    void drainingTakesWhatIsThereAndTheWaitingToo() {
        ManualEngine.run(() -> {
            BlockingQueue<Integer> queue = full();
            Task<Void> putter = spawn(() -> queue.put(capacity()));
            checkpoint();
            List<Integer> drained = new ArrayList<>();
            assertEquals(0, queue.drainTo(drained, 0));
            assertEquals(1, queue.drainTo(drained, 1));
            assertEquals(capacity(), queue.drainTo(drained));
            assertEquals(ElementQueueContract.numbers(capacity() + 1), drained);
            putter.join();
            assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue));
        });
    }

    @Test
    void drainingAsksForATargetThatIsNotTheQueue() {
        BlockingQueue<Integer> queue = full();
        assertThrows(NullPointerException.class, () -> queue.drainTo(ElementQueueContract.nothing(), 1));
        assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue, 1));
        List<Integer> drained = new ArrayList<>();
        assertEquals(0, queue.drainTo(drained, -1));
        assertEquals(0, queue.drainTo(drained, Integer.MIN_VALUE));
        assertEquals(capacity(), queue.size());
    }

    @Test
    void whatATargetRefusesWhileItIsFilledIsTheOnlyLoss() {
        BlockingQueue<Integer> queue = full();
        if (capacity() > 0) {
            assertThrows(UnsupportedOperationException.class, () -> queue.drainTo(List.of()));
            assertEquals(capacity() - 1, queue.size());
        }
    }

    @Test
    void limitWithoutAUnitIsRefusedAlsoWhereNobodyWaits() {
        BlockingQueue<Integer> queue = full();
        TimeUnit noUnit = ElementQueueContract.nothing();
        assertThrows(NullPointerException.class, () -> queue.poll(1, noUnit));
        assertThrows(NullPointerException.class, () -> make().offer(1, 1, noUnit));
        assertEquals(capacity(), queue.size());
    }

    @Test
    void addingManyKeepsThoseForWhichThereWasRoom() {
        BlockingQueue<Integer> queue = make();
        List<Integer> more = ElementQueueContract.numbers(capacity() + 1);
        assertThrows(IllegalStateException.class, () -> queue.addAll(more));
        assertEquals(ElementQueueContract.numbers(capacity()), List.copyOf(queue));
        assertThrows(IllegalArgumentException.class, () -> queue.addAll(queue));
        assertThrows(NullPointerException.class, () -> queue.addAll(ElementQueueContract.nothing()));
    }

    @Test
    void drainingEndsThoughAnotherOneComesForEachThatIsTaken() {
        BlockingQueue<Integer> queue = full();
        List<Integer> drained = new ArrayList<>();
        Collection<Integer> refilling = new AbstractCollection<>() {
            @Override
            public boolean add(Integer element) {
                return drained.add(element) && drained.size() < 1_000 && queue.offer(element);
            }

            @Override
            public Iterator<Integer> iterator() {
                return drained.iterator();
            }

            @Override
            public int size() {
                return drained.size();
            }
        };
        assertEquals(capacity(), queue.drainTo(refilling));
        assertEquals(capacity(), queue.size());
    }

    @Test
    void itIteratesOverWhatIsInItAndRemovesFromThere() {
        ManualEngine.run(() -> {
            BlockingQueue<Integer> queue = full();
            assertEquals(ElementQueueContract.numbers(capacity()), List.copyOf(queue));
            assertFalse(queue.contains(99));
            assertFalse(queue.remove(99));
            if (capacity() > 1) {
                Task<Void> putter = spawn(() -> queue.put(7));
                checkpoint();
                assertTrue(queue.contains(1));
                assertTrue(queue.remove(1));
                putter.join();
                queue.removeIf(element -> element == 0);
                assertEquals(List.of(2, 7), List.copyOf(queue));
                queue.clear();
                assertEquals(0, queue.size());
            }
        });
    }

    @Test
    void iteratorRemovesWhatItGaveLastAndThatOnce() {
        BlockingQueue<Integer> queue = full();
        Iterator<Integer> all = queue.iterator();
        assertThrows(IllegalStateException.class, all::remove);
        for (int i = 0; i < capacity(); i++) {
            assertEquals(i, all.next());
        }
        assertThrows(NoSuchElementException.class, all::next);
        if (capacity() > 0) {
            all.remove();
            assertThrows(IllegalStateException.class, all::remove);
            assertEquals(ElementQueueContract.numbers(capacity() - 1), List.copyOf(queue));
        }
    }

    @Test
    void interruptedThreadGetsAnInterruptedException() {
        BlockingQueue<Integer> queue = make();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, queue::take);
        assertFalse(Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> queue.poll(1, SECONDS));
        BlockingQueue<Integer> full = full();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> full.put(9));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> full.offer(9, 1, SECONDS));
        assertEquals(capacity(), full.size());
    }

    @Test
    void cancelledTaskGetsAnInterruptedExceptionAndIsCancelled() {
        ManualEngine.run(() -> {
            BlockingQueue<Integer> queue = make();
            boolean[] interrupted = new boolean[1];
            boolean done = moveOnAfter(ofSeconds(1), () -> {
                try {
                    queue.take();
                } catch (InterruptedException e) {
                    interrupted[0] = true;
                    throw e;
                }
            });
            assertFalse(done);
            assertTrue(interrupted[0]);
            checkpoint();
        });
    }

    @Test
    void whoSetsTheInterruptAgainAsIsTheCustomHarmsNothingElse() {
        ManualEngine.run(() -> {
            BlockingQueue<Integer> queue = make();
            moveOnAfter(ofSeconds(1), () -> {
                for (int i = 0; i < 3; i++) {
                    try {
                        queue.take();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            assertFalse(Thread.currentThread().isInterrupted());
            checkpoint();
            assertNull(queue.poll(1, SECONDS));
        });
    }

    @Test
    void closedOneRefusesAndDrains() throws Exception {
        BlockingQueue<Integer> queue = full();
        close();
        assertFalse(queue.offer(9));
        assertFalse(queue.offer(9, 1, SECONDS));
        assertThrows(IllegalStateException.class, () -> queue.put(9));
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> queue.add(9));
        assertTrue(refused.getCause() instanceof ClosedException);
        for (int i = 0; i < capacity(); i++) {
            assertEquals(i, queue.take());
        }
        assertNull(queue.poll());
        assertNull(queue.poll(1, SECONDS));
        IllegalStateException end = assertThrows(IllegalStateException.class, queue::take);
        assertTrue(end.getCause() instanceof ClosedException);
    }

    @Test
    void threadsExchangeEverythingExactlyOnce() throws Exception {
        int each = 5_000;
        BlockingQueue<Integer> queue = make();
        ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            int from = t * each;
            threads.add(ElementQueueContract.thread(failures, () -> {
                for (int i = from; i < from + each; i++) {
                    queue.put(i);
                }
            }));
            threads.add(ElementQueueContract.thread(failures, () -> {
                for (int i = 0; i < each; i++) {
                    taken.add(queue.take());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), failures.toString());
        assertEquals(ElementQueueContract.numbers(2 * each), taken.stream().sorted().toList());
    }
}
