package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every subscriber gets each element in the same order; who is too slow loses some, or is cut off. */
final class BroadcastTest {

    private final Broadcast<Integer> broadcast = Broadcast.create();

    private static List<Integer> rest(Receiver<Integer> receiver) {
        List<Integer> elements = new ArrayList<>();
        receiver.forEach(elements::add);
        return elements;
    }

    @Test
    void everySubscriberGetsEachElementSentAfterItSubscribed() {
        ManualEngine.run(() -> {
            broadcast.send(1);
            Subscription<Integer> early = broadcast.subscribe(10, Overflow.WAIT);
            broadcast.send(2);
            Subscription<Integer> late = broadcast.subscribe(10, Overflow.WAIT);
            broadcast.send(3);
            broadcast.close();
            assertEquals(List.of(2, 3), rest(early));
            assertEquals(List.of(3), rest(late));
            assertThrows(ClosedException.class, early::receive);
        });
    }

    // ---- overflow ----

    @Test
    void whoWantsTheSenderToWaitHoldsItBack() {
        ManualEngine.run(() -> {
            Subscription<Integer> slow = broadcast.subscribe(1, Overflow.WAIT);
            Subscription<Integer> other = broadcast.subscribe(5, Overflow.WAIT);
            broadcast.send(1);
            Task<Void> sender = spawn(() -> broadcast.send(2));
            checkpoint();
            assertFalse(sender.isDone());
            assertEquals(1, other.receive());
            assertEquals(2, other.receive());
            assertEquals(1, slow.receive());
            sender.join();
            assertEquals(2, slow.receive());
            assertEquals(0, slow.missed());
        });
    }

    @Test
    void oldestGiveWayAndAreCounted() {
        Subscription<Integer> slow = broadcast.subscribe(2, Overflow.DROP_OLDEST);
        sendAndClose(5);
        assertEquals(3, slow.missed());
        assertEquals(List.of(3, 4), rest(slow));
    }

    @Test
    void newestAreNotGivenAndAreCounted() {
        Subscription<Integer> slow = broadcast.subscribe(2, Overflow.DROP_NEWEST);
        sendAndClose(5);
        assertEquals(3, slow.missed());
        assertEquals(List.of(0, 1), rest(slow));
    }

    @Test
    void whoIsTooSlowIsCutOffAfterWhatItHas() {
        Subscription<Integer> slow = broadcast.subscribe(2, Overflow.DISCONNECT);
        Subscription<Integer> fast = broadcast.subscribe(5, Overflow.DISCONNECT);
        IntStream.range(0, 5).forEach(broadcast::send);
        assertEquals(1, broadcast.statistics().subscribers());
        assertEquals(0, slow.receive());
        assertEquals(1, slow.receive());
        BrokenException cutOff = assertThrows(BrokenException.class, slow::receive);
        assertEquals("the subscriber was too slow: its buffer of 2 was full", cutOff.getMessage());
        assertThrows(BrokenException.class, () -> slow.receiveWithin(ofSeconds(1)));
        assertThrows(BrokenException.class, () -> slow.iterator().hasNext());
        assertEquals(Optional.empty(), slow.tryReceive());
        broadcast.close();
        assertEquals(List.of(0, 1, 2, 3, 4), rest(fast));
    }

    private void sendAndClose(int count) {
        IntStream.range(0, count).forEach(broadcast::send);
        broadcast.close();
    }

    // ---- leaving ----

    @Test
    void whoLeavesIsForgottenAtOnce() {
        Subscription<Integer> one = broadcast.subscribe(1, Overflow.WAIT);
        Receiver<Integer> copy = one.copy();
        one.close();
        assertEquals(1, broadcast.statistics().subscribers());
        copy.close();
        assertEquals(0, broadcast.statistics().subscribers());
        sendAndClose(3);
        assertThrows(ClosedException.class, one::receive);
    }

