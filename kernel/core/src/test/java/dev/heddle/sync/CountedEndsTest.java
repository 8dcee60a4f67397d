package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A channel ends with the last of its counted ends. */
final class CountedEndsTest {

    @Test
    void channelEndsWithItsLastSender() {
        ManualEngine.runInManyOrders(50, () -> {
            Channel<Integer> channel = Channel.of(1);
            List<Integer> received = new ArrayList<>();
            group(g -> {
                try (Sender<Integer> all = channel.sender()) {
                    for (int i = 0; i < 4; i++) {
                        int element = i;
                        Sender<Integer> mine = all.copy();
                        g.spawn(() -> {
                            try (mine) {
                                mine.send(element);
                                mine.send(element);
                            }
                        });
                    }
                }
                channel.forEach(received::add);
            });
            assertEquals(List.of(0, 0, 1, 1, 2, 2, 3, 3), received.stream().sorted().toList());
            assertTrue(channel.isClosed());
        });
    }

    @Test
    void channelAndItsEndsSayWhatTheyAre() {
        Channel<Integer> channel = Channel.of(2);
        Receiver<Integer> receiver = channel.receiver();
        assertEquals("sender of a channel of 2", channel.sender().toString());
        assertEquals("receiver of a channel of 2", receiver.toString());
        channel.close();
        assertEquals("channel of 2, closed", channel.toString());
    }

