package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The command {@code yard/bench/run}. */
public final class Main {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    /** The gate has not come to a verdict that counts. */
    private static final int CANNOT_TELL = 3;

    private Main() {}

    /** Runs the benchmarks that are named, or all of them. */
    public static void main(String[] args) throws IOException {
        List<String> names = new ArrayList<>(List.of(args));
        if (names.remove("--gate")) {
            System.exit(gate(names));
        }
        if (names.remove("--flame")) {
            System.exit(flame(names));
        }
        if (names.equals(List.of("--million"))) {
            System.exit(million());
        }
        if (names.equals(List.of("--pages"))) {
            write(Figures.read(Home.FIGURES));
            System.exit(0);
        }
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
        List<String> known = Stream.concat(Suite.names().stream(), Originals.names().stream()).toList();
        if (names.isEmpty() || (quick && write) || !known.containsAll(asked)) {
            System.err.print(usage());
            System.exit(names.equals(List.of("--help")) ? 0 : WRONG_USAGE);
        }
        String setting = Versions.describe();
        System.out.println(setting + "\n");
        if (Originals.names().containsAll(asked)) {
            System.out.print(OriginalsPage.HEAD);
        }
        boolean failed = false;
        for (String name : asked) {
            try {
                if (Originals.names().contains(name)) {
                    measureOriginal(name, write);
                } else {
                    measure(quick || full ? Suite.find(name).quick() : Suite.find(name), write, setting);
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

    /** Takes what is said besides {@code --gate}; gives the exit code. */
    private static int gate(List<String> options) throws IOException {
        Counts.useGate();
        boolean store = options.remove("--store");
        GateFile file = GateFile.read(Home.GATE);
        List<GateRow> rows = file.rows(Machine.processor());
        Map<Integer, Double> planted = Map.of();
        if (options.size() >= 2 && options.getFirst().equals("--plant") && !store) {
            try {
                planted = Gate.planted(options.get(1), rows.size());
            } catch (IllegalArgumentException e) {
                System.err.println("bench: " + e.getMessage());
                return WRONG_USAGE;
            }
            options.subList(0, 2).clear();
        }
        if (!rows.stream().map(GateRow::benchmark).toList().containsAll(options)) {
            System.err.print(usage());
            return WRONG_USAGE;
        }
        Gate gate = new Gate(rows, Contest::atOnce, Set.copyOf(options), planted, System.out);
        try {
            if (!store) {
                return switch (gate.judge()) {
                    case GREEN -> 0;
                    case RED -> FAILED;
                    case BLIND -> CANNOT_TELL;
                };
            }
            file.store(Machine.processor(), gate.measured());
            return 0;
        } catch (IllegalStateException e) {
            System.err.println("bench: the gate cannot tell: " + e.getMessage());
            return CANNOT_TELL;
        }
    }

    private static int million() {
        for (Need need : MillionRequests.NEEDS) {
            if (!need.isThere().getAsBoolean()) {
                System.err.println("bench: needs " + need.advice());
                return CANNOT_TELL;
            }
        }
        try {
            MillionRequests.run(MillionRequests.MILLION).forEach(System.out::println);
            return 0;
        } catch (IllegalStateException e) {
            System.err.println("bench: " + e.getMessage() + (e.getCause() == null ? "" : ", " + e.getCause()));
            return FAILED;
        }
    }

    /** Takes what is said besides {@code --flame}; gives the exit code. */
    private static int flame(List<String> names) throws IOException {
        boolean write = names.remove("--write");
        if (names.remove("--quick")) {
            Counts.useQuick();
        }
        List<String> asked = names.equals(List.of("all")) ? Flame.names() : names;
        if (asked.isEmpty() || !Flame.names().containsAll(asked)) {
            System.err.print(usage());
            return WRONG_USAGE;
        }
        Profiler.use();
        for (String name : asked) {
            FlamesPage.Section section = Flame.find(name).burn();
            System.out.println(section.text());
            FlamesPage.draw(Home.FLAMES, section);
            if (write) {
                FlamesPage.draw(Home.FIGURES, section);
                FlamesPage.put(Home.PROFILES, section, Versions.describe());
            }
        }
        return 0;
    }

    private static void measure(Benchmark benchmark, boolean write, String setting) throws IOException {
        long start = System.nanoTime();
        Outcome outcome = Contest.run(benchmark);
        String took = Clock.minutesAndSeconds(System.nanoTime() - start);
        Figure figure = Figure.of(outcome, Machine.circumstances() + ", in " + took);
        System.out.println(Report.of(figure));
        if (write) {
            write(Figures.read(Home.FIGURES).with(figure, setting));
        }
    }

    /** Writes the tables, and what the page says of them. */
    private static void write(Figures measured) throws IOException {
        Figures figures = measured.only(Suite.names());
        var losses = new Losses(Losses.reasons(Home.LOSSES));
        var goals = new Goals(Goals.goals(Home.GOALS), losses);
        figures.write(Home.FIGURES, losses, goals);
        String page = Files.readString(Home.PERFORMANCE);
        Files.writeString(Home.PERFORMANCE, Document.with(page, Headlines.of(figures, losses, goals)));
    }

    private static void measureOriginal(String name, boolean write) throws IOException {
        String row = Originals.measure(name);
        System.out.print(row);
        if (write) {
            String page = Files.readString(Home.DOCUMENTS);
            Files.writeString(
                    Home.DOCUMENTS,
                    OriginalsPage.with(page, row, Versions.describePython(), Machine.circumstances()));
        }
    }

    private static String usage() {
        StringBuilder text = new StringBuilder(
                """
                        Usage: yard/bench/run [--quick | --write] [--full] all | http | process | sight | documents | BENCHMARK...
                               yard/bench/run --gate [--store | --plant ROW=PERCENT] [BENCHMARK...]
                               yard/bench/run --flame [--write] all | NAME...
                               yard/bench/run --million
                               yard/bench/run --pages

                        """);
        for (Benchmark benchmark : Suite.BENCHMARKS) {
            text.append(String.format("  %-16s %s%n", benchmark.name(), benchmark.what()));
        }
        return text
                .append("""

                          all              all of these
                          http             those of HTTP: http-... and fetch...
                          process          those of worker processes: process-...
                          sight            what it costs to be looked at: sight-...
                          growth           what one costs among few and among many: growth-...
                          allocation       what an operation takes of the heap: allocation-...
                          collectors       tasks with each collector of the JVM: collectors-...
                          names            look-ups of names, with and without a loss: names-...
                          documents        the documents' programs in Python beside ours, some ten minutes; or one of them,
                                           documents-NAME, by its row in docs/reports/documents.md

                          --quick          few rounds, only to see that it works
                          --write          put the numbers into yard/figures and docs/performance.md, or docs/reports/documents.md
                          --gate           has anything become slower? A quarter of an hour: the rows of yard/bench/gate.txt, each beside its peer,
                                           against the ratios that stand there for this processor, or those of some
                                           benchmarks. Red, with exit code 1, is a fifth more, in as many tries as tell it from
                                           noise, two at least; 3 is no verdict, as where a peer is missing, or nothing is
                                           stored for this processor
                          --store          measure these rows and put their ratios there
                          --plant R=P      take row R for P percent slower than it is, or all: does the gate see it? Red if it
                                           does in each of them, blind, with exit code 3, if not
                          --million        a million requests through the gateway by each version of HTTP: is each answered, and whole?
                                           A minute or two; exit code 1 if not, 3 if h2load or nginx is missing
                          --pages          write docs/performance.md, losses and goals anew, from the figures that are there
                          --flame NAME     where the processor time goes, by a profiler, as a picture in yard/bench/target/flames and a table of
                                           whose it is: %s.
                                           With --write they are put into docs/reports/profiles.md
                          --full           few rounds, and 100,000,000 items for generators and coroutines, as many tutorials have
                        """
                        .formatted(String.join(", ", Flame.names())))
                .toString();
    }
}
