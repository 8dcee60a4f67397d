package dev.heddle.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All benchmarks, in the order in which {@code all} runs them. */
final class Suite {

    static final List<Benchmark> BENCHMARKS = Stream.of(
            Switching.benchmarks(),
            Spawning.benchmarks(),
            Parking.benchmarks(),
            List.of(Cancelling.benchmark()),
            Channels.benchmarks(),
            Timing.benchmarks(),
            Locking.benchmarks(),
            Generating.benchmarks(),
            Fetching.benchmarks(),
            Starting.benchmarks(),
            Launching.benchmarks(),
            FirstRequests.benchmarks(),
            Delegating.benchmarks(),
            Queueing.benchmarks(),
            Clustering.benchmarks(),
            ClusterGrowth.benchmarks(),
            Jobbing.benchmarks(),
            Serving.benchmarks(),
            Http3Serving.benchmarks(),
            Http3Losing.benchmarks(),
            Http3Idling.benchmarks(),
            Fronting.benchmarks(),
            Putting.benchmarks(),
            Packing.benchmarks(),
            Conversing.benchmarks(),
            FanningOut.benchmarks(),
            Commanding.benchmarks(),
            Echoing.benchmarks(),
            Pacing.benchmarks(),
            LookingUp.benchmarks(),
            Securing.benchmarks(),
            Idling.benchmarks(),
            Crowding.benchmarks(),
            Streaming.benchmarks(),
            Watching.benchmarks(),
            Dumping.benchmarks(),
            Growth.benchmarks(),
            Allocating.benchmarks(),
            Collecting.benchmarks(),
            Residing.benchmarks())
            .flatMap(List::stream)
            .toList();

    /** Names that stand for some. */
    private static final Map<String, List<String>> GROUPS = Map.ofEntries(
            Map.entry("all", names()),
            Map.entry("http", http()),
            Map.entry("process", named("process-")),
            Map.entry("sight", named("sight-")),
            Map.entry("cluster", named("cluster-")),
            Map.entry("jobs", named("jobs-")),
            Map.entry("growth", named("growth-")),
            Map.entry("allocation", named("allocation-")),
            Map.entry("collectors", named("collectors-")),
            Map.entry("names", named("names-")),
            Map.entry("documents", Originals.names()));

    private Suite() {}

    /** All that is about HTTP, servers and clients. */
    private static List<String> http() {
        return names().stream().filter(name -> name.startsWith("http-") || name.startsWith("fetch")).toList();
    }

    private static List<String> named(String prefix) {
        return names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** Whether a side is Heddle's, where there is such a benchmark. */
    static boolean isOurs(String benchmark, String side) {
        return BENCHMARKS.stream()
                .filter(each -> each.name().equals(benchmark))
                .flatMap(each -> each.sides().stream())
                .anyMatch(each -> each.ours() && each.name().equals(side));
    }

    /** The names that a name or the name of a group stands for. */
    static List<String> expand(String name) {
        return GROUPS.getOrDefault(name, List.of(name));
    }

    static List<String> names() {
        return BENCHMARKS.stream().map(Benchmark::name).toList();
    }

    /**
     * @throws IllegalArgumentException if there is none of that name
     */
    static Benchmark find(String name) {
        return BENCHMARKS.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no benchmark is named " + name));
    }
}
