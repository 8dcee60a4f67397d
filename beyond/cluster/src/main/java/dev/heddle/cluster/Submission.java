package dev.heddle.cluster;

import dev.heddle.cluster.internal.Commits;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.JobTerms;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.StoreLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Jobs to be submitted in one commit. One that turns out to be known leaves it, and the others go on without it.
 *
 * <p>A job that waits for others needs them to be known: the commit checks that those that have not ended are there, and
 * writes to the ends of those that have, so that nobody forgets them who has not seen this job.
 *
 * <p>Not for several threads.
 */
final class Submission {

    private final JobKeys keys;

    /** The ids of all of its jobs, in order; those of jobs that were there already as these are known. */
    private final List<String> ids = new ArrayList<>();

    /** Those that are not submitted yet, by their place. */
    private final List<Job> left = new ArrayList<>();

    /** What became of ids of the whole list that are another job's now. */
    private final Map<String, String> others;

    /** Whose operation each is, of the last commit. */
    private final List<@Nullable Job> owners = new ArrayList<>();

    /** A job by its place. */
    private record Job(int place, String id, JobTerms terms, long delayMillis, Bytes payload) {}

    private Submission(JobKeys keys, Map<String, String> others) {
        this.keys = keys;
        this.others = others;
    }

    /** Divides a list into parts that fit into a commit each. */
    static List<Submission> of(JobKeys keys, List<JobSpec> specs, Supplier<String> newId, long now,
            JobsOptions options) {
        check(specs);
        Map<String, String> others = new HashMap<>();
        List<Submission> parts = new ArrayList<>();
        Submission part = new Submission(keys, others);
        Set<String> known = new HashSet<>();
        int ops = 0;
        long bytes = 0;
        long payloads = 0;
        for (JobSpec spec : specs) {
            String id = spec.id().isEmpty() ? newId.get() : spec.id();
            JobTerms terms = spec.terms(now);
            Job job = new Job(part.ids.size(), id, terms, spec.delay().toMillis(), spec.payload());
            int more = 2 + (spec.key().isEmpty() ? 0 : 1)
                    + (int) spec.after().stream().filter(each -> !known.contains(each)).count();
            long size = spec.payload().length() + part.form(job).encode().length() + id.length() * 3L;
            if (!part.ids.isEmpty() && (ops + more > Commits.MAX_OPS || bytes + size > StoreLimits.MAX_COMMIT - 1000
                    || part.ids.size() == options.capacity()
                    || payloads + spec.payload().length() > options.maxPayloadBytes())) {
                parts.add(part);
                part = new Submission(keys, others);
                job = new Job(0, id, terms, spec.delay().toMillis(), spec.payload());
                known.clear();
                more = 3 + spec.after().size();
                ops = 0;
                bytes = 0;
                payloads = 0;
            }
            part.ids.add(id);
            part.left.add(job);
            known.add(id);
            known.addAll(spec.after());
            ops += more;
            bytes += size;
            payloads += spec.payload().length();
        }
        if (!part.ids.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    /** One job of a given id. */
    static Submission of(JobKeys keys, String id, JobTerms terms, Bytes payload) {
        Submission one = new Submission(keys, new HashMap<>());
        one.ids.add(id);
        one.left.add(new Job(0, id, terms, 0, payload));
        return one;
    }

    private static void check(List<JobSpec> specs) {
        Set<String> ids = new HashSet<>();
        Set<String> uniques = new HashSet<>();
        Set<String> awaited = new HashSet<>();
        Set<String> batches = new HashSet<>();
        for (JobSpec spec : specs) {
            if (!spec.id().isEmpty() && !ids.add(spec.id())) {
                throw new IllegalArgumentException("two jobs of a list have the id " + spec.id());
            }
            if (!spec.key().isEmpty() && !uniques.add(spec.key())) {
                throw new IllegalArgumentException("two jobs of a list have the unique key " + spec.key());
            }
            if (awaited.contains(spec.id())) {
                throw new IllegalArgumentException("the job " + spec.id()
                        + " comes in the list after one that waits for it: put it before");
            }
            if (batches.contains(spec.batch())) {
                throw new IllegalArgumentException("a job of the batch " + spec.batch()
                        + " comes in the list after one that waits for that batch: put it before");
            }
            spec.after().stream().filter(id -> !ids.contains(id)).forEach(awaited::add);
            if (!spec.afterBatch().isEmpty()) {
                batches.add(spec.afterBatch());
            }
        }
    }

    /** How many are not submitted yet. */
    int size() {
        return left.size();
    }

    /** The bytes of their payloads. */
    int bytes() {
        return left.stream().mapToInt(job -> job.payload.length()).sum();
    }

    /** Whether all of them are known. */
    boolean isKnown() {
        return left.isEmpty();
    }

    /** Their ids, in the order of the list. */
    List<String> ids() {
        return ids;
    }

    /** The ids of all that its jobs wait for. */
    Set<String> awaited() {
        return left.stream().flatMap(job -> job.terms.after().stream()).collect(Collectors.toSet());
    }

    private OpenJob form(Job job) {
        List<String> after = job.terms.after().stream().map(id -> others.getOrDefault(id, id)).toList();
        return OpenJob.of(job.terms.placed(job.place, after), job.delayMillis);
    }

    /**
     * The operations of the commit; none if a job turns out to be known.
     *
     * @throws JobForgottenException if a job that one of them waits for is not known
     */
    List<Op> ops(Function<Key, Optional<Entry>> read) {
        owners.clear();
        List<Op> ops = new ArrayList<>();
        Set<String> here = new HashSet<>();
        Set<String> awaited = new LinkedHashSet<>();
        for (Job job : List.copyOf(left)) {
            OpenJob form = form(job);
            for (String id : form.terms().after()) {
                if (!here.contains(id) && awaited.add(id)) {
                    Optional<Op> check = check(id, read);
                    if (check.isEmpty() && read.apply(keys.record(Names.encode(job.id))).isPresent()) {
                        known(job, job.id);
                        return List.of();
                    }
                    ops.add(check.orElseThrow(() -> new JobForgottenException("there is no job " + id + " of "
                            + keys.queue() + ", or no more: a job waits only for those that are known")));
                    owners.add(null);
                }
            }
            List<Op> own = keys.submit(Names.encode(job.id), form, job.payload);
            ops.addAll(own);
            own.forEach(_ -> owners.add(job));
            here.add(job.id);
        }
        return ops;
    }

    private Optional<Op> check(String id, Function<Key, Optional<Entry>> read) {
        Key open = keys.open(Names.encode(id));
        if (read.apply(open).isPresent()) {
            return Optional.of(new Op.Check(open, Op.ANY_VERSION));
        }
        return read.apply(keys.ended(Names.encode(id)))
                .map(end -> new Op.Set(end.key(), end.value(), end.version()));
    }

    /** All that were left are submitted. */
    void submitted() {
        left.clear();
    }

    /** The commit was refused, for the operation of an index. */
    void refused(int index, Function<Key, Optional<Entry>> read) {
        Job job = owners.get(index);
        if (job == null) {
            return; // one that is waited for has ended just now
        }
        if ((index + 1 < owners.size() && job.equals(owners.get(index + 1))) || job.terms.key().isEmpty()) {
            known(job, job.id);
            return;
        }
        // With a unique key the last operation is about that; the holder may have ended by now.
        read.apply(keys.unique(job.terms.key()))
                .ifPresent(holder -> known(job, Names.decode(holder.value().utf8())));
    }

    private void known(Job job, String id) {
        left.remove(job);
        ids.set(job.place, id);
        if (!id.equals(job.id)) {
            others.put(job.id, id);
        }
    }
}
