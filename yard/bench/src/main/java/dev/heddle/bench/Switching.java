package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Waiter;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The switch from one task to another on the same loop: by giving way, and by waking the other and waiting. */
final class Switching {

    private static final int SWITCHES = 1_000_000;
    private static final int FEWER = 200_000;
    private static final double NEAR_THE_FLOOR = 1.1;

    /** Sides of {@code switch-yield} whose loop lives for all rounds. */
    static final String KEPT = "Heddle checkpoint, on one loop";

    static final String RECORDED = "Heddle checkpoint, recorded";

    private Switching() {}

    static List<Benchmark> benchmarks() {
        List<Measure> measures = List.of(
                new Measure("CPU of a switch", "ns", Target.atMostTimesFloor(NEAR_THE_FLOOR)),
                new Measure("time of a switch", "ns"));
        return List.of(
                new Benchmark(
                        "switch-yield",
                        "Two tasks of one loop give way to each other",
                        8,
                        21,
                        measures,
                        List.of(
                                Side.peer("bare Thread.yield", () -> Switching::bareYield),
                                Kotlin.coroutines("switch-yield", SWITCHES),
                                Python.asyncio("switch-yield", FEWER),
                                Python.uvloop("switch-yield", FEWER),
                                Python.gevent("switch-yield", FEWER),
                                Side.ours("Heddle checkpoint", () -> Switching::checkpoint),
                                Side.ours(KEPT, () -> Switching::keptCheckpoint),
                                Side.ours(RECORDED, () -> Switching::recordedCheckpoint))),
                new Benchmark(
                        "switch-wake",
                        "Two tasks of one loop wake each other and wait",
                        8,
                        21,
                        measures,
                        List.of(
                                Side.peer("bare park/unpark", () -> Switching::barePark),
                                Kotlin.coroutines("switch-wake", SWITCHES),
                                Python.asyncio("switch-wake", FEWER),
                                Python.uvloop("switch-wake", FEWER),
                                Python.gevent("switch-wake", FEWER),
                                Side.ours("Heddle Waiter", () -> Switching::waiter),
                                Side.ours("Heddle Waiter, recorded", () -> Switching::recordedWaiter))));
    }

    private static double[] bareYield() {
        return Clock.threadNanosPer(SWITCHES, () -> bareGiveWay(SWITCHES));
    }

    static void bareGiveWay(int switches) {
        BareThreads threads = new BareThreads();
        Runnable body = () -> {
            for (int i = 0; i < switches / 2; i++) {
                BareThreads.giveWay();
            }
        };
        threads.start(body);
        threads.start(body);
        threads.drain();
    }

    private static double[] checkpoint() {
        return Clock.threadNanosPer(SWITCHES, () -> Loops.drive(Switching::twoGiveWay));
    }

    /** On one loop for all rounds. */
    private static double[] keptCheckpoint() {
        return Clock.threadNanosPer(SWITCHES, () -> Loops.driveKept(Switching::twoGiveWay));
    }

    /** The same with the flight recorder on. */
    private static double[] recordedCheckpoint() {
        return Clock.threadNanosPer(SWITCHES, () -> Loops.driveRecorded(Switching::twoGiveWay));
    }

    private static void twoGiveWay() {
        twoGiveWay(SWITCHES);
    }

    /** So many switches between two tasks of the calling task's loop. */
    static void twoGiveWay(int switches) {
        Heddle.gather(() -> checkpoints(switches / 2), () -> checkpoints(switches / 2));
    }

    private static void checkpoints(int count) {
        for (int i = 0; i < count; i++) {
            Heddle.checkpoint();
        }
    }

    private static double[] barePark() {
        return Clock.threadNanosPer(SWITCHES, () -> barePark(SWITCHES));
    }

    static void barePark(int switches) {
        BareThreads threads = new BareThreads();
        Thread[] pair = new Thread[2];
        pair[0] = threads.create(() -> {
            for (int i = 0; i < switches / 2; i++) {
                LockSupport.unpark(pair[1]);
                LockSupport.park();
            }
        });
        pair[1] = threads.create(() -> {
            for (int i = 0; i < switches / 2; i++) {
                LockSupport.park();
                LockSupport.unpark(pair[0]);
            }
        });
        pair[1].start();
        pair[0].start();
        threads.drain();
    }

    static double[] waiter() {
        return Clock.threadNanosPer(SWITCHES, () -> Loops.drive(Switching::twoWake));
    }

    private static double[] recordedWaiter() {
        return Clock.threadNanosPer(SWITCHES, () -> Loops.driveRecorded(Switching::twoWake));
    }

    private static void twoWake() {
        twoWake(SWITCHES);
    }

    static void twoWake(int switches) {
        Waiter first = new Waiter("the second's turn");
        Waiter second = new Waiter("the first's turn");
        Heddle.gather(
                () -> {
                    for (int i = 0; i < switches / 2; i++) {
                        second.complete();
                        first.await();
                        first.reset();
                    }
                },
                () -> {
                    for (int i = 0; i < switches / 2; i++) {
                        second.await();
                        second.reset();
                        first.complete();
                    }
                });
    }
}
