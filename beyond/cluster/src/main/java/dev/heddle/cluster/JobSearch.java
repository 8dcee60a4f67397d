package dev.heddle.cluster;

import dev.heddle.cluster.JobQuery.Status;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.ReadConsistency;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The search among the jobs of a queue, which reads the directories that may have some of those that are asked for. */
final class JobSearch {

    private static final Comparator<Found> ORDER = Comparator.comparing(Found::hasEnded)
            .thenComparingLong(found -> found.hasEnded ? -found.created : found.created)
            .thenComparing(found -> found.job.id());

    private JobSearch() {}

    /**
     * A job with its place in the order.
     *
     * @param created the stamp of the commit that made its entry
     */
    record Found(JobSnapshot job, boolean hasEnded, long created) {

        /** The place as text: what comes behind it comes behind this job, also when that is no more known. */
        String cursor() {
            return (hasEnded ? "e" : "o") + created + '-' + job.id();
        }
    }

    /** What a page is. */
    record Page(List<JobSnapshot> jobs, int found, Optional<String> next) implements JobPage {}

    /** All that fit, in order. */
    static List<Found> all(Lease lease, JobKeys keys, JobQuery filter) {
        List<Found> found = new ArrayList<>();
        if (filter.wants(Status.WAITING, Status.RUNNING, Status.DEAD)) {
            Map<String, Entry> running = new HashMap<>();
            fresh(lease, keys.running()).forEach(entry -> running.put(entry.key().name(), entry));
            List<Entry> open = fresh(lease, keys.open());
            Map<String, Entry> ended = new HashMap<>();
            if (open.stream().anyMatch(entry -> OpenJob.decode(entry.value()).filter(OpenJob::blocked).isPresent())) {
                fresh(lease, keys.ended()).forEach(entry -> ended.put(entry.key().name(), entry));
            }
            for (Entry entry : open) {
                OpenJob.decode(entry.value()).ifPresent(form -> found.add(new Found(
                        JobSnapshots.of(Names.decode(entry.key().name()), form,
                                Optional.ofNullable(running.get(entry.key().name())), form.failure(),
                                JobSnapshots.awaited(form, other -> Optional.ofNullable(ended.get(other)))),
                        false, entry.created())));
            }
        }
        if (filter.wants(Status.DONE, Status.CANCELLED)) {
            for (Entry entry : fresh(lease, keys.ended())) {
                EndedJob.decode(entry.value()).filter(end -> end.kind() != EndedJob.Kind.DEAD) // those are open, too
                        .ifPresent(end -> found.add(new Found(
                                JobSnapshots.of(Names.decode(entry.key().name()), end), true, entry.created())));
            }
        }
        found.removeIf(each -> !filter.fits(each.job));
        found.sort(ORDER);
        return found;
    }

    static List<Entry> fresh(Lease lease, String directory) {
        return lease.store().list(directory, ReadConsistency.FRESH).join().entries();
    }

    /** @param after the cursor of the last job before it; empty for the first page */
    static JobPage page(List<Found> all, int limit, String after) {
        int from = 0;
        if (!after.isEmpty()) {
            Cursor cursor = Cursor.read(after);
            while (from < all.size() && cursor.compare(all.get(from)) >= 0) {
                from++;
            }
        }
        int to = Math.min(all.size(), from + limit);
        return new Page(all.subList(from, to).stream().map(Found::job).toList(), all.size(),
                to < all.size() && to > 0 ? Optional.of(all.get(to - 1).cursor()) : Optional.empty());
    }

    /** A place in the order. */
    private record Cursor(boolean hasEnded, long created, String id) {

        static Cursor read(String text) {
            int dash = text.indexOf('-');
            if (!text.matches("[oe]\\d{1,18}-.*")) {
                throw new IllegalArgumentException("no end of a page of jobs: " + text);
            }
            return new Cursor(
                    text.charAt(0) == 'e', Long.parseLong(text.substring(1, dash)), text.substring(dash + 1));
        }

        int compare(Found other) {
            if (hasEnded != other.hasEnded) {
                return hasEnded ? 1 : -1;
            }
            int byStamp = hasEnded
                    ? Long.compare(other.created, created)
                    : Long.compare(created, other.created);
            return byStamp != 0 ? byStamp : id.compareTo(other.job.id());
        }
    }
}
