package dev.heddle.bench;

import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.RemotePool;
import dev.heddle.process.SharedMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Work in two child processes: many tiny bodies, a map in chunks, big values, the start, and a load for the processor.
 */
final class Delegating {

    private static final int WORKERS = 2;
    private static final int BODIES = Counts.of(20_000, 200_000);
    private static final int ITEMS = 1_000_000;
    private static final int BYTES = 100 * 1024 * 1024;
    private static final int FIRST_FIB = 25;
    private static final int LAST_FIB = 39;
    private static final long FIB_OF_39 = 63_245_986;
    private static final int LAST_FIB_OF_PYTHON = 32;

    private static final double TWICE_AS_FAST = 0.5;
    private static final double AS_FAST = 1;
    private static final double AT_ONCE_FOR_PEOPLE = 150;

    /** The last body is more than a third of all, so two workers cannot do it in half the time; nobody can. */
    private static final double AS_WELL_SHARED = 1.1;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration CACHE_LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String NO_CACHE = "-Dheddle.process.cache=off";

    private Delegating() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "process-tiny",
                        "Many bodies that add one to a number, submitted to two worker processes one by one, and all results awaited",
                        5,
                        11,
                        List.of(new Measure("time of a body", "ns", Target.atMostTimesFloor(TWICE_AS_FAST))),
                        List.of(
                                Python.pool("tiny", BODIES),
                                Python.executor("tiny", BODIES),
                                ours("Heddle submit", pool -> tiny(pool, BODIES)))),
                new Benchmark(
                        "process-map",
                        "A map of a million numbers to the next ones in two worker processes, in eight chunks",
                        5,
                        11,
                        List.of(new Measure("time of an item", "ns", Target.atMostTimesFloor(AS_FAST))),
                        List.of(
                                Python.pool("map-chunks", ITEMS),
                                Python.executor("map-chunks", ITEMS),
                                ours("Heddle map", Delegating::map))),
                new Benchmark(
                        "process-bytes",
                        "An array of 100 MiB goes to a worker process and comes back",
                        3,
                        11,
                        List.of(new Measure("time of both ways", "ms", Target.atMostTimesFloor(AS_FAST))),
                        List.of(
                                Python.pool("big-value", BYTES),
                                Python.executor("big-value", BYTES),
                                Side.peer("four copies in one JVM", () -> Delegating::copies),
                                ours("Heddle byte[]", Delegating::bytes),
                                Side.ours("Heddle SharedMemory", Shared::new))),
                new Benchmark(
                        "process-start",
                        "A pool is made, and two worker processes have each done a body",
                        2,
                        11,
                        List.of(new Measure("time until both are ready", "ms", Target.atMost(AT_ONCE_FOR_PEOPLE))),
                        List.of(
                                Python.pool("start-spawn", WORKERS).named("Pool, start method spawn"),
                                Python.pool("start-fork", WORKERS).named("Pool, start method fork"),
                                Python.executor("start-spawn", WORKERS)
                                        .named("ProcessPoolExecutor, start method spawn"),
                                Side.peer("Heddle without its start cache", () -> Delegating::start, NO_CACHE),
                                Side.ours("Heddle", Delegating::startWithCache))),
                new Benchmark(
                        "process-fib",
                        "fib(25) to fib(39), the naive way, in two worker processes",
                        1,
                        5,
                        List.of(
                                new Measure("time of all", "ms"),
                                new Measure("time with two workers, of that with one", "times",
                                        Target.atMostTimesFloor(AS_WELL_SHARED))),
                        List.of(
                                Python.pool("fibs", LAST_FIB_OF_PYTHON).named("Pool, to fib(32)"),
                                Python.executor("fibs", LAST_FIB_OF_PYTHON).named("ProcessPoolExecutor, to fib(32)"),
                                Side.ours("Heddle submit", Fibs::new))));
    }

    private interface Round {
        double[] run(ProcessPool pool) throws ExecutionException, InterruptedException;
    }

    private static Side ours(String name, Round round) {
        return Side.ours(name, () -> new Pooled(round));
    }

    /** Rounds with one pool. */
    private static final class Pooled implements Workload {

        private final ProcessPool pool = pool(WORKERS);
        private final Round round;

        Pooled(Round round) {
            this.round = round;
        }

        @Override
        public double[] round() throws Exception {
            return round.run(pool);
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    private static ProcessPool pool(int workers) {
        return ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(workers).withMaxBytes(2 * BYTES));
    }

    /** Many bodies one by one, then all their results. */
    static double[] tiny(RemotePool pool, int bodies) throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        List<Future<Integer>> results = new ArrayList<>(bodies);
        for (int i = 0; i < bodies; i++) {
            int number = i;
            results.add(pool.submit(() -> number + 1));
        }
        for (int i = 0; i < bodies; i++) {
            check(results.get(i).get() == i + 1);
        }
        return new double[]{(double) (System.nanoTime() - start) / bodies};
    }

    private static double[] map(ProcessPool pool) {
        List<Integer> numbers = IntStream.range(0, ITEMS).boxed().toList();
        long start = System.nanoTime();
        List<Integer> next = pool.map(numbers, number -> number + 1);
        double nanos = (double) (System.nanoTime() - start) / ITEMS;
        check(next.size() == ITEMS && next.getLast() == ITEMS);
        return new double[]{nanos};
    }

    private static double[] bytes(ProcessPool pool) {
        byte[] bytes = new byte[BYTES];
        long start = System.nanoTime();
        byte[] back = pool.call(() -> bytes);
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        check(back.length == BYTES);
        return new double[]{millis};
    }

    /** As many copies as shared memory takes: into it, out of it and into it again in the worker, out of it. */
    private static double[] copies() {
        byte[] bytes = new byte[BYTES];
        long start = System.nanoTime();
        byte[] shared = bytes.clone();
        byte[] there = shared.clone();
        System.arraycopy(there, 0, shared, 0, BYTES);
        byte[] back = shared.clone();
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        check(back.length == BYTES);
        return new double[]{millis};
    }

    /** Rounds with memory that this process and a worker share. */
    private static final class Shared implements Workload {

        private final ProcessPool pool = pool(WORKERS);
        private final SharedMemory memory = SharedMemory.create(BYTES);

        @Override
        public double[] round() {
            byte[] bytes = new byte[BYTES];
            MemorySegment mine = memory.segment();
            SharedMemory sent = memory;
            long start = System.nanoTime();
            MemorySegment.copy(bytes, 0, mine, ValueLayout.JAVA_BYTE, 0, BYTES);
            int count = pool.call(() -> takeAndGive(sent.segment()));
            byte[] back = mine.toArray(ValueLayout.JAVA_BYTE);
            double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            check(count == BYTES && back.length == BYTES && back[0] == 1);
            return new double[]{millis};
        }

        private static int takeAndGive(MemorySegment segment) {
            byte[] there = segment.toArray(ValueLayout.JAVA_BYTE);
            there[0]++;
            MemorySegment.copy(there, 0, segment, ValueLayout.JAVA_BYTE, 0, there.length);
            return there.length;
        }

        @Override
        public void close() {
            pool.close();
            memory.close();
        }
    }

    // ---- start ----

    private static double[] start() throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        try (ProcessPool pool = ProcessPool.of(WORKERS)) {
            // A worker's main thread has its name.
            Future<String> first = pool.submit(() -> Thread.currentThread().getName());
            Future<String> second = pool.submit(() -> Thread.currentThread().getName());
            check(!first.get().equals(second.get()));
            return new double[]{(System.nanoTime() - start) / NANOS_PER_MILLI};
        }
    }

    private static Workload startWithCache() {
        System.setProperty("heddle.process.cache", Home.START_CACHE.toString());
        try {
            removeCaches();
            start();
            long limit = System.nanoTime() + CACHE_LIMIT.toNanos();
            while (!isCacheThere()) {
                check(System.nanoTime() < limit);
                Thread.sleep(LOOK);
            }
        } catch (IOException | ExecutionException | InterruptedException e) {
            throw new IllegalStateException("there is no start cache", e);
        }
        return Delegating::start;
    }

    /** Those of other builds. */
    private static void removeCaches() throws IOException {
        if (Files.isDirectory(Home.START_CACHE)) {
            try (Stream<Path> files = Files.list(Home.START_CACHE)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean isCacheThere() throws IOException {
        try (Stream<Path> files = Files.list(Home.START_CACHE)) {
            return files.anyMatch(file -> file.toString().endsWith(".aot"));
        }
    }

    // ---- a load for the processor ----

    /** Rounds with a pool of two workers and one of one. */
    private static final class Fibs implements Workload {

        private final ProcessPool two = pool(WORKERS);
        private final ProcessPool one = pool(1);

        @Override
        public double[] round() throws Exception {
            long withTwo = nanos(two);
            return new double[]{withTwo / NANOS_PER_MILLI, (double) withTwo / nanos(one)};
        }

        private static long nanos(ProcessPool pool) throws ExecutionException, InterruptedException {
            long start = System.nanoTime();
            List<Future<Long>> results = new ArrayList<>();
            for (int i = FIRST_FIB; i <= LAST_FIB; i++) {
                int n = i;
                results.add(pool.submit(() -> fib(n)));
            }
            long last = 0;
            for (Future<Long> result : results) {
                last = result.get();
            }
            check(last == FIB_OF_39);
            return System.nanoTime() - start;
        }

        @Override
        public void close() {
            one.close();
            two.close();
        }
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    private static void check(boolean right) {
        if (!right) {
            throw new IllegalStateException("the result is wrong, or does not come");
        }
    }
}
