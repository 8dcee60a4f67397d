package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;

/** The life of a task: spawn and join, one after the other and a million at once. */
final class Spawning {

    private static final int LIVES = 300_000;
    private static final int FEWER = 50_000;
    private static final int HUNDRED_THOUSAND = 100_000;
    private static final int MILLION = Counts.million();
    private static final double NEAR_THE_FLOOR = 1.5;

    private Spawning() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "spawn",
                        "A task spawns an empty task and joins it",
                        8,
                        21,
                        List.of(
                                new Measure("CPU of a life", "ns", Target.atMostTimesFloor(NEAR_THE_FLOOR)),
                                new Measure("time of a life", "ns")),
                        List.of(
                                Side.peer("bare start and join", () -> Spawning::bareJoin),
                                Kotlin.coroutines("spawn", LIVES),
                                Python.asyncio("spawn", FEWER),
                                Python.uvloop("spawn", FEWER),
                                Python.gevent("spawn", FEWER),
                                Side.ours("Heddle spawn and join", () -> Spawning::spawnJoin))),
                new Benchmark(
                        "million",
                        "A million tasks are spawned, all alive at once, give way, and are joined; heap is what stays after it",
                        Counts.warmUps(2),
                        5,
                        List.of(
                                new Measure("CPU of a task", "ns", Target.atMostTimesFloor(NEAR_THE_FLOOR)),
                                new Measure("time of a task", "ns"),
                                new Measure("heap left", "MB", Target.atMost(1))),
                        List.of(
                                Side.peer("bare threads", () -> Spawning::bareMillion),
                                Kotlin.coroutines("million", MILLION),
                                Python.asyncio("million", HUNDRED_THOUSAND).named("asyncio, 100,000 tasks"),
                                Python.gevent("million", HUNDRED_THOUSAND).named("gevent, 100,000 greenlets"),
                                Side.ours("Heddle tasks", () -> Spawning::taskMillion),
                                Side.peer(
                                        "bare threads, compact headers", () -> Spawning::bareMillion,
                                        Collecting.COMPACT),
                                Kotlin.coroutines("million", MILLION, Collecting.COMPACT)
                                        .named("Kotlin coroutines, compact headers"),
                                Side.ours(
                                        "Heddle tasks, compact headers", () -> Spawning::taskMillion,
                                        Collecting.COMPACT))));
    }

    private static double[] bareJoin() {
        return Clock.threadNanosPer(LIVES, () -> bareOneByOne(LIVES));
    }

    static void bareOneByOne(int lives) {
        BareThreads threads = new BareThreads();
        threads.start(() -> {
            for (int i = 0; i < lives; i++) {
                BareThreads.join(threads.start(() -> {}));
            }
        });
        threads.drain();
    }

    static double[] spawnJoin() {
        return Clock.threadNanosPer(LIVES, () -> Loops.drive(() -> tasksOneByOne(LIVES)));
    }

    /** Called by a task. */
    static void tasksOneByOne(int lives) {
        for (int i = 0; i < lives; i++) {
            Heddle.spawn(() -> {}).join();
        }
    }

    private static double[] bareMillion() {
        return timeAndHeap(() -> {
            BareThreads threads = new BareThreads();
            int[] done = new int[1];
            threads.start(() -> done[0] = bareAtOnce(threads, MILLION));
            threads.drain();
            return done[0];
        });
    }

    /** Called by one of the threads: so many others are alive at once. */
    static int bareAtOnce(BareThreads threads, int count) {
        int[] done = new int[1];
        List<Thread> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(threads.start(() -> {
                BareThreads.giveWay();
                done[0]++;
            }));
        }
        all.forEach(BareThreads::join);
        return done[0];
    }

    private static double[] taskMillion() {
        return timeAndHeap(() -> Heddle.run(Loops.PATIENT, () -> tasksAtOnce(MILLION)));
    }

    /** Called by a task: so many others are alive at once. */
    static int tasksAtOnce(int count) {
        List<Task<Integer>> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(Heddle.spawn(() -> {
                Heddle.checkpoint();
                return 1;
            }));
        }
        int done = 0;
        for (Task<Integer> task : all) {
            done += task.join();
        }
        return done;
    }

    private interface Million {
        int run();
    }

    private static double[] timeAndHeap(Million work) {
        long before = Heap.usedAfterCollection();
        double[] nanos = Clock.processNanosPer(MILLION, () -> {
            int done = work.run();
            if (done != MILLION) {
                throw new IllegalStateException(done + " of " + MILLION + " tasks ran");
            }
        });
        double left = Math.max(0, Heap.megabytes(Heap.usedAfterCollection() - before));
        return new double[]{nanos[0], nanos[1], left};
    }
}
