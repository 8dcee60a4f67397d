package dev.heddle.process.shared;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.process.SharedMemory;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The ring behind a shared queue and what does not go through it: one queue for who uses it. */
final class SharedQueueRingTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Elsewhere elsewhere = new InThreads();

    private static QueueCalls.Place place(SharedQueue<?> queue) {
        RemoteReference reference = RemoteReference.behind(queue);
        return reference.proxy(QueueCalls.class).enter().orElseThrow();
    }

    private static SharedMemory memory(SharedQueue<?> queue) {
        return place(queue).memory();
    }

    @Test
    void elementsLongerThanTheRingKeepTheirPlaceAmongTheOthers() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<byte[]> queue = manager.queue(30);
            int[] lengths = {0, 1, 100_000, 5, 40_000, 30_000, 0, 17, 1_000_000, 3};
            var put = elsewhere.start(() -> {
                for (int round = 0; round < 3; round++) {
                    for (int length : lengths) {
                        queue.put(new byte[length]);
                    }
                }
                return true;
            });
            for (int i = 0; i < 3 * lengths.length; i++) {
                assertEquals(lengths[i % lengths.length], queue.takeWithin(LONG).orElseThrow().length);
                queue.taskDone();
            }
            assertTrue(put.get());
            assertTrue(queue.awaitAllDoneWithin(Duration.ZERO));
            assertEquals(Optional.empty(), queue.tryTake());
        }
    }

    @Test
    void capacityCountsElementsHoweverManyBytesTheyHave() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<byte[]> queue = manager.queue(40);
            for (int i = 0; i < 40; i++) {
                assertTrue(queue.tryPut(new byte[5_000 + i]), "element " + i);
            }
            assertFalse(queue.tryPut(new byte[1]));
            assertEquals(40, queue.statistics().size());
            assertEquals(40, queue.statistics().unfinished());
            var waiting = elsewhere.start(() -> {
                queue.put(new byte[5_040]);
                return true;
            });
            elsewhere.untilWaiting(manager, 1);
            for (int i = 0; i <= 40; i++) {
                assertEquals(5_000 + i, queue.takeWithin(LONG).orElseThrow().length);
            }
            assertTrue(waiting.get());
        }
    }

    @Test
    void closedQueueGivesWhatIsInTheRingAndWhatIsNot() {
        try (Manager manager = Manager.open()) {
            SharedQueue<byte[]> queue = manager.queue(10);
            queue.put(new byte[3]);
            queue.put(new byte[50_000]);
            queue.put(new byte[4]);
            queue.close();
            List<Integer> lengths = new ArrayList<>();
            queue.forEach(element -> lengths.add(element.length));
            assertEquals(List.of(3, 50_000, 4), lengths);
            assertThrows(ClosedException.class, () -> queue.put(new byte[1]));
            assertThrows(ClosedException.class, () -> queue.tryPut(new byte[1]));
            assertEquals(Optional.empty(), queue.tryTake());
        }
    }

    @Test
    void closeEndsThoseWhoWaitOnBothSides() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> empty = manager.queue(1);
            SharedQueue<Integer> full = manager.queue(1);
            full.put(1);
            var taking = elsewhere.start(() -> empty.take());
            var putting = elsewhere.start(() -> {
                full.put(2);
                return true;
            });
            elsewhere.untilWaiting(manager, 2);
            empty.close();
            full.close();
            assertThrows(ClosedException.class, taking::get);
            assertThrows(ClosedException.class, putting::get);
            assertEquals(1, full.take());
            assertThrows(ClosedException.class, full::take);
        }
    }

    @Test
    void abortThrowsAwayWhatIsInTheRingAndWhatIsNot() {
        try (Manager manager = Manager.open()) {
            SharedQueue<byte[]> queue = manager.queue(10);
            for (int length : new int[]{3, 50_000, 4}) {
                queue.put(new byte[length]);
            }
            queue.take();
            queue.abort();
            assertEquals(0, queue.statistics().size());
            assertEquals(1, queue.statistics().unfinished());
            queue.taskDone();
            queue.awaitAllDone();
            assertThrows(ClosedException.class, queue::take);
        }
    }

    @Test
    void cancelledCallsHaveNeitherPutNorTaken() {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(2);
            var put = new AtomicInteger();
            var taken = new AtomicInteger();
            run(() -> group(g -> {
                for (int i = 0; i < 2; i++) {
                    g.spawn(() -> {
                        for (int k = 0; k < 150; k++) {
                            put.addAndGet(moveOnAfter(Duration.ofNanos(k * 2_000L), () -> queue.put(1)) ? 1 : 0);
                        }
                    });
                    g.spawn(() -> {
                        for (int k = 0; k < 150; k++) {
                            taken.addAndGet(moveOnAfter(Duration.ofNanos(k * 2_100L), () -> queue.take()).orElse(0));
                        }
                    });
                }
            }));
            while (queue.tryTake().isPresent()) {
                taken.incrementAndGet();
            }
            assertEquals(put.get(), taken.get());
            assertTrue(put.get() > 0);
            assertEquals(0, queue.statistics().waitingPutters() + queue.statistics().waitingTakers());
        }
    }

    @Test
    @Tag("full")
    void tasksOfSeveralLoopsAndThreadsPutAndTakeTogether() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(8);
            int each = 3_000;
            List<Elsewhere.Started<Integer>> takers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                takers.add(elsewhere.start(() -> {
                    int sum = 0;
                    for (int one : queue) {
                        sum += one;
                        queue.taskDone();
                    }
                    return sum;
                }));
            }
            List<Elsewhere.Started<Boolean>> putters = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                putters.add(elsewhere.start(() -> {
                    run(() -> group(g -> {
                        g.spawn(() -> putOnes(queue, each));
                        g.spawn(() -> putOnes(queue, each));
                    }));
                    return true;
                }));
            }
            for (var putter : putters) {
                putter.get();
            }
            queue.awaitAllDone();
            queue.close();
            assertEquals(4 * each, takers.get(0).get() + takers.get(1).get());
        }
    }

    private static void putOnes(SharedQueue<Integer> queue, int count) {
        for (int i = 0; i < count; i++) {
            queue.put(1);
        }
    }

    @Test
    void taskThatWaitsLetsItsLoopGoOn() {
        try (Manager manager = Manager.open()) {
            SharedQueue<String> queue = manager.queue(1);
            assertEquals("late", run(() -> {
                var taking = Heddle.spawn(() -> queue.take());
                Heddle.sleep(Duration.ofMillis(5));
                queue.put("late");
                return taking.join();
            }));
        }
    }

    @Test
    @Tag("full")
    void whoOnlyLooksWhetherAllIsDoneSeesItAlsoWhileAnotherWaits() throws Exception {
        try (Manager manager = Manager.open()) {
            for (int i = 0; i < 100; i++) {
                SharedQueue<Integer> queue = manager.queue(1);
                queue.put(i);
                queue.take();
                var waiting = elsewhere.start(() -> {
                    queue.awaitAllDone();
                    return true;
                });
                elsewhere.untilWaiting(manager, 1);
                queue.taskDone();
                assertTrue(queue.awaitAllDoneWithin(Duration.ZERO));
                assertTrue(waiting.get());
            }
        }
    }

    // ---- memory ----

    @Test
    @Tag("full")
    void removedQueuesGiveTheirMemoryBack() throws Exception {
        try (Manager manager = Manager.open()) {
            for (int i = 0; i < 70; i++) {
                SharedQueue<Integer> queue = manager.queue(1_000);
                queue.put(1);
                SharedMemory memory = memory(queue);
                assertTrue(manager.remove(queue));
                elsewhere.until(memory::isClosed);
                assertThrows(ClosedException.class, () -> queue.put(2));
                assertThrows(ClosedException.class, queue::take);
                assertThrows(ClosedException.class, queue::tryTake);
            }
        }
    }

    @Test
    void whoWaitsInARemovedQueueIsToldSo() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(1);
            var taking = elsewhere.start(() -> queue.take());
            elsewhere.untilWaiting(manager, 1);
            manager.remove(queue);
            assertInstanceOf(ClosedException.class, assertThrows(Exception.class, taking::get));
        }
    }

    @Test
    @Tag("full")
    void queuesBehindTheBoundForMemoryWorkByCalls() throws Exception {
        try (Manager manager = Manager.open()) {
            List<SharedQueue<Integer>> queues = new ArrayList<>();
            for (int i = 0; i < 62; i++) {
                queues.add(manager.queue(1_000));
            }
            SharedQueue<Integer> without = manager.queue(1_000);
            manager.<Integer>queue(1_000);
            SharedQueue<Integer> last = manager.queue(1_000);
            assertEquals(Optional.empty(),
                    RemoteReference.behind(last).<QueueCalls>proxy(QueueCalls.class).enter());
            for (int i = 0; i < 1_000; i++) {
                assertTrue(last.tryPut(i));
            }
            assertFalse(last.tryPut(0));
            for (int i = 0; i < 1_000; i++) {
                assertEquals(i, last.take());
                last.taskDone();
            }
            last.awaitAllDone();
            without.close();
        }
    }

    @Test
    void queuesTakeNoDescriptors() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(descriptors));
        try (Manager manager = Manager.open()) {
            manager.<Integer>queue(1).put(1);
            long before = count(descriptors);
            for (int i = 0; i < 50; i++) {
                manager.<Integer>queue(1).put(1);
            }
            assertTrue(count(descriptors) < before + 20, before + " descriptors became " + count(descriptors));
        }
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    @Test
    void closedManagerLeavesNoMemory() {
        SharedMemory memory;
        try (Manager manager = Manager.open()) {
            memory = memory(manager.queue(5));
            assertFalse(memory.isClosed());
        }
        assertTrue(memory.isClosed());
    }

    @Test
    void damagedMemoryIsAnErrorOfItsQueueOnly() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(5);
            SharedQueue<Integer> other = manager.queue(5);
            queue.put(1);
            memory(queue).segment().set(ValueLayout.JAVA_LONG, 8, 0x7777_7777_7777_7770L);
            assertThrows(BrokenException.class, queue::take);
            assertThrows(BrokenException.class, () -> queue.put(1));
            assertThrows(BrokenException.class, () -> queue.awaitAllDone());
            queue.close();
            other.put(2);
            assertEquals(2, other.take());
        }
    }

    // ---- a process that is stopped in the middle of a step ----

    private static final long PUT_LOCK = 0;
    private static final long TAKE_LOCK = 64;
    private static final Duration SHORT = Duration.ofMillis(20);

    private static void hold(SharedQueue<?> queue, long lock) {
        memory(queue).segment().set(ValueLayout.JAVA_INT, lock, Ring.MANAGER - 1);
    }

    private static void letGo(SharedQueue<?> queue, long lock) {
        memory(queue).segment().set(ValueLayout.JAVA_INT, lock, 0);
    }

    private static void endsInTime(Callable<Boolean> body) throws Exception {
        var ended = new FutureTask<>(body);
        Thread.ofPlatform().daemon().start(ended);
        assertTrue(ended.get(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void promptCallsComeBackFromALockThatAStoppedProcessHolds() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(5);
            queue.put(1);
            hold(queue, PUT_LOCK);
            hold(queue, TAKE_LOCK);
            endsInTime(() -> !queue.tryPut(2));
            endsInTime(() -> queue.tryTake().isEmpty());
            endsInTime(() -> queue.takeWithin(Duration.ZERO).isEmpty());
            endsInTime(() -> !queue.awaitAllDoneWithin(Duration.ZERO));
            letGo(queue, PUT_LOCK);
            letGo(queue, TAKE_LOCK);
            assertTrue(queue.tryPut(2));
            assertEquals(Optional.of(1), queue.tryTake());
        }
    }

    @Test
    void limitsAndDeadlinesHoldForALockThatAStoppedProcessHolds() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(5);
            queue.put(1);
            hold(queue, PUT_LOCK);
            hold(queue, TAKE_LOCK);
            endsInTime(() -> !queue.putWithin(2, SHORT));
            endsInTime(() -> queue.takeWithin(SHORT).isEmpty());
            endsInTime(() -> !queue.awaitAllDoneWithin(SHORT));
            endsInTime(() -> run(() -> !moveOnAfter(SHORT, () -> {
                queue.putWithin(2, LONG.plus(LONG));
            })));
            endsInTime(() -> run(() -> moveOnAfter(SHORT, () -> queue.takeWithin(LONG.plus(LONG))).isEmpty()));
        }
    }

    @Test
    void abortThrowsAwayWhenAStoppedProcessHasGoneOn() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(5);
            queue.put(1);
            hold(queue, TAKE_LOCK);
            endsInTime(() -> {
                queue.abort();
                return true;
            });
            letGo(queue, TAKE_LOCK);
            elsewhere.until(() -> queue.statistics().unfinished() == 0);
            assertThrows(ClosedException.class, queue::take);
        }
    }
}
