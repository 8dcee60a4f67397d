package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.generators.Coroutine;
import dev.heddle.generators.Generator;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** The benchmarks of how much of the heap an operation takes, all threads of the JVM together. */
final class Allocating {

    /** Nobody's elements are boxed. */
    private static final Integer ELEMENT = 1;

    private static final int CAPACITY = 128;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

    private static final int MANY = 200_000;
    private static final int FEWER = 50_000;

    /**
     * An operation, and what does so many of it.
     *
     * @param bare by the JDK alone; nothing where it has none
     */
    private record Operation(String name, int count, IntConsumer bare, IntConsumer ours) {}

    private static final List<Operation> OPERATIONS = List.of(
            new Operation("a switch by giving way", MANY, Switching::bareGiveWay, inTask(Switching::twoGiveWay)),
            new Operation("a switch by waking", MANY, Switching::barePark, inTask(Switching::twoWake)),
            new Operation("a life of a task", FEWER, Spawning::bareOneByOne, inTask(Spawning::tasksOneByOne)),
            new Operation(
                    "an element through a buffer of 128",
                    MANY,
                    count -> pair(count, new ArrayBlockingQueue<>(CAPACITY)),
                    inTask(count -> pair(count, Channel.<Integer>of(CAPACITY)))),
            new Operation(
                    "an element without a buffer",
                    MANY,
                    count -> pair(count, new SynchronousQueue<>()),
                    inTask(count -> pair(count, Channel.<Integer>of(0)))),
            new Operation("a timer set and cancelled", FEWER, Allocating::bareTimers, inTask(Allocating::timers)),
            new Operation("a limit", FEWER, Allocating::nothing, inTask(Allocating::limits)),
            new Operation(
                    "an element of a generator",
                    MANY,
                    count -> BareContinuation.alternate(count, () -> {}),
                    Allocating::generate),
            new Operation(
                    "a switch of a coroutine",
                    MANY,
                    count -> BareContinuation.alternate(count, () -> {}),
                    Allocating::alternate));

    private Allocating() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "allocation-tasks",
                        "What an operation takes of the heap, all threads of the JVM together; an element is there before",
                        3,
                        3,
                        OPERATIONS.stream().map(operation -> new Measure(operation.name(), "bytes")).toList(),
                        List.of(
                                Side.peer("bare JDK", () -> () -> each(Operation::bare), ONE_CARRIER),
                                Side.ours("Heddle", () -> () -> each(Operation::ours)))),
                AllocatingServers.benchmark());
    }

    private static double[] each(Function<Operation, IntConsumer> whose) {
        return OPERATIONS.stream()
                .mapToDouble(operation -> bytes(operation.count(), whose.apply(operation)))
                .toArray();
    }

    /** What a loop, a pool, and the first of all take falls out of the difference. */
    private static double bytes(int count, IntConsumer work) {
        long start = Heap.allocated();
        work.accept(count);
        long middle = Heap.allocated();
        work.accept(3 * count);
        long end = Heap.allocated();
        if (end == start) {
            return Double.NaN;
        }
        return Math.max(0, ((end - middle) - (middle - start)) / (2.0 * count));
    }

    private static IntConsumer inTask(IntConsumer work) {
        return count -> Heddle.run(Loops.PATIENT, () -> work.accept(count));
    }

    private static void nothing(int count) {}

    private static void pair(int count, Channel<Integer> channel) {
        Heddle.gather(
                () -> {
                    for (int i = 0; i < count; i++) {
                        channel.send(ELEMENT);
                    }
                },
                () -> {
                    for (int i = 0; i < count; i++) {
                        channel.receive();
                    }
                });
    }

    private static void pair(int count, BlockingQueue<Integer> queue) {
        Thread sender = Thread.startVirtualThread(() -> uninterrupted(() -> {
            for (int i = 0; i < count; i++) {
                queue.put(ELEMENT);
            }
        }));
        Thread receiver = Thread.startVirtualThread(() -> uninterrupted(() -> {
            for (int i = 0; i < count; i++) {
                queue.take();
            }
        }));
        BareThreads.join(sender);
        BareThreads.join(receiver);
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Interruptible body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void bareTimers(int count) {
        try (ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1)) {
            executor.setRemoveOnCancelPolicy(true);
            for (int i = 0; i < count; i++) {
                executor.schedule(() -> {}, LONG.toNanos(), TimeUnit.NANOSECONDS).cancel(false);
            }
        }
    }

    private static void timers(int count) {
        Loop loop = Heddle.currentLoop();
        for (int i = 0; i < count; i++) {
            loop.callAt(loop.nanoTime() + LONG.toNanos(), () -> {}).cancel();
        }
    }

    private static void limits(int count) {
        for (int i = 0; i < count; i++) {
            Heddle.timeout(LONG, () -> {});
        }
    }

    private static void generate(int count) {
        try (Generator<Integer> elements = Generator.of(out -> {
            for (int i = 0; i < count; i++) {
                out.yield(ELEMENT);
            }
        })) {
            int sum = 0;
            for (Integer element : elements) {
                sum += element;
            }
            if (sum != count) {
                throw new IllegalStateException("the sum is " + sum);
            }
        }
    }

    private static void alternate(int switches) {
        List<Coroutine<Boolean>> pair = new ArrayList<>();
        for (int other : new int[]{1, 0}) {
            pair.add(Coroutine.of(first -> {
                for (int i = 0; i < switches / 2; i++) {
                    pair.get(other).switchTo(first);
                }
                return first;
            }));
        }
        // The second is at its last switch when the first ends.
        try (Coroutine<Boolean> _ = pair.get(1)) {
            pair.get(0).switchTo(true);
        }
    }
}
