package dev.heddle.cluster.internal.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.ImmutableTree;
import dev.heddle.cluster.internal.jobs.OpenJobs.Seen;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs of equal age never wait for each other, and no end is forgotten that one may wait for that is not seen yet. */
final class AwaitedJobsTest {

    private static Entry open(String id, long stamp, String batch, String afterBatch, String... after) {
        var terms = new JobTerms.Draft();
        terms.name = "work";
        terms.batch = batch;
        terms.afterBatch = afterBatch;
        terms.after = List.of(after);
        return entry(id, OpenJob.of(terms.terms(), 0).encode(), 0, stamp, stamp);
    }

    private static Entry ended(String id, long version, long changed) {
        return entry(id, Bytes.utf8("{\"status\":\"done\",\"name\":\"work\"}"), version, 1, changed);
    }

    private static Entry entry(String id, Bytes value, long version, long created, long changed) {
        return new Entry(new Key("jobs", id), value, version, created, changed, Entry.NO_OWNER);
    }

    private static Picture picture(long stamp, Entry... entries) {
        ImmutableTree<Entry> all = ImmutableTree.empty();
        for (Entry entry : entries) {
            all = all.with(entry.key().name(), entry);
        }
        return new Picture(all, stamp);
    }

    @Test
    void ofJobsOfOneCommitThatWaitForEachOthersBatchesOneIsTheOlder() {
        Sim.run(() -> {
            OpenJobs jobs = new OpenJobs(Heddle.currentLoop(), _ -> {}, null);
            jobs.look(picture(7, open("a", 7, "x", "y"), open("b", 7, "y", "x"), open("c", 7, "x", "")));
            List<Seen> pair = Stream.of("a", "b").map(jobs::find).map(Objects::requireNonNull).toList();
            assertEquals(List.of(false, true), pair.stream().map(jobs.awaited()::isBatchOpen).toList());
            // The one that waits does so for an older one only: not for c, which is not.
            jobs.look(picture(8, open("b", 7, "y", "x"), open("c", 7, "x", "")));
            assertTrue(jobs.awaited().takeNews().contains("b"));
            assertEquals(false, jobs.awaited().isBatchOpen(Objects.requireNonNull(jobs.find("b"))));
            assertEquals(0, jobs.ready().size() - 1); // c, for whom nothing is in the way
        });
    }

    @Test
    void endIsForgottenOnlyByWhoeverSeesAllJobsUpToItsLastChange() {
        Sim.run(() -> {
            EndedJobs ends = new EndedJobs(Duration.ofMillis(1), 10, 1_000_000, _ -> {});
            OpenJobs jobs = new OpenJobs(Heddle.currentLoop(), _ -> {}, null);
            ends.look(picture(9, ended("first", 1, 9), ended("second", 0, 4)), 0);
            jobs.look(picture(8, open("other", 2, "", "")));
            long later = Duration.ofSeconds(1).toNanos();
            // Who waits for the first has changed its end with the stamp 9, and is not in the picture of 8.
            assertEquals(List.of("second"), ends.old(later, 9, jobs).stream().map(EndedJobs.Known::job).toList());
            jobs.look(picture(9, open("waits", 9, "", "", "first")));
            assertEquals(List.of("second"), ends.old(later, 9, jobs).stream().map(EndedJobs.Known::job).toList());
            jobs.look(picture(10));
            assertEquals(List.of("first:1", "second:0"), ends.old(later, 9, jobs).stream()
                    .map(each -> each.job() + ':' + each.version()).toList());
        });
    }
}
