package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.sync.Channel;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;

/**
 * Elements that go from one task to another, against queues and channels between virtual threads and in other
 * languages.
 */
final class Channels {

    private static final int ELEMENTS = 2_000_000;
    private static final int FEWER = 500_000;
    private static final int FEW = 100_000;
    private static final int CAPACITY = 128;
    private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";
    /** Jox spins before it waits if there are processors to spare, of which one carrier makes no use. */
    private static final String ONE_PROCESSOR = "-XX:ActiveProcessorCount=1";
    private static final String TWO_CARRIERS = "-Djdk.virtualThreadScheduler.parallelism=2";

    private Channels() {}

    static List<Benchmark> benchmarks() {
        List<Measure> measures = List.of(new Measure("CPU of an element", "ns"),
                new Measure("time of an element", "ns"));
        return List.of(
                new Benchmark(
                        "channel",
                        "One sends to one through a buffer of 128; a loop, or one carrier thread",
                        8,
                        15,
                        measures,
                        List.of(
                                Side.peer("ArrayBlockingQueue", () -> () -> jdk(CAPACITY), ONE_CARRIER),
                                Side.peer("LinkedTransferQueue, unbounded", () -> Channels::unbounded, ONE_CARRIER),
                                Side.peer("jox Channel", () -> () -> jox(CAPACITY), ONE_CARRIER, ONE_PROCESSOR),
                                Kotlin.coroutines("channel", ELEMENTS),
                                Python.asyncio("channel", FEWER),
                                Python.uvloop("channel", FEWER),
                                Python.gevent("channel", FEWER),
                                Side.ours("Heddle Channel", () -> () -> oneLoop(CAPACITY)))),
                new Benchmark(
                        "rendezvous",
                        "One hands over to one without a buffer; a loop, or one carrier thread",
                        8,
                        15,
                        measures,
                        List.of(
                                Side.peer("SynchronousQueue", () -> () -> jdk(0), ONE_CARRIER),
                                Side.peer("LinkedTransferQueue.transfer", () -> Channels::transfer, ONE_CARRIER),
                                Side.peer("jox Channel", () -> () -> jox(0), ONE_CARRIER, ONE_PROCESSOR),
                                Kotlin.coroutines("rendezvous", ELEMENTS),
                                Python.gevent("rendezvous", FEW),
                                Side.ours("Heddle Channel", () -> () -> oneLoop(0)))),
                new Benchmark(
                        "channel-loops",
                        "One sends to one through a buffer of 128; two loops, or two carrier threads",
                        8,
                        15,
                        measures,
                        List.of(
                                Side.peer("ArrayBlockingQueue", () -> () -> jdk(CAPACITY), TWO_CARRIERS),
                                Side.peer("LinkedTransferQueue, unbounded", () -> Channels::unbounded, TWO_CARRIERS),
                                Side.peer("jox Channel", () -> () -> jox(CAPACITY), TWO_CARRIERS),
                                Kotlin.coroutines("channel-loops", ELEMENTS),
                                Side.ours("Heddle Channel", () -> Channels::twoLoops))));
    }

    private static double[] oneLoop(int capacity) {
        return Clock.processNanosPer(ELEMENTS, () -> Heddle.run(Loops.PATIENT, () -> {
            Channel<Integer> channel = Channel.of(capacity);
            Heddle.gather(() -> sendAll(channel), () -> receiveAll(channel));
        }));
    }

    private static double[] twoLoops() {
        return Clock.processNanosPer(ELEMENTS, () -> Heddle.run(Loops.PATIENT.withLoops(2), () -> {
            Channel<Integer> channel = Channel.of(CAPACITY);
            Loop other = Heddle.currentLoop().siblings().get(1);
            Task<Void> receiver = other.spawn(() -> receiveAll(channel));
            sendAll(channel);
            receiver.join();
        }));
    }

    private static void sendAll(Channel<Integer> channel) {
        for (int i = 0; i < ELEMENTS; i++) {
            channel.send(i);
        }
    }

    private static void receiveAll(Channel<Integer> channel) {
        for (int i = 0; i < ELEMENTS; i++) {
            check(i, channel.receive());
        }
    }

    private static double[] jdk(int capacity) {
        BlockingQueue<Integer> queue = capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
        return pair(queue::put, queue::take);
    }

    private static double[] unbounded() {
        BlockingQueue<Integer> queue = new LinkedTransferQueue<>();
        return pair(queue::put, queue::take);
    }

    private static double[] transfer() {
        LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
        return pair(queue::transfer, queue::take);
    }

    private static double[] jox(int capacity) {
        var channel = com.softwaremill.jox.Channel.<Integer>newBufferedChannel(capacity);
        return pair(channel::send, channel::receive);
    }

    private interface Put {
        void put(Integer element) throws InterruptedException;
    }

    private interface Take {
        Integer take() throws InterruptedException;
    }

    /** Sends and receives all in two virtual threads of the JDK. */
    private static double[] pair(Put queue, Take end) {
        return Clock.processNanosPer(ELEMENTS, () -> {
            Thread sender = Thread.startVirtualThread(() -> uninterrupted(() -> {
                for (int i = 0; i < ELEMENTS; i++) {
                    queue.put(i);
                }
            }));
            Thread receiver = Thread.startVirtualThread(() -> uninterrupted(() -> {
                for (int i = 0; i < ELEMENTS; i++) {
                    check(i, end.take());
                }
            }));
            BareThreads.join(sender);
            BareThreads.join(receiver);
        });
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Waiting work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(int expected, int received) {
        if (expected != received) {
            throw new IllegalStateException("received " + received + " instead of " + expected);
        }
    }
}
