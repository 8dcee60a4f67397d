package dev.heddle.cluster;

import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.internal.jobs.WorkerFacts;
import dev.heddle.cluster.store.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;

/** The tally of a queue's jobs by kind. */
final class JobKinds {

    private static final Duration LATELY = Duration.ofMinutes(5);

    private static final double SLOW = 0.95;

    private JobKinds() {}

    /** What the statistics are, at one moment. */
    record Statistics(String kind, int waiting, int retrying, int running, int dead, int done, int slots,
            double donePerMinute, Duration oldestWaiting, Duration medianRun, Duration slowRun, Duration medianWait,
            Duration slowWait) implements JobKindStatistics {}

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

        Statistics statistics(String kind, long now) {
            long[] runs = ran.build().sorted().toArray();
            long[] waits = waited.build().sorted().toArray();
            return new Statistics(kind, waiting, retrying, running, dead, done, slots,
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
    static List<JobKindStatistics> tally(JobKeys keys, Function<String, Map<String, Entry>> look, long now) {
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
