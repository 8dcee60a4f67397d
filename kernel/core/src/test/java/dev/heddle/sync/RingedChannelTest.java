package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A channel through which much goes becomes one that needs no lock, and nobody notices. */
final class RingedChannelTest {

    private static final int MANY = 100_000;

    @Test
    void channelThroughWhichMuchGoesGetsARingAndKeepsItsOrder() {
        Channel<Integer> channel = Channel.of(100);
        List<Integer> received = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            channel.send(i);
            if (channel.statistics().size() == 100) {
                received.add(channel.receive());
            }
        }
        assertNotNull(channel.core.exchange.ring());
        channel.close();
        channel.forEach(received::add);
        assertEquals(IntStream.range(0, 1000).boxed().toList(), received);
    }

    @Test
    void rendezvousAndHugeChannelsHaveNoRing() {
        run(() -> {
            Channel<Integer> rendezvous = Channel.of(0);
            spawn(() -> {
                for (int i = 0; i < 1000; i++) {
                    rendezvous.send(i);
                }
            });
            for (int i = 0; i < 1000; i++) {
                assertEquals(i, rendezvous.receive());
            }
            assertNull(rendezvous.core.exchange.ring());
        });
        Channel<Integer> huge = Channel.of(Integer.MAX_VALUE);
        for (int i = 0; i < 1000; i++) {
            huge.send(i);
        }
        assertNull(huge.core.exchange.ring());
    }

    @Test
    void capacityIsExactWhateverItIs() {
        for (int capacity = 1; capacity < 70; capacity++) {
            Channel<Integer> channel = Ringed.channel(capacity);
            for (int lap = 0; lap < 3; lap++) {
                int sent = 0;
                while (channel.trySend(sent)) {
                    sent++;
                }
                assertEquals(capacity, sent);
                assertEquals(capacity, channel.statistics().size());
                for (int i = 0; i < capacity; i++) {
                    assertEquals(Optional.of(i), channel.tryReceive());
                }
                assertEquals(Optional.empty(), channel.tryReceive());
            }
        }
    }

    @Test
    void viewShowsWhatIsThereAlsoWhileSendersWait() {
        run(() -> {
            Channel<Integer> channel = Ringed.channel(4);
            IntStream.range(0, 4).forEach(channel::send);
            Task<Void> sender = spawn(() -> channel.send(4));
            checkpoint();
            assertEquals(List.of(0, 1, 2, 3), List.copyOf(channel.asBlockingQueue()));
            channel.receive();
            assertEquals(List.of(1, 2, 3, 4), List.copyOf(channel.asBlockingQueue()));
            sender.join();
        });
    }

    @Test
    void abortRefusesTheSendersThatWait() {
        run(() -> {
            Channel<Integer> channel = Ringed.channel(1);
            channel.send(1);
            Task<Void> sender = spawn(() -> {
                assertThrows(ClosedException.class, () -> channel.send(2));
            });
            checkpoint();
            channel.abort();
            sender.join();
            assertThrows(ClosedException.class, channel::receive);
            assertEquals(new ChannelCore.Statistics(1, 0, 1, 0, 0, true), channel.statistics());
        });
    }

    @Test
    void peakIsTheFillOrShortByAnEighthOfTheCapacityAndFullIsTold() {
        run(() -> {
            Channel<Integer> channel = Ringed.channel(64);
            fillAndEmpty(channel, 40);
            int peak = channel.statistics().peakSize();
            assertTrue(peak >= 32 && peak <= 40, "peak " + peak);
            fillAndEmpty(channel, 64);
            assertEquals(64, channel.statistics().peakSize());
            fillAndEmpty(channel, 3);
            assertEquals(64, channel.statistics().peakSize());
        });
    }

    private static void fillAndEmpty(Channel<Integer> channel, int elements) {
        for (int i = 0; i < elements; i++) {
            channel.send(i);
        }
        assertEquals(elements < 64, channel.trySend(elements));
        while (channel.tryReceive().isPresent()) {
            checkpoint();
        }
    }

    @Test
    void elementTakenOutOfTheMiddleLeavesTheOthersInOrder() {
        run(() -> {
            Channel<Integer> channel = Ringed.channel(4);
            IntStream.range(0, 4).forEach(channel::send);
            Task<Void> sender = spawn(() -> channel.send(4));
            checkpoint();
            assertTrue(channel.asBlockingQueue().remove(2));
            sender.join();
            channel.close();
            List<Integer> rest = new ArrayList<>();
            channel.forEach(rest::add);
            assertEquals(List.of(0, 1, 3, 4), rest);
        });
    }

    @Test
    @Tag("full")
    void elementsKeepTheirOrderBetweenLoops() {
        for (int capacity : new int[]{1, 2, 3, 100, 128}) {
            run(Config.DEFAULT.withLoops(2), () -> {
                Channel<Integer> channel = Channel.of(capacity);
                Task<Void> receiver = other().spawn(() -> {
                    for (int i = 0; i < MANY; i++) {
                        assertEquals(i, channel.receive());
                    }
                });
                for (int i = 0; i < MANY; i++) {
                    channel.send(i);
                }
                receiver.join();
                assertEquals(new ChannelCore.Statistics(capacity, 0, channel.statistics().peakSize(), 0, 0, false),
                        channel.statistics());
            });
        }
    }

    @Test
    void whatWasSentBeforeTheCloseIsReceivedAndNothingElse() {
        for (int round = 0; round < 200; round++) {
            int closeAfter = round * 10;
            run(Config.DEFAULT.withLoops(2), () -> {
                Channel<Integer> channel = Ringed.channel(16);
                AtomicInteger sent = new AtomicInteger();
                Task<Void> sender = other().spawn(() -> {
                    assertThrows(ClosedException.class, () -> {
                        while (true) {
                            channel.send(sent.get());
                            sent.incrementAndGet();
                        }
                    });
                });
                int received = 0;
                for (int element : channel) {
                    assertEquals(received++, element);
                    if (received == closeAfter) {
                        channel.close();
                    }
                    if (closeAfter == 0) {
                        channel.close();
                    }
                }
                sender.join();
                assertEquals(sent.get(), received);
            });
        }
    }

    @Test
    void manyTasksOfTwoLoopsLoseNothing() {
        run(Config.DEFAULT.withLoops(2), () -> {
            Channel<Integer> channel = Ringed.channel(7);
            List<Task<?>> senders = new ArrayList<>();
            List<Task<Long>> receivers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Loop loop = i % 2 == 0 ? currentLoop() : other();
                senders.add(loop.spawn(() -> {
                    for (int j = 1; j <= MANY / 8; j++) {
                        channel.send(j);
                    }
                }));
                receivers.add(loop.spawn(() -> {
                    long sum = 0;
                    for (int element : channel) {
                        sum += element;
                    }
                    return sum;
                }));
            }
            senders.forEach(Task::join);
            channel.close();
            long sum = 0;
            for (Task<Long> receiver : receivers) {
                sum += receiver.join();
            }
            assertEquals(8L * (MANY / 8) * (MANY / 8 + 1) / 2, sum);
        });
    }

    private static Loop other() {
        return currentLoop().siblings().get(1);
    }
}
