package dev.heddle.cluster;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Bugs in the cluster that bad days are to find. */
final class ClusterBugs {

    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Each kind of broken promise. */
    static final List<PlantedBug> ALL = List.of(
            bug(
                    "a lease is believed in for all of the session's timeout",
                    "internal/Lease.java",
                    "toNanos() / 3 * 2;",
                    "toNanos();"),
            bug(
                    "an unknown outcome is taken for a failure",
                    "internal/Commits.java",
                    "seen.filter(entry -> entry.value().equals(number))",
                    "seen.filter(entry -> entry.value().equals(number) && cause.isEmpty())"),
            bug(
                    "an unknown outcome is taken for done: the witness has the number of another commit",
                    "internal/Commits.java",
                    "Long.toString(numbers.incrementAndGet())",
                    "\"1\""),
            bug(
                    "a gap of a watch is ignored",
                    "internal/DirectoryView.java",
                    "case WatchEvent.Gap _ -> gap = true;",
                    "case WatchEvent.Gap _ -> gap = false;"),
            bug(
                    "whoever hears that somebody has left the line takes it for the first",
                    "internal/Places.java",
                    "line = before.without(positionOf(entry));",
                    "line = before.without(before.keySet().iterator().next());"),
            bug(
                    "one more than may be is served",
                    "internal/Places.java",
                    "return before < count;",
                    "return before <= count;"),
            bug(
                    "a released place is given again under its old token",
                    "internal/Places.java",
                    "place.grant = null;\n                place.phase = Phase.LEAVING;",
                    "place.grant = null;\n                place.phase = Phase.STANDING;"),
            bug(
                    "an entry that is not seen yet is taken for gone",
                    "internal/Places.java",
                    "place.created == 0 || now.stamp() < place.created || line",
                    "place.created == 0 || line"),
            bug(
                    "a picture is said to be newer than it is",
                    "internal/DirectoryView.java",
                    "Math.max(last().stamp(), signals.stamp)",
                    "Math.max(last().stamp(), signals.stamp + 3)"),
            bug(
                    "a picture has the stamp of a commit after its first signal",
                    "internal/DirectoryView.java",
                    "changed = signals.take(signals.stamp);",
                    "changed = Set.of();"),
            bug(
                    "a change of a counter passes over those of other nodes",
                    "ClusterCounter.java",
                    "new Op.Set(key, bytes, known.version)",
                    "new Op.Set(key, bytes, Op.ANY_VERSION)"),
            bug(
                    "a map is read as a server has it that lags behind",
                    "ClusterMap.java",
                    "node.lease().store().read(place, ReadConsistency.FRESH).join().map(ClusterMap::value)",
                    "node.lease().store().read(place, ReadConsistency.LOCAL).join().map(ClusterMap::value)"),
            bug(
                    "a change of a map passes over one that came between",
                    "ClusterMap.java",
                    "new Op.Set(place, value, old.get().version())",
                    "new Op.Set(place, value, Op.ANY_VERSION)"),
            bug(
                    "a job goes with the node that has submitted it",
                    "internal/jobs/JobKeys.java",
                    "new Op.Create(open(job), open.encode(), Lifetime.DURABLE)",
                    "new Op.Create(open(job), open.encode(), Lifetime.EPHEMERAL)"),
            bug(
                    "a job stays with the node that has died of it",
                    "JobsWorker.java",
                    "runningForm(attempt), Lifetime.EPHEMERAL)",
                    "runningForm(attempt), Lifetime.DURABLE)"),
            bug(
                    "bodies go on behind their node's fence",
                    "internal/pool/BodyServer.java",
                    "void fence() {",
                    "void fence() {\n        if (!leaving) {\n            return;\n        }"),
            bug(
                    "bodies that a node does for itself go on behind its fence",
                    "internal/pool/LocalSession.java",
                    "List.copyOf(turns.values()).forEach(turn",
                    "List.<BodyWorker.Turn>of().forEach(turn"));

    /** The number of days until one finds it, and what it finds. */
    record Found(int days, String words) {}

    private ClusterBugs() {}

    /** @param source the file, below {@code dev/heddle/cluster} */
    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, SOURCES, "dev/heddle/cluster/" + source, right, wrong);
    }

    /** Lives days in a copy of all of Heddle that has a bug; empty if none finds it. */
    static Optional<Found> find(PlantedBug bug, int most) throws Exception {
        Class<?> copy = bug.plantBehind(ClusterDay.class);
        var hunt = copy.getDeclaredMethod("hunt", int.class);
        hunt.setAccessible(true);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(copy.getClassLoader()); // by which bodies find their classes
        try {
            String[] found = (String[]) hunt.invoke(null, most);
            return found.length == 0
                    ? Optional.empty()
                    : Optional.of(new Found(Integer.parseInt(found[0]), found[1]));
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
