package dev.heddle.bench;

import dev.heddle.generators.Coroutine;
import dev.heddle.generators.DuplexGenerator;
import dev.heddle.generators.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Generators and coroutines: items from one body to another without a loop between them. */
final class Generating {

    private static final int ITEMS = Counts.of(5_000_000, 100_000_000);
    private static final int SWITCHES = Counts.of(5_000_000, 200_000_000);
    private static final Target NEAR_THE_FLOOR = Target.atMostTimesFloor(1.15);
    private static final Target BELOW_PYTHON = Target.atMost(25);
    private static final Target CHEAP = Target.atMost(5);

    private Generating() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "generator",
                        counted("A loop takes %,d items from a generator", ITEMS),
                        5,
                        9,
                        ofAnItem(BELOW_PYTHON),
                        List.of(
                                Side.peer("bare Continuation", () -> () -> bare(BareContinuation::generate)),
                                Kotlin.sequence("generator", ITEMS),
                                Python.generator("generator", ITEMS),
                                Side.ours("Heddle Generator", () -> Generating::pulled),
                                Side.ours("Heddle Generator in a task", () -> Generating::pulledInTask))),
                new Benchmark(
                        "generator-deep",
                        counted("A loop takes %,d items from a generator that yields inside a call", ITEMS),
                        5,
                        9,
                        ofAnItem(NEAR_THE_FLOOR),
                        List.of(
                                Side.peer("bare Continuation", () -> () -> bare(BareContinuation::generate)),
                                Python.greenlet("generator", ITEMS),
                                Side.ours("Heddle Generator", () -> Generating::pulledDeep))),
                new Benchmark(
                        "generator-ahead",
                        counted("A loop takes %,d items from a generator whose body runs ahead of it", ITEMS),
                        5,
                        9,
                        ofAnItem(Target.atMost(8)),
                        List.of(
                                Kotlin.sequence("generator", ITEMS),
                                Python.generator("generator", ITEMS),
                                Side.ours("Heddle, 16 ahead", () -> () -> ahead(16)),
                                Side.ours("Heddle, 64 ahead", () -> () -> ahead(64)),
                                Side.ours("Heddle, 1,024 ahead", () -> () -> ahead(1_024)))),
                new Benchmark(
                        "generator-push",
                        counted("%,d items are pushed to a consumer, without a switch", ITEMS),
                        5,
                        9,
                        ofAnItem(CHEAP),
                        List.of(
                                Side.peer("bare loop", () -> () -> bare(Generating::push)),
                                Python.generator("generator-push", ITEMS).named("Python function"),
                                Side.ours("Heddle Generator.forEach", () -> Generating::pushed))),
                new Benchmark(
                        "generator-send",
                        counted("%,d items are sent to a generator that consumes them", ITEMS),
                        5,
                        9,
                        ofAnItem(BELOW_PYTHON),
                        List.of(
                                Side.peer("bare Continuation", () -> () -> bare(BareContinuation::send)),
                                Python.generator("generator-send", ITEMS),
                                Side.ours("Heddle DuplexGenerator", () -> Generating::sent))),
                new Benchmark(
                        "coroutine",
                        counted("Two coroutines add up numbers and switch to the other after each, %,d switches",
                                SWITCHES),
                        5,
                        9,
                        List.of(
                                new Measure("CPU of a switch", "ns", NEAR_THE_FLOOR),
                                new Measure("time of a switch", "ns")),
                        List.of(
                                Side.peer("bare Continuation", () -> Generating::bareCoroutines),
                                Python.greenlet("coroutine", SWITCHES),
                                Side.ours("Heddle Coroutine", () -> Generating::coroutines))));
    }

    private static List<Measure> ofAnItem(Target target) {
        return List.of(new Measure("CPU of an item", "ns", target), new Measure("time of an item", "ns"));
    }

    private static String counted(String what, int count) {
        return String.format(Locale.ROOT, what, count);
    }

    private interface Source {
        void giveBelow(int limit, Consumer<Integer> consumer);
    }

    private static double[] bare(Source source) {
        Sum sum = new Sum();
        return Clock.threadNanosPer(ITEMS, () -> {
            source.giveBelow(ITEMS, sum);
            sum.check(ITEMS);
        });
    }

    private static void push(int limit, Consumer<Integer> consumer) {
        for (int i = 0; i < limit; i++) {
            consumer.accept(i);
        }
    }

    private static double[] pulled() {
        return Clock.threadNanosPer(ITEMS, Generating::pullAll);
    }

    private static double[] pulledDeep() {
        return Clock.threadNanosPer(ITEMS, () -> pullAll(Generator.of(out -> yieldAll(out))));
    }

    private static void yieldAll(Generator.Out<Integer> out) {
        for (int i = 0; i < ITEMS; i++) {
            out.yield(i);
        }
    }

    private static double[] ahead(int count) {
        return Clock.threadNanosPer(ITEMS, () -> pullAll(numbers().readAhead(count)));
    }

    private static double[] pulledInTask() {
        return Clock.threadNanosPer(ITEMS, () -> Loops.drive(Generating::pullAll));
    }

    private static void pullAll() {
        pullAll(numbers());
    }

    private static void pullAll(Generator<Integer> generator) {
        Sum sum = new Sum();
        try (generator) {
            for (Integer number : generator) {
                sum.accept(number);
            }
        }
        sum.check(ITEMS);
    }

    private static double[] pushed() {
        return Clock.threadNanosPer(ITEMS, () -> {
            Sum sum = new Sum();
            try (Generator<Integer> numbers = numbers()) {
                numbers.forEach(sum);
            }
            sum.check(ITEMS);
        });
    }

    private static Generator<Integer> numbers() {
        return Generator.of(out -> {
            for (int i = 0; i < ITEMS; i++) {
                out.yield(i);
            }
        });
    }

    private static double[] sent() {
        return Clock.threadNanosPer(ITEMS, () -> {
            Sum sum = new Sum();
            Boolean more = true;
            try (DuplexGenerator<Boolean, Integer, Boolean> consumer = DuplexGenerator.of(out -> {
                for (Integer number = out.yield(more); number != null; number = out.yield(more)) {
                    sum.accept(number);
                }
                return false;
            })) {
                consumer.next();
                for (int i = 0; i < ITEMS; i++) {
                    consumer.send(i);
                }
            }
            sum.check(ITEMS);
        });
    }

    private static double[] coroutines() {
        return Clock.threadNanosPer(SWITCHES, () -> {
            Sum sum = new Sum();
            List<Coroutine<Boolean>> pair = new ArrayList<>();
            for (int other : new int[]{1, 0}) {
                pair.add(Coroutine.of(first -> {
                    for (int i = 0; i < SWITCHES / 2; i++) {
                        sum.run();
                        pair.get(other).switchTo(first);
                    }
                    return first;
                }));
            }
            // The second is at its last switch when the first ends.
            try (Coroutine<Boolean> _ = pair.get(1)) {
                pair.get(0).switchTo(true);
                sum.check(SWITCHES);
            }
        });
    }

    private static double[] bareCoroutines() {
        return Clock.threadNanosPer(SWITCHES, () -> {
            Sum sum = new Sum();
            BareContinuation.alternate(SWITCHES, sum);
            sum.check(SWITCHES);
        });
    }

    /** Keeps the compiler from leaving the work out. */
    private static final class Sum implements Consumer<Integer>, Runnable {

        private long total;
        private int next;

        @Override
        public void accept(Integer number) {
            total += number;
        }

        @Override
        public void run() {
            total += next++;
        }

        void check(int count) {
            if (total != count * (count - 1L) / 2) {
                throw new IllegalStateException("the sum is " + total);
            }
        }
    }
}