    @Test
    void sendersOfAChannelWithoutReceiversAreTold() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(1);
            Receiver<Integer> first = channel.receiver();
            Receiver<Integer> second = first.copy();
            channel.send(1);
            Task<Void> waiting = spawn(() -> channel.send(2));
            checkpoint();
            first.close();
            first.close();
            checkpoint();
            assertFalse(waiting.isDone());
            second.close();
            BrokenException broken = assertThrows(BrokenException.class, waiting::join);
            assertEquals("the last receiver of the channel is closed", broken.getMessage());
            assertThrows(BrokenException.class, () -> channel.trySend(3));
            assertThrows(BrokenException.class, channel::sender);
            assertEquals(0, channel.statistics().size());
            assertThrows(ClosedException.class, channel::receive);
        });
    }

    @Test
    void channelWithoutEndsIsNotCounted() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(1);
            channel.sender();
            Task<Integer> direct = spawn(channel::receive);
            checkpoint();
            channel.send(1);
            assertEquals(1, direct.join());
            assertFalse(channel.isClosed());
        });
    }

    @Test
    void closedEndIsOfNoUse() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(1);
            Sender<Integer> sender = channel.sender();
            Sender<Integer> otherSender = channel.sender();
            Receiver<Integer> receiver = channel.receiver();
            Receiver<Integer> otherReceiver = channel.receiver();
            sender.close();
            receiver.close();
            ClosedException closed = assertThrows(ClosedException.class, () -> sender.send(1));
            assertEquals("this sender of the channel is closed", closed.getMessage());
            assertThrows(ClosedException.class, () -> sender.trySend(1));
            assertThrows(ClosedException.class, sender::copy);
            assertThrows(ClosedException.class, receiver::receive);
            assertThrows(ClosedException.class, receiver::tryReceive);
            assertThrows(ClosedException.class, receiver::copy);
            assertThrows(ClosedException.class, () -> receiver.iterator().hasNext());
            otherSender.send(1);
            assertEquals(1, otherReceiver.receive());
        });
    }

    @Test
    void callThatIsRefusedLeavesTheChannelToOthers() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(1);
            Sender<Integer> sender = channel.sender();
            Receiver<Integer> receiver = channel.receiver();
            channel.sender();
            channel.receiver();
            sender.close();
            receiver.close();
            Channel<Integer> closed = Channel.of(1);
            closed.close();
            List<Action> refused = List.of(
                    () -> sender.send(1),
                    () -> sender.trySend(1),
                    () -> sender.sendWithin(1, Duration.ZERO),
                    sender::copy,
                    receiver::receive,
                    receiver::tryReceive,
                    () -> receiver.receiveWithin(Duration.ZERO),
                    receiver::copy,
                    () -> receiver.iterator().hasNext(),
                    () -> Select.<Integer>of().receive(receiver, n -> n).tryGet(),
                    () -> Select.<Integer>of().send(sender, 1, () -> 1).tryGet(),
                    () -> closed.send(1),
                    () -> closed.trySend(1),
                    closed::receive,
                    closed::sender,
                    () -> closed.receiveWithin(Duration.ZERO),
                    () -> Select.<Integer>of().send(closed, 1, () -> 1).get(),
                    () -> Select.<Integer>of().receive(closed, n -> n).get());
            for (Action call : refused) {
                assertThrows(ClosedException.class, call::run);
                assertFalse(channel.core.lock.isLocked() || closed.core.lock.isLocked());
            }
            assertEquals(0, channel.statistics().size());
        });
    }

    @Test
    void waitingCallThatIsRefusedLeavesTheChannelToOthers() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(0);
            Task<Void> sending = spawn(() -> channel.send(1));
            Task<Optional<Integer>> selecting = spawn(
                    () -> Select.<Integer>of().send(channel, 2, () -> 2).getWithin(Duration.ofSeconds(1)));
            checkpoint();
            channel.close();
            assertThrows(ClosedException.class, sending::join);
            assertThrows(ClosedException.class, selecting::join);
            assertFalse(channel.core.lock.isLocked());
            assertEquals(0, channel.statistics().waitingSenders());
        });
    }

    @Test
    void closingAnEndWakesTheCallsThatWaitOnItAndNoOthers() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(0);
            Receiver<Integer> receiver = channel.receiver();
            Receiver<Integer> other = channel.receiver();
            Task<Integer> waiting = spawn(receiver::receive);
            Task<Integer> staying = spawn(other::receive);
            checkpoint();
            receiver.close();
            assertThrows(ClosedException.class, waiting::join);
            channel.send(1);
            assertEquals(1, staying.join());

            Sender<Integer> sender = channel.sender();
            Sender<Integer> otherSender = channel.sender();
            Task<Void> sending = spawn(() -> sender.send(1));
            Task<Void> stillSending = spawn(() -> otherSender.send(2));
            checkpoint();
            sender.close();
            assertThrows(ClosedException.class, sending::join);
            assertEquals(2, other.receive());
            stillSending.join();
        });
    }

    @Test
    void endClosedTwiceCountsOnce() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(1);
            Sender<Integer> first = channel.sender();
            Sender<Integer> second = channel.sender();
            first.close();
            first.close();
            assertFalse(channel.isClosed());
            second.send(1);
            second.close();
            assertTrue(channel.isClosed());
            assertThrows(ClosedException.class, channel::sender);
        });
    }

    @Test
    void receiverOpenedAfterTheCloseDrains() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(2);
            channel.send(1);
            channel.close();
            try (Receiver<Integer> late = channel.receiver()) {
                assertEquals(Optional.of(1), late.tryReceive());
                assertThrows(ClosedException.class, late::receive);
            }
        });
    }

    @Test
    void cancelledTaskInATryLeavesNoEndBehind() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(0);
            Task<Void> task = spawn(() -> {
                try (Receiver<Integer> mine = channel.receiver()) {
                    mine.receive();
                }
            });
            checkpoint();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertThrows(BrokenException.class, () -> channel.send(1));
            assertEquals(new ChannelCore.Statistics(0, 0, 0, 0, 0, true), channel.statistics());
        });
    }

    @Test
    void wordsOfAFailureNameIt() {
        Channel<Integer> channel = Channel.of(1);
        channel.fail(new IllegalStateException("no disk"));
        ClosedException closed = assertThrows(ClosedException.class, () -> channel.send(1));
        assertEquals(
                "the channel is closed by a failure: java.lang.IllegalStateException: no disk", closed.getMessage());
        assertThrows(NullPointerException.class, () -> channel.fail(ElementQueueContract.nothing()));
    }
}
