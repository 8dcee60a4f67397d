package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;

/** A million tasks in one JVM, each of which serves a connection in memory. */
final class Streaming {

    private static final int TASKS = Counts.isQuick() ? 50_000 : 1_000_000;
    private static final int MESSAGE_BYTES = 8;
    private static final int CAPACITY_BYTES = 64;

    private Streaming() {}

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "million-streams",
                "A million tasks each wait for a message on a stream of their own, in memory, and echo one; the bytes are all heap after"
                        + " a collection while they wait, both ends included",
                0,
                Counts.rounds(2),
                List.of(
                        new Measure("start of a task with its stream, until it waits", "ns"),
                        new Measure("a waiting task with its stream", "bytes"),
                        new Measure("a message there and back", "ns")),
                List.of(
                        Side.peer("bare threads, two LinkedTransferQueues each", () -> Streaming::bare),
                        Side.ours("Heddle, MemoryStreams", () -> Streaming::streams))));
    }

    /** One end of a connection of the floor: a queue for each direction. */
    private record Queues(LinkedTransferQueue<byte[]> in, LinkedTransferQueue<byte[]> out) {

        void echo() {
            try {
                for (byte[] message = in.take(); message.length > 0; message = in.take()) {
                    out.add(message);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static double[] bare() {
        BareThreads threads = new BareThreads();
        List<Queues> all = new ArrayList<>(TASKS);
        long before = Heap.usedAfterCollection();
        long start = System.nanoTime();
        for (int i = 0; i < TASKS; i++) {
            Queues queues = new Queues(new LinkedTransferQueue<>(), new LinkedTransferQueue<>());
            all.add(queues);
            threads.start(queues::echo);
        }
        threads.drain();
        double started = System.nanoTime() - start;
        double bytes = Heap.usedAfterCollection() - before;
        byte[] message = new byte[MESSAGE_BYTES];
        start = System.nanoTime();
        all.forEach(queues -> queues.in().add(message));
        threads.drain();
        for (Queues queues : all) {
            if (queues.out().poll() != message) {
                throw new IllegalStateException("a message did not come back");
            }
        }
        double echoed = System.nanoTime() - start;
        all.forEach(queues -> queues.in().add(new byte[0]));
        threads.drain();
        return new double[]{started / TASKS, bytes / TASKS, echoed / TASKS};
    }

    private static double[] streams() {
        return Heddle.run(Loops.PATIENT, () -> Heddle.group(group -> {
            return streams(group);
        }));
    }

    private static double[] streams(TaskGroup group) {
        List<ByteStream> all = new ArrayList<>(TASKS);
        long before = Heap.usedAfterCollection();
        long start = System.nanoTime();
        for (int i = 0; i < TASKS; i++) {
            MemoryStreams.Pair pair = MemoryStreams.pair(CAPACITY_BYTES);
            all.add(pair.left());
            group.spawn(() -> echo(pair.right()));
        }
        Heddle.checkpoint();
        double started = System.nanoTime() - start;
        double bytes = Heap.usedAfterCollection() - before;
        byte[] message = new byte[MESSAGE_BYTES];
        start = System.nanoTime();
        all.forEach(stream -> stream.write(message));
        ByteBuffer answer = ByteBuffer.allocate(MESSAGE_BYTES);
        for (ByteStream stream : all) {
            if (stream.read(answer.clear()) != MESSAGE_BYTES) {
                throw new IllegalStateException("a message did not come back");
            }
        }
        double echoed = System.nanoTime() - start;
        all.forEach(ByteStream::close);
        return new double[]{started / TASKS, bytes / TASKS, echoed / TASKS};
    }

    private static void echo(ByteStream stream) {
        try (stream) {
            for (ByteBuffer bytes = stream.fill(); bytes.hasRemaining(); bytes = stream.fill()) {
                stream.write(bytes);
            }
        }
    }
}
