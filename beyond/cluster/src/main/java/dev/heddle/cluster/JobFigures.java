package dev.heddle.cluster;

import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.internal.jobs.RunningJob;
import dev.heddle.cluster.internal.jobs.WorkerFacts;
import dev.heddle.cluster.store.Entry;
import dev.heddle.internal.sight.Counter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.LongStream;

/** The figures of a queue and of its kinds, counted from the entries that a node sees. */
final class JobFigures {

    private static final Duration LATELY = Duration.ofMinutes(5);

    private static final double SLOW = 0.95;

    private JobFigures() {}

    /** What the statistics are, at one moment. */
    record KindStatistics(String kind, int waiting, int retrying, int running, int dead, int done, int slots,
            double donePerMinute, Duration oldestWaiting, Duration medianRun, Duration slowRun, Duration medianWait,
            Duration slowWait) implements JobKindStatistics {}

    /** What the statistics are, at one moment. */
    record Statistics(int waiting, int ready, int running, int dead, int ended, Duration oldestWaiting,
            Duration longestRunning, Set<String> unhandled, int slots, boolean isPaused, Set<String> pausedNames)
            implements
                JobsStatistics {
        Statistics {
            pausedNames = Set.copyOf(pausedNames);
            unhandled = Set.copyOf(unhandled);
        }
    }

    /** What the statistics are, at one moment. */
    record NodeStatistics(int waiting, int ready, int running, int dead, int ended, double oldestWaitingSeconds,
            double longestRunningSeconds, int unhandled, boolean isPaused, int slots, int backlog, double load,
            int limit, int here, @Counter long done, @Counter long failed,
            @Counter long dropped) implements JobsNodeStatistics {}

    /** What the numbers of a batch are, at one moment. */
    record Batch(int open, int dead, long done, long cancelled) implements JobBatch {}

    /** What is counted of one kind. */
    private static final class Tally {
        private int waiting;
        private int retrying;
        private int running;
        private int dead;
        private int slots;
        private int lately;
        private long oldest = Long.MAX_VALUE;
        private final LongStream.Builder ran = LongStream.builder();
        private final LongStream.Builder waited = LongStream.builder();
        private int done;

        KindStatistics statistics(String kind, long now) {
            long[] runs = ran.build().sorted().toArray();
            long[] waits = waited.build().sorted().toArray();
            return new KindStatistics(kind, waiting, retrying, running, dead, done, slots,
                    lately / (double) LATELY.toMinutes(), Duration.ofMillis(Math.max(0, now - Math.min(now, oldest))),
                    share(runs, 0.5), share(runs, SLOW), share(waits, 0.5), share(waits, SLOW));
        }

        private static Duration share(long[] sorted, double share) {
            return sorted.length == 0
                    ? Duration.ZERO
                    : Duration.ofMillis(sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))]);
        }
    }

    /** @param look gives the entries of a directory */
    static JobsStatistics of(JobKeys keys, Function<String, Map<String, Entry>> look, long now) {
        Map<String, Entry> running = look.apply(keys.running());
        Set<String> control = look.apply(keys.control()).keySet();
        Set<String> held = JobKeys.pausedNames(control);
        Set<String> handled = new HashSet<>();
        int slots = 0;
        for (Entry entry : look.apply(keys.workers()).values()) {
            Map<String, Integer> limits = WorkerFacts.decode(entry.value()).map(WorkerFacts::limits).orElse(Map.of());
            handled.addAll(limits.keySet());
            slots += limits.values().stream().mapToInt(limit -> limit).sum();
        }
        Set<String> unhandled = new TreeSet<>();
        long oldest = now;
        long first = now;
        int waiting = 0;
        int ready = 0;
        int runs = 0;
        int dead = 0;
        for (Entry entry : look.apply(keys.open()).values()) {
            Optional<OpenJob> form = OpenJob.decode(entry.value());
            if (form.isPresent() && form.get().dead()) {
                dead++;
            } else if (running.containsKey(entry.key().name())) {
                runs++;
                first = Math.min(first, orNow(RunningJob.decode(running.get(entry.key().name()).value())
                        .map(RunningJob::begunAt), now));
            } else {
                waiting++;
                ready += form.filter(job -> !job.blocked() && job.readyAt() <= now
                        && !held.contains(job.name())).isPresent() ? 1 : 0;
                oldest = Math.min(oldest, orNow(form.map(OpenJob::readyAt), now));
                form.map(OpenJob::name).filter(name -> !handled.contains(name)).ifPresent(unhandled::add);
            }
        }
        int ended = Math.max(0, look.apply(keys.ended()).size() - dead);
        return new Statistics(waiting, ready, runs, dead, ended, Duration.ofMillis(now - oldest),
                Duration.ofMillis(now - first), unhandled, slots, control.contains(keys.paused().name()),
                held);
    }

    private static long orNow(Optional<Long> millis, long now) {
        return millis.filter(known -> known > 0).orElse(now);
    }

    /** @param look gives the entries of a directory */
    static List<JobKindStatistics> ofKinds(JobKeys keys, Function<String, Map<String, Entry>> look, long now) {
        Map<String, Tally> kinds = new TreeMap<>();
        Map<String, Entry> running = look.apply(keys.running());
        for (Entry entry : look.apply(keys.workers()).values()) {
            WorkerFacts.decode(entry.value()).ifPresent(worker -> worker.limits().forEach(
                    (kind, limit) -> of(kinds, kind).slots += limit));
        }
        for (Entry entry : look.apply(keys.open()).values()) {
            OpenJob.decode(entry.value()).ifPresent(
                    job -> open(of(kinds, job.name()), job, running.containsKey(entry.key().name()), now));
        }
        for (Entry entry : look.apply(keys.ended()).values()) {
            EndedJob.decode(entry.value()).filter(job -> job.kind() == EndedJob.Kind.DONE)
                    .ifPresent(job -> done(of(kinds, job.name()), job, now));
        }
        return kinds.entrySet().stream()
                .<JobKindStatistics>map(each -> each.getValue().statistics(each.getKey(), now)).toList();
    }

    private static Tally of(Map<String, Tally> kinds, String kind) {
        return kinds.computeIfAbsent(kind, _ -> new Tally());
    }

    private static void open(Tally tally, OpenJob job, boolean runs, long now) {
        if (job.dead()) {
            tally.dead++;
        } else if (runs) {
            tally.running++;
        } else {
            tally.waiting++;
            tally.retrying += job.failures() > 0 ? 1 : 0;
            if (job.readyAt() > 0 && job.readyAt() <= now) {
                tally.oldest = Math.min(tally.oldest, job.readyAt());
            }
        }
    }

    private static void done(Tally tally, EndedJob job, long now) {
        tally.done++;
        tally.lately += now - job.endedAt() < LATELY.toMillis() ? 1 : 0;
        if (job.begunAt() > 0) {
            tally.ran.add(Math.max(0, job.endedAt() - job.begunAt()));
            if (job.readyAt() > 0) {
                tally.waited.add(Math.max(0, job.begunAt() - job.readyAt()));
            }
        }
    }
}
