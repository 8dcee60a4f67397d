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

    private final long keepNanos;
    private final int most;
    private final long mostBytes;
    private final Consumer<Key> skipped;

    /** The oldest first. */
    private final Map<String, Known> known = new LinkedHashMap<>();

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

    private record Known(long created, long seenAt, int bytes) {}

    /** Takes over what is new. */
    public void look(Picture next, long now) {
        if (next == picture) {
            return;
        }
        List<Entry> fresh = new ArrayList<>();
        Map<String, Integer> sizes = new HashMap<>();
        next.entries().changesSince(picture.entries(), gone -> forget(gone.key().name()), entry -> {
            Known one = known.get(entry.key().name());
            if (one == null || one.created != entry.created()) {
                forget(entry.key().name());
                EndedJob.decode(entry.value()).ifPresentOrElse(end -> {
                    if (end.kind() != EndedJob.Kind.DEAD) {
                        fresh.add(entry);
                        sizes.put(entry.key().name(), end.bytes());
                    }
                }, () -> skipped.accept(entry.key()));
            }
        });
        picture = next;
        fresh.sort(Comparator.comparingLong(Entry::created));
        for (Entry entry : fresh) {
            int size = sizes.getOrDefault(entry.key().name(), 0);
            known.put(entry.key().name(), new Known(entry.created(), now, size));
            bytes += size;
        }
    }

    private void forget(String job) {
        Known gone = known.remove(job);
        bytes -= gone == null ? 0 : gone.bytes;
    }

    /** Those that may be forgotten, the oldest first, so many at most. */
    public List<String> old(long now, int limit) {
        List<String> old = new ArrayList<>();
        int left = known.size();
        long leftBytes = bytes;
        for (Map.Entry<String, Known> one : known.entrySet()) {
            if (old.size() == limit
                    || (left <= most && leftBytes <= mostBytes && now - one.getValue().seenAt < keepNanos)) {
                break;
            }
            old.add(one.getKey());
            left--;
            leftBytes -= one.getValue().bytes;
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
