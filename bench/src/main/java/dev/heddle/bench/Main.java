package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/** The command {@code bench/run}. */
public final class Main {

    private static final int WRONG_USAGE = 2;

    private Main() {}

    /** Runs the benchmarks that are named, or all of them. */
    public static void main(String[] args) {
        List<String> names = new ArrayList<>(List.of(args));
        boolean quick = names.remove("--quick");
        if (names.isEmpty() || names.contains("--help") || !Suite.names().containsAll(withoutAll(names))) {
            System.err.print(usage());
            System.exit(names.equals(List.of("--help")) ? 0 : WRONG_USAGE);
        }
        System.out.println(Machine.describe() + "\n");
        for (String name : names.contains("all") ? Suite.names() : names) {
            Benchmark benchmark = quick ? Suite.find(name).quick() : Suite.find(name);
            System.out.print(Report.of(benchmark, Contest.run(benchmark)));
            System.out.println("\nLoad of the machine: " + Machine.load() + ".\n");
        }
    }

    private static List<String> withoutAll(List<String> names) {
        return names.stream().filter(name -> !name.equals("all")).toList();
    }

    private static String usage() {
        StringBuilder text = new StringBuilder("Usage: bench/run [--quick] all | BENCHMARK...\n\n");
        for (Benchmark benchmark : Suite.BENCHMARKS) {
            text.append(String.format("  %-16s %s%n", benchmark.name(), benchmark.what()));
        }
        return text.append("\n  --quick          few rounds, only to see that it works\n").toString();
    }
}
