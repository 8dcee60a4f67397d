package dev.heddle.http.attack;

import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.http.WorstHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An hour of the {@linkplain WorstHandlers worst handlers}: two {@linkplain Service services} get the same good requests in the same
 * moments, and one of them {@linkplain BadCompany bad company} too; a fifth of its clients are silent. Prints what both
 * are like at minute 5 and at the end. Fails if the good requests' p99 is above twice that of the other, if one of a thousand
 * fails, or if something rises.
 *
 * <p>Each service is a process of its own, since heap, descriptors and the collector's pauses are a process's.
 *
 * <p>Arguments: seconds, the engine, and {@code calm} to leave the bad company out.
 */
public final class WorstHour {

    private static final Duration SAMPLE = Duration.ofSeconds(30);

    /** The tenth sample is of minute 5. */
    private static final int EARLY = 10;

    /** So many samples later nothing is compiled any more, and the first silent clients are cut off. */
    private static final int WARM = 4;

    /** In a second. */
    private static final int GOOD = 60;

    private static final int BAD = 20;
    private static final int SILENT = 20;

    /** More than the buffers of both systems hold, so that the service feels who does not read. */
    private static final int FILE_BYTES = 8 << 20;

    private static final List<String> WHAT = List.of("heap after GC, bytes", "RSS, bytes", "descriptors", "threads",
            "tasks", "median of good requests, us", "p99 of good requests, us");

    /** From here on these are times, whose slope is that of the beset service in hundredths of the other. */
    private static final int TIMES = 5;

    private final List<double[]> apart = new ArrayList<>();
    private final List<double[]> beset = new ArrayList<>();

    private WorstHour() {}

    static void main(String... arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        String engine = arguments[1];
        boolean bad = arguments.length < 3;
        Path folder = Files.createTempDirectory("worst");
        Files.write(folder.resolve("data"), new byte[FILE_BYTES]);
        boolean good;
        try (var one = ServiceProcess.steady(engine, folder);
                var other = ServiceProcess.steady(engine, folder);
                var company = new BadCompany(other.plain(), bad ? BAD : 1, bad ? SILENT : 1)) {
            good = Heddle.run(() -> new WorstHour().run(seconds, one.plain(), other.plain(), company));
            tellKinds(other.log());
        }
        if (!good) {
            System.err.println("the good requests feel it, or something rises");
            System.exit(1);
        }
    }

    /** What a log says most often. */
    private static void tellKinds(String log) {
        Map<String, Long> kinds = log.lines()
                .filter(line -> line.startsWith("WARNING") || line.startsWith("SEVERE"))
                .map(line -> line.replaceAll("\\d+", "N"))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        kinds.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(20)
                .forEach(kind -> System.out.println(kind.getValue() + " times " + kind.getKey()));
    }

    private boolean run(int seconds, int onePort, int otherPort, BadCompany company) {
        try (var one = new GoodClients(onePort); var other = new GoodClients(otherPort)) {
            Heddle.group(group -> {
                group.spawnService("good clients", () -> load(group, one, other));
                for (long left = seconds; left > 0; left -= SAMPLE.toSeconds()) {
                    Heddle.sleep(SAMPLE);
                    apart.add(one.sample());
                    beset.add(other.sample());
                    if (apart.size() == 1) {
                        company.start();
                    }
                    if (apart.size() == WARM) {
                        one.warm();
                        other.warm();
                    }
                    System.out.println(row(apart) + "| " + row(beset) + "| silent " + company.silent() + ", cut off "
                            + company.cutOff());
                }
                group.cancel("the time is over");
            });
            return judge(one, other);
        }
    }

    private static void load(TaskGroup group, GoodClients one, GoodClients other) {
        long start = System.nanoTime();
        for (long n = 0;; n++) {
            one.ask(group);
            other.ask(group);
            long due = start + n * 1_000_000_000L / GOOD;
            Heddle.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        }
    }

    private static String row(List<double[]> samples) {
        var row = new StringBuilder();
        for (double value : samples.getLast()) {
            row.append("%.0f ".formatted(value));
        }
        return row.toString();
    }

    private boolean judge(GoodClients one, GoodClients other) {
        double worse = other.micros(99) / one.micros(99);
        boolean good = worse <= 2 && other.failed() * 1_000 < other.asked();
        System.out.printf(
                "%d good requests each, %d and %d failed; median %.0f and %.0f us, p99 %.0f and %.0f us: %.2f times%n",
                other.asked(), one.failed(), other.failed(), one.micros(50), other.micros(50), one.micros(99),
                other.micros(99), worse);
        int early = Math.min(EARLY, beset.size()) - 1;
        System.out.println(
                "| what | apart, minute 5 | at the end | beset, minute 5 | at the end | slope in an hour, 3 standard errors | verdict |");
        System.out.println("|---|--:|--:|--:|--:|--:|---|");
        for (int i = 0; i < WHAT.size(); i++) {
            Slope slope = Slope.of(i < TIMES ? fromMinuteFive(beset) : toOther(), i, SAMPLE);
            good &= !slope.rises();
            System.out.printf("| %s | %.0f | %.0f | %.0f | %.0f | %+.0f ± %.0f%s | %s |%n", WHAT.get(i),
                    apart.get(early)[i], apart.getLast()[i], beset.get(early)[i], beset.getLast()[i], slope.perHour(),
                    3 * slope.error(), i < TIMES ? "" : " hundredths", slope.rises() ? "**rises**" : "zero");
        }
        return good;
    }

    /**
     * The beset service in hundredths of the other one: what the machine does beside makes both slower in the same moment.
     */
    private List<double[]> toOther() {
        List<double[]> shares = new ArrayList<>();
        for (int i = 0; i < beset.size(); i++) {
            double[] share = beset.get(i).clone();
            for (int column = 0; column < share.length; column++) {
                share[column] = 100 * share[column] / apart.get(i)[column];
            }
            shares.add(share);
        }
        return fromMinuteFive(shares);
    }

    private static List<double[]> fromMinuteFive(List<double[]> samples) {
        return samples.subList(Math.min(EARLY, samples.size()) - 1, samples.size());
    }
}
