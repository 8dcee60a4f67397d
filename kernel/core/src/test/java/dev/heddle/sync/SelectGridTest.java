package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Many selects over the same channels, cancelled, in many orders and from many threads: no element is lost or doubled.
 */
final class SelectGridTest {

    private static final int TASKS = 16;

    /** What a select did: the element it sent, or the one it received as a negative number less one. */
    private static Select<Integer> exchange(List<Channel<Integer>> channels, int element) {
        Select<Integer> select = Select.of();
        for (int i = 0; i < channels.size(); i++) {
            Channel<Integer> channel = channels.get(i);
            if ((element + i) % 2 == 0) {
                select.send(channel, element, () -> element);
            } else {
                select.receive(channel, received -> -received - 1);
            }
        }
        return select;
    }

    @Test
    void selectsThatFaceEachOtherAndAreCancelledAtAnyStepLoseNothing() {
        ManualEngine.runInManyOrders(300, () -> {
            int capacity = random(2);
            List<Channel<Integer>> channels = List.of(Channel.of(capacity), Channel.of(0), Channel.of(capacity));
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 2 * TASKS; i++) {
                Select<Integer> select = exchange(channels, i);
                tasks.add(spawn(() -> {
                    pause();
                    return select.get();
                }));
            }
            for (int i = 0; i < TASKS; i++) {
                checkpoint();
                tasks.get(random(tasks.size())).cancel();
            }
            for (int i = 0; i < 20; i++) {
                checkpoint();
            }
            tasks.forEach(Task::cancel);
            List<Integer> sent = new ArrayList<>();
            List<Integer> received = new ArrayList<>();
            for (Task<Integer> task : tasks) {
                task.awaitOutcome();
                if (task.state() == Task.State.SUCCEEDED) {
                    note(task.join(), sent, received);
                }
            }
            for (Channel<Integer> channel : channels) {
                for (Optional<Integer> left = channel.tryReceive(); left.isPresent(); left = channel.tryReceive()) {
                    received.add(left.get());
                }
                assertEquals(0, channel.statistics().waitingSenders());
                assertEquals(0, channel.statistics().waitingReceivers());
            }
            assertEquals(sent.stream().sorted().toList(), received.stream().sorted().toList());
        });
    }

    private static void note(int result, List<Integer> sent, List<Integer> received) {
        if (result >= 0) {
            sent.add(result);
        } else {
            received.add(-result - 1);
        }
    }

    @Test
    void selectsOfTwoLoopsAndThreadsExchangeEverythingExactlyOnce() throws Exception {
        int each = 3_000;
        List<Channel<Integer>> channels = List.of(Channel.of(0), Channel.of(2), Channel.of(1));
        ConcurrentLinkedQueue<Integer> received = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger toCome = new AtomicInteger(4 * each);
        Action receiver = () -> receiveAll(channels, received, toCome);
        List<Thread> threads = List.of(
                ElementQueueContract.thread(failures, () -> sendAll(channels, 0, each)),
                ElementQueueContract.thread(failures, () -> sendAll(channels, each, each)),
                ElementQueueContract.thread(failures, receiver));
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            List<Task<Void>> tasks = List.of(
                    spawn(receiver),
                    other.spawn(receiver),
                    spawn(() -> sendAll(channels, 2 * each, each)),
                    other.spawn(() -> sendAll(channels, 3 * each, each)));
            tasks.forEach(Task::join);
        });
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), failures.toString());
        assertEquals(ElementQueueContract.numbers(4 * each), received.stream().sorted().toList());
        for (Channel<Integer> channel : channels) {
            assertEquals(
                    new ChannelCore.Statistics(
                            channel.statistics().capacity(), 0, channel.statistics().peakSize(), 0, 0, false),
                    channel.statistics());
        }
    }

    private static void sendAll(List<Channel<Integer>> channels, int from, int count) {
        for (int element = from; element < from + count; element++) {
            int sent = element;
            Select<Boolean> select = Select.of();
            IntStream.range(0, channels.size())
                    .forEach(i -> select.send(channels.get((i + sent) % channels.size()), sent, () -> true));
            select.get();
        }
    }

    private static void receiveAll(
            List<Channel<Integer>> channels, ConcurrentLinkedQueue<Integer> received, AtomicInteger toCome) {
        Select<Integer> select = Select.of();
        channels.forEach(channel -> select.receive(channel, element -> element));
        while (toCome.get() > 0) {
            select.getWithin(Duration.ofMillis(1)).ifPresent(element -> {
                received.add(element);
                toCome.decrementAndGet();
            });
        }
    }

    private static void pause() {
        for (int i = random(6); i > 0; i--) {
            checkpoint();
        }
    }

    private static int random(int bound) {
        return Math.floorMod(currentLoop().engine().random(), bound);
    }
}
