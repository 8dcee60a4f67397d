package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A year of deploys finds what is planted. A class of its own, so that it runs beside the year. */
final class ClusterYearBugsTest {

    private static final List<PlantedBug> BUGS = List.of(
            bug("a rate can never be changed", "ClusterRateLimiter.java",
                    "Turns turns = seen.get();",
                    "Turns turns = seen.get();\nif (!turns.limit.equals(limit())) { throw new"
                            + " IllegalStateException(\"another rate\"); }"),
            bug("a number of parties can never be changed", "ClusterBarrier.java", "state = state.of(parties);", ""),
            bug("a topic drops one message at a time", "ClusterTopic.java", "last.first + MAX_DROPPED",
                    "last.first + 1"),
            bug("a schedule that is said again begins anew", "internal/jobs/JobSchedule.java",
                    ".map(old -> new JobSchedule(times, old.last, old.submitted, terms, payload)).orElse(this)",
                    ".map(_ -> this).orElse(this)"),
            bug("a node that leaves does not say how much of a delay is left", "JobsWorker.java", "leader.leave();",
                    ""),
            bug("a renewed certificate is not read", "NodeSecurity.java", "if (sides.identity != current) {",
                    "if (sides == null) {"),
            bug("a certificate that was refused once is refused for ever", "internal/pool/Dispatcher.java",
                    "if (refusal.getCause() instanceof TlsException) {", "if (refusal.getMessage() == null) {"),
            bug("a certificate that has ended is a failure like others", "internal/pool/RemoteSession.java",
                    "why = refusal(e);", "why = e;"),
            bug("a store that has gone back is taken as it is", "internal/Lease.java",
                    "if (found.compareTo(before) < 0) {", "if (found.compareTo(NOTHING_SEEN) < 0) {"),
            bug("a store that was wiped is taken as it is", "internal/Lease.java", "tellIfBegunAnew(before, found);",
                    ""));

    @Test
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachNumberThatCannotBeChangedIsFound() throws Exception {
        assertEquals(List.of(), PlantedBug.missed(BUGS, planted -> {
            var hunt = planted.plantBehind(ClusterYear.class).getDeclaredMethod("hunt", int.class);
            hunt.setAccessible(true);
            return (String) hunt.invoke(null, 5);
        }));
    }

    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, Path.of("src", "main", "java"), "dev/heddle/cluster/" + source, right, wrong);
    }
}
