package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for everything that elements go through, whoever names its methods. */
abstract class ElementQueueContract {

    /** The queue under test, by the names of this contract. */
    interface Elements {
        void put(Integer element);

        boolean putWithin(Integer element, Duration limit);

        boolean tryPut(Integer element);

        Integer take();

        Optional<Integer> takeWithin(Duration limit);

        Optional<Integer> tryTake();

        Iterable<Integer> all();

        void close();

        void abort();

        void fail(Throwable cause);

        /** The state of what is inside. */
        ChannelStatistics statistics();
    }

    /** Makes one; the capacity is at least 1. */
    abstract Elements make(int capacity);

    // ---- waiting ----

    @Test
    void everythingPutIsTakenOnce() {
        ManualEngine.runInManyOrders(20, () -> {
            Elements queue = make(3);
            List<Integer> taken = new ArrayList<>();
            group(g -> {
                g.spawn(() -> {
                    for (int i = 0; i < 100; i++) {
                        queue.put(i);
                    }
                    queue.close();
                });
                g.spawn(() -> queue.all().forEach(taken::add));
                g.spawn(() -> queue.all().forEach(taken::add));
            });
            assertEquals(numbers(100), taken.stream().sorted().toList());
        });
    }

    @Test
    void fullOneHoldsThePutterBack() {
        ManualEngine.run(() -> {
            Elements queue = make(2);
            List<Integer> put = new ArrayList<>();
            Task<Void> putter = spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    queue.put(i);
                    put.add(i);
                }
            });
            checkpoint();
            assertEquals(List.of(0, 1), put);
            assertFalse(queue.tryPut(9));
            queue.take();
            checkpoint();
            assertEquals(List.of(0, 1, 2), put);
            putter.cancel();
        });
    }

    @Test
    void putterAThousandTimesFasterThanItsTakerWaitsForIt() {
        ManualEngine.run(() -> {
            Elements queue = make(10);
            int[] put = new int[1];
            moveOnAfter(ofSeconds(60), () -> group(g -> {
                g.spawn(() -> {
                    while (true) {
                        queue.put(put[0]++);
                        sleep(ofMillis(1));
                        assertTrue(queue.statistics().size() <= 10);
                    }
                });
                while (true) {
                    sleep(ofSeconds(1));
                    queue.take();
                }
            }));
            assertTrue(put[0] >= 60 && put[0] <= 72, "put " + put[0]);
        });
    }

    @Test
    void oneHundredTakersAreServedInTurn() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            int[] counts = new int[100];
            group(g -> {
                for (int i = 0; i < counts.length; i++) {
                    int me = i;
                    g.spawn(() -> queue.all().forEach(element -> counts[me]++));
                }
                checkpoint();
                for (int i = 0; i < 10_000; i++) {
                    queue.put(i);
                    checkpoint();
                }
                queue.close();
            });
            Arrays.stream(counts).forEach(count -> assertEquals(100, count));
        });
    }

    // ---- limits ----

    @Test
    void putThatFindsNoRoomInTimeHasLeftNothing() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            queue.put(1);
            Duration start = ManualEngine.elapsed();
            assertFalse(queue.putWithin(2, ofSeconds(3)));
            assertEquals(ofSeconds(3), ManualEngine.elapsed().minus(start));
            assertEquals(1, queue.take());
            assertEquals(Optional.empty(), queue.tryTake());
            assertNothingWaits(queue);
        });
    }

    @Test
    void takeThatGetsNothingInTimeHasLeftNothing() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            Duration start = ManualEngine.elapsed();
            assertEquals(Optional.empty(), queue.takeWithin(ofSeconds(3)));
            assertEquals(ofSeconds(3), ManualEngine.elapsed().minus(start));
            queue.put(1);
            assertEquals(1, queue.take());
            assertNothingWaits(queue);
        });
    }

    @Test
    void whatComesInTimeIsPutAndTaken() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            Task<Optional<Integer>> taker = spawn(() -> queue.takeWithin(ofSeconds(3)));
            sleep(ofSeconds(2));
            queue.put(1);
            assertEquals(Optional.of(1), taker.join());
            queue.put(2);
            Task<Boolean> putter = spawn(() -> queue.putWithin(3, ofSeconds(3)));
            sleep(ofSeconds(2));
            assertEquals(2, queue.take());
            assertTrue(putter.join());
            assertEquals(3, queue.take());
        });
    }

    @Test
    void zeroAndNegativeLimitsDoNotWait() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            Duration start = ManualEngine.elapsed();
            assertEquals(Optional.empty(), queue.takeWithin(Duration.ZERO));
            assertEquals(Optional.empty(), queue.takeWithin(ofSeconds(-1)));
            assertTrue(queue.putWithin(1, Duration.ZERO));
            assertFalse(queue.putWithin(2, Duration.ZERO));
            assertFalse(queue.putWithin(2, ofSeconds(-1)));
            assertEquals(Optional.of(1), queue.takeWithin(Duration.ZERO));
            assertEquals(start, ManualEngine.elapsed());
            assertNothingWaits(queue);
        });
    }

    @Test
    void elementAndALimitAtTheSameMomentAgree() {
        ManualEngine.runInManyOrders(200, () -> {
            Elements queue = make(1);
            Task<Optional<Integer>> taker = spawn(() -> queue.takeWithin(ofSeconds(1)));
            Task<Boolean> putter = spawn(() -> {
                sleep(ofSeconds(1));
                return queue.tryPut(1);
            });
            assertTrue(putter.join());
            assertEquals(taker.join().isPresent() ? 0 : 1, queue.statistics().size());
            assertNothingWaits(queue);
        });
    }

    // ---- cancelling ----

    @Test
    void cancelledPutHasNotLeftItsElement() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            queue.put(1);
            Task<Void> putter = spawn(() -> queue.put(2));
            checkpoint();
            putter.cancel();
            assertThrows(TaskCancelledException.class, putter::join);
            assertEquals(1, queue.take());
            assertEquals(Optional.empty(), queue.tryTake());
        });
    }

    @Test
    void cancelledTakeLeavesTheElementToTheNext() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            Task<Integer> first = spawn(queue::take);
            Task<Integer> second = spawn(queue::take);
            checkpoint();
            first.cancel();
            assertThrows(TaskCancelledException.class, first::join);
            queue.put(1);
            assertEquals(1, second.join());
            assertNothingWaits(queue);
        });
    }

    @Test
    void whatIsCommittedIsDeliveredDespiteACancel() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            Task<Integer> taker = spawn(queue::take);
            checkpoint();
            queue.put(1);
            taker.cancel();
            assertEquals(1, taker.join());
        });
    }

    @Test
    void callInACancelledScopeBeginsNothing() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            Task<Void> task = spawn(() -> {
                Heddle.currentTask().cancel();
                assertThrows(CancelledException.class, () -> queue.put(1));
                assertThrows(CancelledException.class, () -> queue.putWithin(1, ofSeconds(1)));
                assertThrows(CancelledException.class, queue::take);
                assertThrows(CancelledException.class, () -> queue.takeWithin(ofSeconds(1)));
                assertEquals(Optional.empty(), queue.tryTake());
            });
            task.join();
            assertEquals(0, queue.statistics().size());
        });
    }

    @Test
    void sixteenPuttersAndTakersCancelledAtAnyStepLoseNothing() {
        for (int capacity = 1; capacity <= 3; capacity++) {
            int room = capacity;
            ManualEngine.runInManyOrders(100, () -> new CancelGrid(make(room)).play());
        }
    }

    // ---- ending ----

    @Test
    void closingLetsTakersDrainAndThenEnds() {
        ManualEngine.run(() -> {
            Elements queue = make(2);
            queue.put(1);
            queue.put(2);
            queue.close();
            queue.close();
            assertThrows(ClosedException.class, () -> queue.put(3));
            assertThrows(ClosedException.class, () -> queue.tryPut(3));
            assertThrows(ClosedException.class, () -> queue.putWithin(3, ofSeconds(1)));
            assertEquals(3, queue.take() + queue.take());
            assertThrows(ClosedException.class, queue::take);
            assertThrows(ClosedException.class, () -> queue.takeWithin(ofSeconds(1)));
            assertEquals(Optional.empty(), queue.tryTake());
            assertFalse(queue.all().iterator().hasNext());
        });
    }

    @Test
    void closingWakesEverybodyWithTheRightError() {
        ManualEngine.runInManyOrders(20, () -> {
            Elements full = make(1);
            full.put(1);
            Elements empty = make(1);
            List<Task<?>> waiting = List.of(
                    spawn(() -> full.put(2)),
                    spawn(() -> full.putWithin(3, ofSeconds(5))),
                    spawn(() -> empty.take()),
                    spawn(() -> empty.takeWithin(ofSeconds(5))));
            sleep(ofSeconds(1));
            full.close();
            empty.close();
            waiting.forEach(task -> assertThrows(ClosedException.class, task::join));
            assertEquals(1, full.take());
            assertNothingWaits(full);
            assertNothingWaits(empty);
        });
    }

    @Test
    void abortThrowsAwayWhatIsInIt() {
        ManualEngine.run(() -> {
            Elements queue = make(2);
            queue.put(1);
            queue.abort();
            assertThrows(ClosedException.class, queue::take);
            assertEquals(0, queue.statistics().size());
        });
    }

    @Test
    void abortAfterCloseStillThrowsAway() {
        ManualEngine.run(() -> {
            Elements queue = make(2);
            queue.put(1);
            queue.close();
            queue.abort();
            assertThrows(ClosedException.class, queue::take);
        });
    }

    @Test
    void failureComesAfterWhatIsInItAndNamesItsCause() {
        ManualEngine.run(() -> {
            Exception cause = new Exception("disk full");
            Elements queue = make(1);
            queue.put(1);
            Task<Void> putter = spawn(() -> queue.put(2));
            checkpoint();
            queue.fail(cause);
            queue.fail(new Exception("too late"));
            assertEquals(cause, assertThrows(ClosedException.class, putter::join).getCause());
            assertEquals(cause, assertThrows(ClosedException.class, () -> queue.tryPut(3)).getCause());
            queue.close();
            assertEquals(1, queue.take());
            ClosedException end = assertThrows(ClosedException.class, queue::take);
            assertEquals(cause, end.getCause());
            assertTrue(end.getMessage().contains("disk full"), end.getMessage());
            assertEquals(
                    cause,
                    assertThrows(ClosedException.class, () -> queue.all().iterator().hasNext())
                            .getCause());
        });
    }

    @Test
    void nullElementIsRefusedBeforeAnythingHappens() {
        ManualEngine.run(() -> {
            Elements queue = make(1);
            assertThrows(NullPointerException.class, () -> queue.put(nothing()));
            assertThrows(NullPointerException.class, () -> queue.tryPut(nothing()));
            assertThrows(NullPointerException.class, () -> queue.putWithin(nothing(), ofSeconds(1)));
            assertThrows(NullPointerException.class, () -> queue.putWithin(1, nothing()));
            assertThrows(NullPointerException.class, () -> queue.takeWithin(nothing()));
            assertEquals(0, queue.statistics().size());
        });
    }

    // ---- several loops and threads ----

    @Test
    void tasksOfTwoLoopsAndThreadsExchangeEverythingExactlyOnce() throws Exception {
        int each = 3_000;
        Elements queue = make(3);
        ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch putters = new CountDownLatch(4);
        Action taker = () -> queue.all().forEach(taken::add);
        List<Thread> threads = List.of(
                thread(failures, taker),
                thread(failures, () -> putRange(queue, 0, each, putters)),
                thread(failures, () -> putRange(queue, each, each, putters)));
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            Task<Void> near = spawn(taker);
            Task<Void> far = other.spawn(taker);
            spawn(() -> putRange(queue, 2 * each, each, putters));
            other.spawn(() -> putRange(queue, 3 * each, each, putters));
            putters.await();
            queue.close();
            near.join();
            far.join();
        });
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), failures.toString());
        assertEquals(numbers(4 * each), taken.stream().sorted().toList());
        assertNothingWaits(queue);
    }

    @Test
    void threadKeepsToItsLimit() {
        Elements queue = make(1);
        long start = System.nanoTime();
        assertEquals(Optional.empty(), queue.takeWithin(ofMillis(20)));
        assertTrue(System.nanoTime() - start >= 20_000_000L);
        assertTrue(queue.putWithin(1, ofMillis(20)));
        assertFalse(queue.putWithin(2, ofMillis(20)));
        assertNothingWaits(queue);
    }

    @Test
    void interruptedThreadHasTakenNothing() {
        Elements queue = make(1);
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancelledException.class, queue::take);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertNothingWaits(queue);
        queue.put(1);
        assertEquals(1, queue.take());
    }

    // ---- helpers ----

    static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    static void assertNothingWaits(Elements queue) {
        ChannelStatistics now = queue.statistics();
        assertEquals(0, now.waitingReceivers());
        assertEquals(0, now.waitingSenders());
    }

    private static void putRange(Elements queue, int from, int count, CountDownLatch done) {
        for (int i = from; i < from + count; i++) {
            queue.put(i);
        }
        done.countDown();
    }

    static Thread thread(ConcurrentLinkedQueue<Throwable> failures, Action body) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failures.add(e);
            }
        });
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
    static <T> T nothing() {
        return null;
    }
}
