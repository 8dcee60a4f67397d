package dev.heddle.cluster.internal.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Heddle;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.ImmutableTree;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class OpenJobsTest {

    private static final Bytes JOB = job("work").encode();

    private static OpenJob job(String name) {
        var terms = new JobTerms.Draft();
        terms.name = name;
        return OpenJob.of(terms.terms(), 0);
    }

    private static Picture picture(Entry... entries) {
        ImmutableTree<Entry> all = ImmutableTree.empty();
        for (Entry entry : entries) {
            all = all.with(entry.key().name(), entry);
        }
        return new Picture(all, 9);
    }

    private static Entry entry(String name, Bytes value, long stamp) {
        return new Entry(new Key("jobs", name), value, 0, stamp, stamp, Entry.NO_OWNER);
    }

    @Test
    void jobThatIsGoneIsSeenToBeSoBesideEntriesThatCannotBeRead() {
        Sim.run(() -> {
            OpenJobs jobs = new OpenJobs(Heddle.currentLoop(), _ -> {}, null);
            Entry broken = entry("broken", Bytes.utf8("?"), 3);
            jobs.look(picture(entry("a", JOB, 1), entry("b", JOB, 2), broken));
            assertNotNull(jobs.find("a"));
            assertEquals(2, jobs.ready().size());
            jobs.look(picture(entry("b", JOB, 2), broken));
            assertNull(jobs.find("a"));
            assertEquals(1, jobs.ready().size());
        });
    }

    @Test
    void jobWhoseEntryCannotBeReadAnyMoreIsNone() {
        Sim.run(() -> {
            OpenJobs jobs = new OpenJobs(Heddle.currentLoop(), _ -> {}, null);
            jobs.look(picture(entry("a", JOB, 1), entry("b", JOB, 2)));
            jobs.look(picture(entry("a", Bytes.utf8("?"), 3), entry("b", JOB, 2)));
            assertNull(jobs.find("a"));
            assertNotNull(jobs.find("b"));
            assertEquals(1, jobs.ready().size());
        });
    }

    @Test
    void deadlineIsNotMovedByAChangeOfItsJobUnlessThatIsTriedAgainAfterItsDeath() {
        Sim.run(() -> {
            OpenJobs jobs = new OpenJobs(Heddle.currentLoop(), _ -> {}, null);
            var terms = new JobTerms.Draft();
            terms.name = "work";
            terms.deadlineMillis = 60_000;
            OpenJob form = OpenJob.of(terms.terms(), 0);
            jobs.look(picture(changed(form, 1)));
            long expires = find(jobs).expiresAt();
            Heddle.sleep(Duration.ofSeconds(10));
            jobs.look(picture(changed(form.begun(), 2))); // by a node that saw it later, and knows no better
            assertEquals(expires, find(jobs).expiresAt());
            assertEquals(50_001, find(jobs).now().leftMillis());
            OpenJobs next = new OpenJobs(Heddle.currentLoop(), _ -> {}, jobs);
            next.look(picture(changed(form.begun(), 2)));
            assertEquals(expires, find(next).expiresAt());
            OpenJob dead = form.begun().buried(FailedAttempt.NONE, 0);
            next.look(picture(changed(dead, 3)));
            next.look(picture(changed(dead.revived(0), 4)));
            assertEquals(expires + 10_000_000_000L, find(next).expiresAt());
        });
    }

    private static OpenJobs.Seen find(OpenJobs jobs) {
        return Objects.requireNonNull(jobs.find("a"));
    }

    private static Entry changed(OpenJob form, long stamp) {
        return new Entry(new Key("jobs", "a"), form.encode(), stamp - 1, 1, stamp, Entry.NO_OWNER);
    }
}
