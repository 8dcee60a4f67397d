package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.OpenJobs.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The waits of jobs of a queue for each other, as one node sees those that have not ended; all of it follows from their
 * entries.
 *
 * <p>A job waits for others by their ids, or for all jobs of a batch that are older than itself. Age is a total order: the
 * stamp of the commit that has made a job, then its place in that commit, then its id. So no two jobs wait for each other.
 *
 * <p>Not for several threads.
 */
public final class AwaitedJobs {

    private static final Comparator<Seen> BY_AGE = Comparator.<Seen>comparingLong(Seen::created)
            .thenComparingInt(job -> job.form().terms().place())
            .thenComparing(Seen::id);

    /** By the awaited job those that have it in their list, until they end. */
    private final Map<String, Set<String>> awaiting = new HashMap<>();

    private final Map<String, Batch> batches = new HashMap<>();

    /** Blocked jobs that may be so no more. */
    private final Set<String> news = new LinkedHashSet<>();

    AwaitedJobs() {}

    /** The jobs of a batch that have not ended, and who waits for them. */
    private static final class Batch {
        private final NavigableSet<Seen> alive = new TreeSet<>(BY_AGE);
        private final NavigableSet<Seen> dead = new TreeSet<>(BY_AGE);
        private final Set<String> awaiting = new HashSet<>();

        private boolean isUnused() {
            return alive.isEmpty() && dead.isEmpty() && awaiting.isEmpty();
        }
    }

    void add(Seen job) {
        JobTerms terms = job.form().terms();
        if (!terms.batch().isEmpty()) {
            Batch batch = batches.computeIfAbsent(terms.batch(), _ -> new Batch());
            (job.form().dead() ? batch.dead : batch.alive).add(job);
            if (job.form().dead()) {
                news.addAll(batch.awaiting);
            }
        }
        for (String id : terms.after()) {
            awaiting.computeIfAbsent(Names.encode(id), _ -> new HashSet<>()).add(job.id());
        }
        if (!terms.afterBatch().isEmpty()) {
            batches.computeIfAbsent(terms.afterBatch(), _ -> new Batch()).awaiting.add(job.id());
        }
        if (job.form().blocked()) {
            news.add(job.id());
        }
        if (job.form().dead()) {
            tell(job.id());
        }
    }

    /** @param gone whether it is there no more in any form */
    void remove(Seen job, boolean gone) {
        JobTerms terms = job.form().terms();
        news.remove(job.id());
        if (!terms.batch().isEmpty()) {
            Batch batch = batches.computeIfAbsent(terms.batch(), _ -> new Batch());
            batch.alive.remove(job);
            batch.dead.remove(job);
            if (gone) {
                news.addAll(batch.awaiting);
            }
            forgetUnused(terms.batch(), batch);
        }
        for (String id : terms.after()) {
            awaiting.computeIfPresent(Names.encode(id),
                    (_, jobs) -> jobs.remove(job.id()) && jobs.isEmpty() ? null : jobs);
        }
        if (!terms.afterBatch().isEmpty()) {
            Batch batch = batches.computeIfAbsent(terms.afterBatch(), _ -> new Batch());
            batch.awaiting.remove(job.id());
            forgetUnused(terms.afterBatch(), batch);
        }
        if (gone) {
            tell(job.id());
        }
    }

    private void forgetUnused(String name, Batch batch) {
        if (batch.isUnused()) {
            batches.remove(name);
        }
    }

    /** A job has ended: those that wait for it may go on. */
    public void tell(String job) {
        news.addAll(awaiting.getOrDefault(job, Set.of()));
    }

    /** A blocked job is to be looked at again. */
    public void again(String job) {
        news.add(job);
    }

    /** Gives the jobs that may be blocked no more, each once. */
    public List<String> takeNews() {
        List<String> taken = new ArrayList<>(news);
        news.clear();
        return taken;
    }

    /** The jobs whose results are still needed. */
    public Set<String> awaited() {
        return Collections.unmodifiableSet(awaiting.keySet());
    }

    /** Whether there are jobs that belong to a batch, or wait for it. */
    public boolean knows(String batch) {
        return batches.containsKey(batch);
    }

    /** Whether the batch that a job waits for has one that is older and has not ended. */
    public boolean isBatchOpen(Seen job) {
        Batch batch = batches.get(job.form().terms().afterBatch());
        return batch != null && (hasOlder(batch.alive, job)
                || (!job.form().terms().afterAnyEnd() && hasOlder(batch.dead, job)));
    }

    private static boolean hasOlder(NavigableSet<Seen> jobs, Seen than) {
        return !jobs.isEmpty() && BY_AGE.compare(jobs.first(), than) < 0;
    }
}
