package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The jobs of a queue that are done or cancelled, and when they may be forgotten: one after a while, by this node's
 * own clock from when it has first seen the end; the oldest also earlier, when there are too many, or their results take too
 * much. Dead letters are
 * none of them.
 *
 * <p>Threads: one task.
 */
public final class EndedJobs {

    private static final Duration LONG = Duration.ofHours(1);

    /** How long until one is looked at again that is kept although its time has passed. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final long keepNanos;
    private final int most;
    private final long mostBytes;
    private final Consumer<Key> skipped;

    /** The oldest first. */
    private final Map<String, Known> known = new LinkedHashMap<>();

    /** How many of each batch there are. */
    private final Map<String, Integer> batches = new HashMap<>();

    private Picture picture = Picture.NONE;

    /** Of the results of all of them. */
    private long bytes;

    /**
     * None yet.
     *
     * @param skipped told of an entry that is no end that this version can read
     */
    public EndedJobs(Duration keep, int most, long mostBytes, Consumer<Key> skipped) {
        this.skipped = skipped;
        this.mostBytes = mostBytes;
        this.keepNanos = keep.compareTo(Duration.ofDays(36_500)) < 0 ? keep.toNanos() : Long.MAX_VALUE / 2;
        this.most = most;
    }

    /**
     * A job that is done or cancelled.
     *
     * @param job the name of its entries
     * @param version of the entry of its end
     */
    public record Known(String job, long created, long changed, long version, long seenAt, EndedJob end) {

        private Known seen(Entry entry) {
            return new Known(job, created, entry.changed(), entry.version(), seenAt, end);
        }
    }

    /** Takes over what is new. */
    public void look(Picture next, long now) {
        if (next == picture) {
            return;
        }
        List<Known> fresh = new ArrayList<>();
        next.entries().changesSince(picture.entries(), gone -> forget(gone.key().name()), entry -> {
            String job = entry.key().name();
            Known one = known.get(job);
            if (one != null && one.created == entry.created()) {
                known.put(job, one.seen(entry));
                return;
            }
            forget(job);
            EndedJob.decode(entry.value()).ifPresentOrElse(end -> {
                if (end.kind() != EndedJob.Kind.DEAD) {
                    fresh.add(new Known(job, entry.created(), entry.changed(), entry.version(), now, end));
                }
            }, () -> skipped.accept(entry.key()));
        });
        picture = next;
        fresh.sort(Comparator.comparingLong(Known::created));
        for (Known one : fresh) {
            known.put(one.job, one);
            bytes += one.end.bytes();
            if (!one.end.batch().isEmpty()) {
                batches.merge(one.end.batch(), 1, Integer::sum);
            }
        }
    }

    private void forget(String job) {
        Known gone = known.remove(job);
        if (gone != null) {
            bytes -= gone.end.bytes();
            batches.computeIfPresent(gone.end.batch(), (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** How a job has ended, as far as one sees; dead letters, too. */
    public Optional<EndedJob> find(String job) {
        return Optional.ofNullable(picture.entries().get(job)).flatMap(entry -> EndedJob.decode(entry.value()));
    }

    /** Whether one of a batch is known. */
    public boolean knows(String batch) {
        return batches.containsKey(batch);
    }

    /**
     * Those that may be forgotten, the oldest first, so many at most. One that another job waits for is kept, beyond all
     * bounds, until that has ended: it is not counted. Who waits for it has said so in the commit that made him, which has
     * changed this end if it was there; so whoever sees all jobs up to that change sees him.
     *
     * @param open all that have not ended, up to their stamp
     */
    public List<Known> old(long now, int limit, OpenJobs open) {
        List<Known> old = new ArrayList<>();
        int left = known.size();
        long leftBytes = bytes;
        for (String job : open.awaited().awaited()) {
            Known kept = known.get(job);
            left -= kept == null ? 0 : 1;
            leftBytes -= kept == null ? 0 : kept.end.bytes();
        }
        for (Known one : known.values()) {
            if (old.size() == limit || (left <= most && leftBytes <= mostBytes && now - one.seenAt < keepNanos)) {
                break;
            }
            if (!open.awaited().awaited().contains(one.job) && one.changed <= open.stamp()) {
                old.add(one);
                left--;
                leftBytes -= one.end.bytes();
            }
        }
        return old;
    }

    /** How long until the next may be forgotten, at most an hour. */
    public Duration untilNext(long now) {
        if (known.isEmpty()) {
            return LONG;
        }
        Duration left = Duration.ofNanos(known.values().iterator().next().seenAt + keepNanos - now);
        return left.isNegative() ? KEPT : left.compareTo(LONG) < 0 ? left : LONG;
    }
}
