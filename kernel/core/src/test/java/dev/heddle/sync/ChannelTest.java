package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A channel hands elements from senders to receivers in order, with or without room between. */
final class ChannelTest {

    @Test
    void elementsComeOutInTheOrderTheyWentIn() {
        List<Integer> seen = run(() -> {
            Channel<Integer> channel = Channel.of(3);
            spawn(() -> {
                for (int i = 0; i < 100; i++) {
                    channel.send(i);
                }
                channel.close();
            });
            List<Integer> received = new ArrayList<>();
            for (int element : channel) {
                received.add(element);
            }
            return received;
        });
        assertEquals(100, seen.size());
        assertEquals(seen.stream().sorted().toList(), seen);
    }

    @Test
    void fullChannelHoldsTheSenderBack() {
        run(() -> {
            Channel<Integer> channel = Channel.of(2);
            List<Integer> sent = new ArrayList<>();
            Task<Void> sender = spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    channel.send(i);
                    sent.add(i);
                }
            });
            checkpoint();
            assertEquals(List.of(0, 1), sent);
            assertEquals(new ChannelCore.Statistics(2, 2, 2, 1, 0, false), channel.statistics());
            assertEquals(0, channel.receive());
            checkpoint();
            assertEquals(List.of(0, 1, 2), sent);
            sender.cancel();
        });
    }

    @Test
    void reportSaysWhetherATaskSendsOrReceives() {
        run(() -> {
            Channel<String> channel = Channel.of(0);
            Task<String> receiver = spawn(() -> channel.receive());
            Channel<String> full = Channel.of(0);
            Task<Void> sender = spawn(() -> full.send("x"));
            checkpoint();
            assertEquals(Optional.of("receiving from a channel of 0"), receiver.waitingFor());
            assertEquals(Optional.of("sending to a channel of 0"), sender.waitingFor());
        });
    }

    @Test
    void rendezvousCompletesOnlyWhenReceived() {
        run(() -> {
            Channel<String> channel = Channel.of(0);
            Task<Void> sender = spawn(() -> channel.send("x"));
            checkpoint();
            assertFalse(sender.isDone());
            assertEquals("x", channel.receive());
            sender.join();
        });
    }

    @Test
    void elementThatIsCommittedIsDeliveredDespiteACancel() {
        run(() -> {
            Channel<String> channel = Channel.of(0);
            Task<String> receiver = spawn(() -> channel.receive());
            checkpoint();
            channel.send("x");
            receiver.cancel();
            assertEquals("x", receiver.join());
        });
    }

    @Test
    void closingWakesEachWaitingSenderAndReceiverWithAnError() {
        run(() -> {
            Channel<Integer> full = Channel.of(0);
            List<Task<Void>> senders = List.of(spawn(() -> full.send(1)), spawn(() -> full.send(2)));
            Channel<Integer> empty = Channel.of(0);
            List<Task<Integer>> receivers = List.of(spawn(() -> empty.receive()), spawn(() -> empty.receive()));
            checkpoint();
            full.close();
            empty.close();
            senders.forEach(sender -> assertThrows(ClosedException.class, sender::join));
            receivers.forEach(receiver -> assertThrows(ClosedException.class, receiver::join));
        });
    }

    @Test
    void callInACancelledScopeMovesNothingThoughItCould() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Channel<Integer> channel = Channel.of(2);
            channel.send(1);
            scope.cancel("enough");
            assertThrows(CancelledException.class, channel::receive);
            assertThrows(CancelledException.class, () -> channel.receiveWithin(Duration.ZERO));
            assertThrows(CancelledException.class, () -> channel.iterator().hasNext());
            assertThrows(CancelledException.class, () -> channel.send(2));
            assertThrows(CancelledException.class, () -> channel.sendWithin(2, Duration.ZERO));
            assertEquals(1, channel.statistics().size());
        }));
    }

    @Test
    void whoMadeItHearsOfItsEndOnceWhateverElseEndsIt() {
        var lock = new OrderedLock();
        List<Boolean> underTheLock = new ArrayList<>();
        var core = new ChannelCore<Integer>(ChannelCore.kind("channel"), 1, lock, new ArrayDeque<>(),
                () -> underTheLock.add(lock.isHeldByCurrentThread()));
        core.close();
        core.fail(new IllegalStateException("too late"));
        core.abort();
        assertEquals(List.of(true), underTheLock);
    }

    @Test
    @Tag("full")
    void oneMillionCancelledReceivesLeaveNothingBehind() {
        run(() -> {
            Channel<Integer> channel = Channel.of(1);
            for (int i = 0; i < 100; i++) {
                group(g -> {
                    for (int k = 0; k < 10_000; k++) {
                        g.spawn(() -> channel.receive());
                    }
                    checkpoint();
                    g.cancel("enough");
                });
            }
            assertEquals(0, channel.statistics().waitingReceivers());
        });
    }

    @Test
    void negativeCapacityIsRefusedWithWords() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Channel.of(-1));
        assertEquals("capacity is -1, must not be negative", refused.getMessage());
    }

    @Test
    void rendezvousWithALimitCompletesOnlyWhenReceived() {
        ManualEngine.run(() -> {
            Channel<String> channel = Channel.of(0);
            assertFalse(channel.sendWithin("x", Duration.ofSeconds(1)));
            Task<Boolean> sender = spawn(() -> channel.sendWithin("y", Duration.ofSeconds(2)));
            sleep(Duration.ofSeconds(1));
            assertEquals(Optional.of("y"), channel.receiveWithin(Duration.ZERO));
            assertTrue(sender.join());
            assertEquals(new ChannelCore.Statistics(0, 0, 0, 0, 0, false), channel.statistics());
        });
    }

    /** A bystander is served between those two, as a rendezvous is served in the order of the calls. */
    @Test
    void pingPongDoesNotStarveAThirdParty() {
        ManualEngine.run(() -> {
            Channel<Integer> there = Channel.of(0);
            Channel<Integer> back = Channel.of(0);
            int[] thirds = new int[1];
            group(g -> {
                g.spawn(() -> there.forEach(back::send));
                g.spawn(() -> {
                    for (int ball : there) {
                        thirds[0]++;
                        back.send(ball);
                    }
                });
                for (int i = 0; i < 1_000; i++) {
                    there.send(i);
                    assertEquals(i, back.receive());
                }
                there.close();
            });
            assertEquals(500, thirds[0]);
        });
    }

    @Test
    void sixteenSendersAndReceiversOfARendezvousCancelledAtAnyStepLoseNothing() {
        ManualEngine.runInManyOrders(300, () -> new CancelGrid(ChannelContractTest.of(Channel.of(0))).play());
    }

    @Test
    void peakIsTheMostThatThereWereAtATime() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(10);
            for (int fill : new int[]{3, 5, 1}) {
                for (int i = 0; i < fill; i++) {
                    channel.send(i);
                }
                for (int i = 0; i < fill; i++) {
                    channel.receive();
                }
            }
            assertEquals(5, channel.statistics().peakSize());
            assertEquals(0, channel.statistics().size());
        });
    }
}
