package dev.heddle.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The command {@code bench/run}. */
public final class Main {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /** Runs the benchmarks that are named, or all of them. */
    public static void main(String[] args) throws IOException {
        List<String> names = new ArrayList<>(List.of(args));
        boolean quick = names.remove("--quick");
        boolean write = names.remove("--write");
        boolean full = names.remove("--full");
        if (full) {
            Counts.useFull();
        }
        if (quick) {
            Counts.useQuick();
        }
        List<String> asked = names.stream().flatMap(name -> Suite.expand(name).stream()).distinct().toList();
        if (names.isEmpty() || (quick && write) || !Suite.names().containsAll(asked)) {
            System.err.print(usage());
            System.exit(names.equals(List.of("--help")) ? 0 : WRONG_USAGE);
        }
        String setting = Versions.describe();
        System.out.println(setting + "\n");
        boolean failed = false;
        for (String name : asked) {
            Benchmark benchmark = quick || full ? Suite.find(name).quick() : Suite.find(name);
            try {
                String section = Report.of(Contest.run(benchmark), Machine.circumstances());
                System.out.println(section);
                if (write) {
                    new Document(Home.PERFORMANCE).put(section, setting, Suite.names());
                }
            } catch (IllegalStateException e) {
                // The others are worth their time all the same.
                System.err.println("bench: " + name + " failed: " + e.getMessage()
                        + (e.getCause() == null ? "" : ", " + e.getCause()));
                failed = true;
            }
        }
        System.exit(failed ? FAILED : 0);
    }

    private static String usage() {
        StringBuilder text = new StringBuilder(
                "Usage: bench/run [--quick | --write] [--full] all | http | process | BENCHMARK...\n\n");
        for (Benchmark benchmark : Suite.BENCHMARKS) {
            text.append(String.format("  %-16s %s%n", benchmark.name(), benchmark.what()));
        }
        return text
                .append("""

                          all              all of them
                          http             those of HTTP: http-... and fetch
                          process          those of worker processes: process-...

                          --quick          few rounds, only to see that it works
                          --write          put the numbers into docs/performance.md
                          --full           few rounds, and 100,000,000 items for generators and coroutines, as many tutorials have
                        """)
                .toString();
    }
}
