package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ChannelTest {

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
    void aFullChannelHoldsTheSenderBack() {
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
            assertEquals(new ChannelStatistics(2, 2, 1, 0, false), channel.statistics());
            assertEquals(0, channel.receive());
            checkpoint();
            assertEquals(List.of(0, 1, 2), sent);
            sender.cancel();
        });
    }

    @Test
    void aReportSaysWhetherATaskSendsOrReceives() {
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
    void aRendezvousCompletesOnlyWhenReceived() {
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
    void aCancelledSendHasNotLeftItsElement() {
        run(() -> {
            Channel<String> channel = Channel.of(1);
            channel.send("kept");
            Task<Void> sender = spawn(() -> channel.send("lost"));
            checkpoint();
            sender.cancel();
            assertThrows(TaskCancelledException.class, sender::join);
            assertEquals("kept", channel.receive());
            assertEquals(Optional.empty(), channel.tryReceive());
        });
    }

    @Test
    void aCancelledReceiveLeavesTheElementInTheChannel() {
        run(() -> {
            Channel<String> channel = Channel.of(1);
            Task<String> first = spawn(() -> channel.receive());
            Task<String> second = spawn(() -> channel.receive());
            checkpoint();
            first.cancel();
            assertThrows(TaskCancelledException.class, first::join);
            channel.send("x");
            assertEquals("x", second.join());
            assertEquals(0, channel.statistics().waitingReceivers());
        });
    }

    @Test
    void anElementThatIsCommittedIsDeliveredDespiteACancel() {
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
    void closingLetsReceiversDrainAndThenEnds() {
        run(() -> {
            Channel<Integer> channel = Channel.of(2);
            channel.send(1);
            channel.send(2);
            channel.close();
            channel.close();
            assertTrue(channel.isClosed());
            assertThrows(ClosedException.class, () -> channel.send(3));
            assertThrows(ClosedException.class, () -> channel.trySend(3));
            assertEquals(1, channel.receive());
            assertEquals(2, channel.receive());
            assertThrows(ClosedException.class, channel::receive);
            assertEquals(Optional.empty(), channel.tryReceive());
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
    void abortThrowsAwayWhatIsInIt() {
        run(() -> {
            Channel<Integer> channel = Channel.of(2);
            channel.send(1);
            channel.abort();
            assertThrows(ClosedException.class, channel::receive);
        });
    }

    @Test
    void aNullElementIsRefusedBeforeAnythingHappens() {
        run(() -> {
            Channel<Integer> channel = Channel.of(1);
            assertThrows(NullPointerException.class, () -> channel.send(nothing()));
            assertEquals(0, channel.statistics().size());
        });
    }

    @Test
    void aHundredReceiversAreServedInTurn() {
        run(() -> {
            Channel<Integer> channel = Channel.of(10);
            int[] counts = new int[100];
            group(g -> {
                for (int i = 0; i < counts.length; i++) {
                    int me = i;
                    g.spawn(() -> {
                        for (int ignored : channel) {
                            counts[me]++;
                            checkpoint();
                        }
                    });
                }
                for (int i = 0; i < 10_000; i++) {
                    channel.send(i);
                }
                channel.close();
            });
            for (int count : counts) {
                assertTrue(count >= 50 && count <= 200, "one receiver got " + count + " of 10,000");
            }
        });
    }

    @Test
    void aMillionCancelledReceivesLeaveNothingBehind() {
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
    void loopsAndThreadsExchangeEverythingExactlyOnce() throws Exception {
        int each = 20_000;
        Channel<Integer> channel = Channel.of(7);
        AtomicLong sum = new AtomicLong();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                for (int element : channel) {
                    sum.addAndGet(element);
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        });
        run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            Task<Void> far = other.spawn(() -> {
                for (int i = 1; i <= each; i++) {
                    channel.send(i);
                }
            });
            Task<Void> reader = other.spawn(() -> {
                for (int element : channel) {
                    sum.addAndGet(element);
                }
            });
            gather(() -> {
                for (int i = 1; i <= each; i++) {
                    channel.send(i);
                }
            });
            far.join();
            channel.close();
            reader.join();
        });
        thread.join();
        assertTrue(failures.isEmpty(), failures.toString());
        assertEquals(2L * each * (each + 1) / 2, sum.get());
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
    private static <T> T nothing() {
        return null;
    }
}