    @Test
    void senderThatWaitsForSomebodyWhoLeavesGoesOn() {
        ManualEngine.run(() -> {
            Subscription<Integer> leaving = broadcast.subscribe(1, Overflow.WAIT);
            Subscription<Integer> staying = broadcast.subscribe(1, Overflow.WAIT);
            broadcast.send(1);
            Task<Void> sender = spawn(() -> broadcast.send(2));
            checkpoint();
            leaving.close();
            assertEquals(1, staying.receive());
            sender.join();
            assertEquals(2, staying.receive());
        });
    }

    @Test
    void copiesShareTheElements() {
        ManualEngine.run(() -> {
            Subscription<Integer> one = broadcast.subscribe(10, Overflow.WAIT);
            Receiver<Integer> two = one.copy();
            broadcast.send(1);
            broadcast.send(2);
            assertEquals(1, one.receive());
            assertEquals(2, two.receive());
        });
    }

    // ---- several senders ----

    @Test
    void allSeeTheElementsOfSeveralSendersInOneOrder() {
        ManualEngine.runInManyOrders(50, () -> {
            Broadcast<Integer> shared = Broadcast.create();
            List<Task<List<Integer>>> readers = new ArrayList<>();
            for (int capacity = 1; capacity <= 3; capacity++) {
                Subscription<Integer> mine = shared.subscribe(capacity, Overflow.WAIT);
                readers.add(spawn(() -> rest(mine)));
            }
            group(g -> {
                for (int i = 0; i < 4; i++) {
                    int first = 10 * i;
                    g.spawn(() -> {
                        for (int element = first; element < first + 10; element++) {
                            shared.send(element);
                        }
                    });
                }
            });
            shared.close();
            List<Integer> seen = readers.getFirst().join();
            assertEquals(40, seen.size());
            readers.forEach(reader -> assertEquals(seen, reader.join()));
        });
    }

    @Test
    void cancelledSendHasReachedAllButThoseItStillWaitedFor() {
        ManualEngine.run(() -> {
            Subscription<Integer> full = broadcast.subscribe(1, Overflow.WAIT);
            Subscription<Integer> free = broadcast.subscribe(5, Overflow.WAIT);
            broadcast.send(1);
            Task<Void> waiting = spawn(() -> broadcast.send(2));
            Task<Void> behind = spawn(() -> broadcast.send(3));
            checkpoint();
            assertEquals(1, broadcast.statistics().waitingSenders());
            behind.cancel();
            waiting.cancel();
            assertThrows(TaskCancelledException.class, waiting::join);
            assertThrows(TaskCancelledException.class, behind::join);
            assertEquals(1, full.receive());
            broadcast.send(4);
            broadcast.close();
            assertEquals(List.of(4), rest(full));
            assertEquals(List.of(1, 2, 4), rest(free));
            assertEquals(new Broadcast.Statistics(0, 0, true), broadcast.statistics());
        });
    }

    // ---- ending ----

    @Test
    void closingWakesSendersAndSubscribers() {
        ManualEngine.run(() -> {
            Subscription<Integer> full = broadcast.subscribe(1, Overflow.WAIT);
            Subscription<Integer> empty = broadcast.subscribe(2, Overflow.WAIT);
            broadcast.send(1);
            assertEquals(1, empty.receive());
            Task<Void> sending = spawn(() -> broadcast.send(2));
            Task<Void> inLine = spawn(() -> broadcast.send(3));
            checkpoint();
            assertEquals(2, empty.receive());
            Task<Integer> receiving = spawn(empty::receive);
            checkpoint();
            broadcast.close();
            broadcast.close();
            assertThrows(ClosedException.class, sending::join);
            assertThrows(ClosedException.class, inLine::join);
            assertThrows(ClosedException.class, receiving::join);
            assertEquals(List.of(1), rest(full));
            assertThrows(ClosedException.class, () -> broadcast.send(4));
            assertThrows(ClosedException.class, () -> broadcast.subscribe(1, Overflow.WAIT));
        });
    }

