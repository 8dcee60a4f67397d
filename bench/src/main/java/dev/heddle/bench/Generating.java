package dev.heddle.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Generators and coroutines: items from one body to another without a loop between them. */
final class Generating {

    private static final int ITEMS = Counts.of(5_000_000, 100_000_000);
    private static final int SWITCHES = Counts.of(5_000_000, 200_000_000);
    private static final List<Measure> OF_AN_ITEM = List.of(new Measure("CPU of an item", "ns"),
            new Measure("time of an item", "ns"));

    private Generating() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "generator",
                        counted("A loop takes %,d items from a generator", ITEMS),
                        5,
                        9,
                        OF_AN_ITEM,
                        List.of(
                                Side.peer("bare Continuation", () -> () -> bare(BareContinuation::generate)),
                                Kotlin.sequence("generator", ITEMS),
                                Python.generator("generator", ITEMS),
                                Python.greenlet("generator", ITEMS))),
                new Benchmark(
                        "generator-push",
                        counted("%,d items are pushed to a consumer, without a switch", ITEMS),
                        5,
                        9,
                        OF_AN_ITEM,
                        List.of(
                                Side.peer("bare loop", () -> () -> bare(Generating::push)),
                                Python.generator("generator-push", ITEMS).named("Python function"))),
                new Benchmark(
                        "generator-send",
                        counted("%,d items are sent to a generator that consumes them", ITEMS),
                        5,
                        9,
                        OF_AN_ITEM,
                        List.of(
                                Side.peer("bare Continuation", () -> () -> bare(BareContinuation::send)),
                                Python.generator("generator-send", ITEMS))),
                new Benchmark(
                        "coroutine",
                        counted("Two coroutines add up numbers and switch to the other after each, %,d switches", SWITCHES),
                        5,
                        9,
                        List.of(new Measure("CPU of a switch", "ns"), new Measure("time of a switch", "ns")),
                        List.of(
                                Side.peer("bare Continuation", () -> Generating::bareCoroutines),
                                Python.greenlet("coroutine", SWITCHES))));
    }

    private static String counted(String what, int count) {
        return String.format(Locale.ROOT, what, count);
    }

    private interface Source {
        void giveBelow(int limit, Consumer<Integer> consumer);
    }

    private static double[] bare(Source source) {
        Sum sum = new Sum();
        return Clock.processNanosPer(ITEMS, () -> {
            source.giveBelow(ITEMS, sum);
            sum.check(ITEMS);
        });
    }

    private static void push(int limit, Consumer<Integer> consumer) {
        for (int i = 0; i < limit; i++) {
            consumer.accept(i);
        }
    }

    private static double[] bareCoroutines() {
        return Clock.processNanosPer(SWITCHES, () -> {
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
