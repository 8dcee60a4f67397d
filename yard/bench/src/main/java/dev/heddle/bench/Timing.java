package dev.heddle.bench;

import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Timers that are set and cancelled, as nearly all timeouts are. */
final class Timing {

    private static final int TIMERS = 1_000_000;
    private static final int FEWER = 200_000;
    private static final int FEW = 100_000;
    private static final double CHEAP = 200;
    private static final Duration LONG = Duration.ofMinutes(1);

    private Timing() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "timers",
                        "A million timers of up to a minute are set, all pending at once, and cancelled in another order; heap"
                                + " is what stays after it. Python has 200,000",
                        5,
                        9,
                        List.of(
                                new Measure("CPU of a timer set and cancelled", "ns"),
                                new Measure("time of a timer set and cancelled", "ns", Target.atMost(CHEAP)),
                                new Measure("heap left", "MB", Target.atMost(1))),
                        List.of(
                                Side.peer("ScheduledThreadPoolExecutor", () -> allPending(Timing::executor)),
                                Side.peer("Netty HashedWheelTimer", () -> allPending(Timing::wheel)),
                                Python.asyncio("timers", FEWER),
                                Python.uvloop("timers", FEWER),
                                Python.gevent("timers", FEWER),
                                Side.ours("Heddle callAt", () -> allPending(Timing::loop)))),
                new Benchmark(
                        "timeout",
                        "A limit of a minute is set and at once taken back, a million times, one after the other",
                        8,
                        15,
                        List.of(
                                new Measure("CPU of a limit", "ns"),
                                new Measure("time of a limit", "ns", Target.atMost(CHEAP))),
                        List.of(
                                Side.peer("ScheduledThreadPoolExecutor", () -> oneByOne(Timing::executor)),
                                Side.peer("Netty HashedWheelTimer", () -> oneByOne(Timing::wheel)),
                                Kotlin.coroutines("timeout", TIMERS).named("Kotlin withTimeout"),
                                Python.asyncio("timeout", FEW).named("asyncio.timeout"),
                                Python.uvloop("timeout", FEW).named("asyncio.timeout on uvloop"),
                                Python.gevent("timeout", FEW).named("gevent.Timeout"),
                                Side.ours("Heddle callAt", () -> oneByOne(Timing::loop)),
                                Side.ours("Heddle timeout", () -> Timing::scopes))));
    }

    /**
     * Somebody's timers.
     *
     * @param set sets one, after so many nanoseconds
     * @param runner calls a body where timers may be set
     */
    record Timers<T>(LongFunction<T> set, Consumer<T> cancel, Consumer<Runnable> runner, Runnable close) {

        double[] cost(int timers, Consumer<Timers<T>> body) {
            try {
                return Clock.processNanosPer(timers, () -> runner.accept(() -> body.accept(this)));
            } finally {
                close.run();
            }
        }

        void setAllThenCancel(long[] delays, int[] order) {
            List<T> pending = new ArrayList<>(delays.length);
            for (long delay : delays) {
                pending.add(set.apply(delay));
            }
            for (int index : order) {
                cancel.accept(pending.get(index));
            }
        }

        void setAndCancelEach() {
            long delay = LONG.toNanos();
            for (int i = 0; i < TIMERS; i++) {
                cancel.accept(set.apply(delay));
            }
        }
    }

    static Timers<?> executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
        executor.setRemoveOnCancelPolicy(true);
        return new Timers<>(
                delay -> executor.schedule(Timing::nothing, delay, TimeUnit.NANOSECONDS),
                future -> future.cancel(false),
                Runnable::run,
                executor::shutdownNow);
    }

    static Timers<?> wheel() {
        HashedWheelTimer wheel = new HashedWheelTimer();
        return new Timers<>(
                delay -> wheel.newTimeout(timeout -> nothing(), delay, TimeUnit.NANOSECONDS),
                Timeout::cancel,
                Runnable::run,
                wheel::stop);
    }

    static Timers<?> loop() {
        Loop loop = Loop.start(Loops.PATIENT);
        return new Timers<>(
                delay -> loop.callAt(loop.nanoTime() + delay, Timing::nothing),
                Handle::cancel,
                body -> loop.spawn(body::run).join(),
                loop::close);
    }

    private static Workload allPending(Supplier<Timers<?>> maker) {
        long[] delays = delays(TIMERS);
        int[] order = order(TIMERS);
        return () -> {
            long before = Heap.usedAfterCollection();
            double[] nanos = maker.get().cost(TIMERS, timers -> timers.setAllThenCancel(delays, order));
            double left = Math.max(0, Heap.megabytes(Heap.usedAfterCollection() - before));
            return new double[]{nanos[0], nanos[1], left};
        };
    }

    /** CPU of a timer while so many are pending, which are set and cancelled so often. */
    static double nanosAmong(Timers<?> some, int count, int times) {
        long[] delays = delays(count);
        int[] order = order(count);
        return some.cost(count * times, timers -> {
            for (int i = 0; i < times; i++) {
                timers.setAllThenCancel(delays, order);
            }
        })[0];
    }

    private static long[] delays(int count) {
        return new Random(1).longs(count, TimeUnit.SECONDS.toNanos(1), LONG.toNanos()).toArray();
    }

    private static int[] order(int count) {
        List<Integer> shuffled = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(shuffled, new Random(2));
        return shuffled.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Workload oneByOne(Supplier<Timers<?>> maker) {
        return () -> maker.get().cost(TIMERS, Timers::setAndCancelEach);
    }

    private static void nothing() {}

    private static double[] scopes() {
        return Clock.processNanosPer(TIMERS, () -> Heddle.run(Loops.PATIENT, () -> {
            for (int i = 0; i < TIMERS; i++) {
                Heddle.timeout(LONG, Timing::nothing);
            }
        }));
    }
}