    @Test
    void senderWhoseTurnComesJustBeforeTheCloseIsToldThatNobodyHasItsElement() {
        ManualEngine.run(() -> {
            Subscription<Integer> slow = broadcast.subscribe(1, Overflow.WAIT);
            broadcast.send(1);
            Task<Void> first = spawn(() -> broadcast.send(2));
            Task<Void> second = spawn(() -> broadcast.send(3));
            checkpoint();
            assertEquals(1, slow.receive());
            spawn(broadcast::close); // runs when the first has ended and before the second goes on
            first.join();
            assertThrows(ClosedException.class, second::join);
            assertEquals(List.of(2), rest(slow));
        });
    }

    @Test
    void failureReachesEverySubscriberAfterWhatItHas() {
        Exception cause = new Exception("feed lost");
        Subscription<Integer> mine = broadcast.subscribe(1, Overflow.WAIT);
        broadcast.send(1);
        broadcast.fail(cause);
        assertEquals(1, mine.receive());
        assertEquals(cause, assertThrows(ClosedException.class, mine::receive).getCause());
        assertEquals(cause, assertThrows(ClosedException.class, () -> broadcast.send(2)).getCause());
    }

    @Test
    void everyCallLeavesTheBroadcastToOthers() {
        List<Runnable> calls = List.of(
                () -> broadcast.subscribe(1, Overflow.WAIT).close(),
                () -> broadcast.send(1),
                broadcast::statistics,
                broadcast::toString,
                broadcast::close,
                broadcast::close,
                () -> broadcast.fail(new IllegalStateException("late")),
                () -> broadcast.subscribe(1, Overflow.WAIT));
        for (Runnable call : calls) {
            try {
                call.run();
            } catch (ClosedException closed) {
                assertTrue(broadcast.statistics().closed());
            }
            assertFalse(broadcast.lock.isLocked(), "after call " + calls.indexOf(call));
        }
    }

    @Test
    void nameSaysHowManySubscribeAndWhetherItIsClosed() {
        assertEquals("broadcast to 0", broadcast.toString());
        broadcast.subscribe(1, Overflow.WAIT);
        assertEquals("broadcast to 1", broadcast.toString());
        broadcast.close();
        assertEquals("broadcast to 0, closed", broadcast.toString());
    }

    @Test
    void badArgumentsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> broadcast.subscribe(0, Overflow.WAIT));
        assertThrows(NullPointerException.class, () -> broadcast.subscribe(1, ElementQueueContract.nothing()));
        assertThrows(NullPointerException.class, () -> broadcast.send(ElementQueueContract.nothing()));
        assertEquals(0, broadcast.statistics().subscribers());
    }

    // ---- many ----

    @Test
    void tenThousandSubscribersGetEverything() {
        ManualEngine.run(() -> {
            List<Task<List<Integer>>> readers = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                Subscription<Integer> mine = broadcast.subscribe(2, Overflow.WAIT);
                readers.add(spawn(() -> rest(mine)));
            }
            sendAndClose(10);
            List<Integer> all = ElementQueueContract.numbers(10);
            readers.forEach(reader -> assertEquals(all, reader.join()));
        });
    }

    @Test
    void loopsAndThreadsShareOne() throws Exception {
        int each = 2_000;
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Subscription<Integer> ofThread = broadcast.subscribe(3, Overflow.WAIT);
        List<Integer> inThread = new ArrayList<>();
        Thread thread = ElementQueueContract.thread(failures, () -> ofThread.forEach(inThread::add));
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            Subscription<Integer> ofNear = broadcast.subscribe(1, Overflow.WAIT);
            Subscription<Integer> ofFar = broadcast.subscribe(2, Overflow.WAIT);
            Task<List<Integer>> near = spawn(() -> rest(ofNear));
            Task<List<Integer>> far = other.spawn(() -> rest(ofFar));
            Task<Void> farSender = other.spawn(() -> IntStream.range(0, each).forEach(broadcast::send));
            IntStream.range(each, 2 * each).forEach(broadcast::send);
            farSender.join();
            broadcast.close();
            assertEquals(2 * each, near.join().size());
            assertEquals(near.join(), far.join());
            thread.join();
            assertEquals(near.join(), inThread);
        });
        assertTrue(failures.isEmpty(), failures.toString());
    }
}
