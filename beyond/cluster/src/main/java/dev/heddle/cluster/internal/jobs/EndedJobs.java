package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The jobs of a queue that are done or cancelled, and when they may be forgotten: one after a while, by this node's
 * own clock from when it has first seen the end; the oldest also earlier, when there are too many. Dead letters are
 * none of them.
 *
 * <p>Threads: one task.
 */
public final class EndedJobs {

    private static final Duration LONG = Duration.ofHours(1);

    private final long keepNanos;
    private final int most;
    private final Consumer<Key> skipped;

    /** The oldest first. */
    private final Map<String, Known> known = new LinkedHashMap<>();

    private Picture picture = Picture.NONE;

    /**
     * None yet.
     *
     * @param skipped told of an entry that is no end that this version can read
     */
    public EndedJobs(Duration keep, int most, Consumer<Key> skipped) {
        this.skipped = skipped;
        this.keepNanos = keep.compareTo(Duration.ofDays(36_500)) < 0 ? keep.toNanos() : Long.MAX_VALUE / 2;
        this.most = most;
    }

    private record Known(long created, long seenAt) {}

    /** Takes over what is new. */
    public void look(Picture next, long now) {
        if (next == picture) {
            return;
        }
        List<Entry> fresh = new ArrayList<>();
        next.entries().changesSince(picture.entries(), gone -> known.remove(gone.key().name()), entry -> {
            Known one = known.get(entry.key().name());
            if (one == null || one.created != entry.created()) {
                known.remove(entry.key().name());
                EndedJob.decode(entry.value()).ifPresentOrElse(end -> {
                    if (end.kind() != EndedJob.Kind.DEAD) {
                        fresh.add(entry);
                    }
                }, () -> skipped.accept(entry.key()));
            }
        });
        picture = next;
        fresh.sort(Comparator.comparingLong(Entry::created));
        for (Entry entry : fresh) {
            known.put(entry.key().name(), new Known(entry.created(), now));
        }
    }

    /** Those that may be forgotten, the oldest first, so many at most. */
    public List<String> old(long now, int limit) {
        List<String> old = new ArrayList<>();
        int left = known.size();
        for (Map.Entry<String, Known> one : known.entrySet()) {
            if (old.size() == limit || (left <= most && now - one.getValue().seenAt < keepNanos)) {
                break;
            }
            old.add(one.getKey());
            left--;
        }
        return old;
    }

    /** How long until the next may be forgotten, at most an hour. */
    public Duration untilNext(long now) {
        if (known.isEmpty()) {
            return LONG;
        }
        Duration left = Duration.ofNanos(known.values().iterator().next().seenAt + keepNanos - now);
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONG) < 0 ? left : LONG;
    }
}
