package dev.heddle.cluster.attack;

import dev.heddle.cluster.storm.Findings;
import dev.heddle.cluster.storm.Storm;
import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Plan;
import dev.heddle.cluster.storm.Storm.Strike;
import dev.heddle.cluster.storm.StormJvm;
import dev.heddle.http.attack.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All storms over clusters, on each engine, two of them at a time: most of a storm is waiting for the end of leases.
 * Writes what they have left to {@code docs/reports/cluster.md}, and fails if anything was lost, or doubled without
 * being asked. What the processes of a storm leave stays where its output says.
 *
 * <p>Needs Linux; etcd and PostgreSQL for their storms, and namespaces of the network for cables.
 *
 * <p>Arguments: how many blows of each kind a storm has, how often all nodes are restarted, how many items a map has,
 * the timeout of sessions in milliseconds, and what to do: {@code embedded}, {@code embedded-cable}, {@code
 * embedded-restart}, {@code zookeeper}, ...; all if none is named.
 */
public final class Storms {

    private static final int AT_ONCE = 2;
    private static final int MICROS = 5_000;

    /** A session that the way of a server, in order, does not end on a busy machine. */
    private static final long RESTART_TIMEOUT_MILLIS = 10_000;

    private Storms() {}

    static void main(String... arguments) throws Exception {
        int blows = Integer.parseInt(arguments[0]);
        int restarts = Integer.parseInt(arguments[1]);
        int items = Integer.parseInt(arguments[2]);
        long timeout = Long.parseLong(arguments[3]);
        List<String> wanted = List.of(arguments).subList(4, arguments.length);
        Path folder = Files.createTempDirectory("storms");
        var jvm = new StormJvm(folder);
        Map<String, Future<Findings>> all = new TreeMap<>();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Engine engine : Engine.values()) {
                Map<String, Plan> plans = new TreeMap<>(Map.of(
                        "", new Plan(
                                engine, List.of(Strike.KILL, Strike.STOP, Strike.CUT), blows, items, MICROS, timeout),
                        "-restart", new Plan(
                                engine, List.of(Strike.RESTART), restarts, items, MICROS, RESTART_TIMEOUT_MILLIS)));
                if (engine == Engine.POSTGRES) {
                    plans.put("-failover", new Plan(engine, List.of(Strike.FAIL_OVER), blows, items, MICROS, timeout));
                }
                if (engine == Engine.EMBEDDED) {
                    plans.put("-cable", new Plan(engine, List.of(Strike.CABLE), blows, items, MICROS, timeout));
                }
                plans.forEach((suffix, plan) -> {
                    String name = engine.name().toLowerCase(Locale.ROOT) + suffix;
                    if (wanted.isEmpty() || wanted.contains(name)) {
                        all.put(name, threads.submit(() -> storm(jvm, plan, folder.resolve(name))));
                    }
                });
            }
        }
        long minutes = Math.round((System.nanoTime() - begin) / 6e10);
        var rows = new StringBuilder(Findings.head());
        var times = new StringBuilder(Findings.timesHead());
        List<String> problems = new ArrayList<>();
        for (Future<Findings> each : all.values()) {
            rows.append(each.get().row());
            times.append(each.get().times());
            problems.addAll(each.get().problems());
        }
        Report.write("cluster.md", numbers(String.join(" ", arguments), minutes, timeout) + rows + TIMES + times);
        if (!problems.isEmpty()) {
            System.err.println("something is not as it should be");
            System.exit(1);
        }
    }

    private static Findings storm(StormJvm jvm, Plan plan, Path folder) throws Exception {
        Findings findings = Storm.run(jvm, plan, Files.createDirectories(folder));
        System.out.println(folder + "\n" + findings);
        return findings;
    }

    private static String numbers(String arguments, long minutes, long timeout) {
        return """
                The numbers below are of `%s` (blows of each kind, restarts of all nodes, items of a map,
                milliseconds of a session): %d minutes on two processors, two storms at a time. Sessions are of %,d ms,
                of 10,000 ms where nodes are restarted in order.

                """
                .formatted(arguments, minutes, timeout);
    }

    private static final String TIMES = """

            ## How long it takes

            "Taken over": from the blow at a node until what it had begun, a body or a job, was begun on another one.
            "Pause": the longest time after a blow in which no job ended at all. The last columns are a histogram, in
            milliseconds.

            """;
}
