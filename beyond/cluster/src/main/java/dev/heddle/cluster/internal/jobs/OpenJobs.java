package dev.heddle.cluster.internal.jobs;

import dev.heddle.Loop;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a queue that have not ended, in the order in which they are begun, as one node sees them. Each picture
 * changes only what is new in it.
 *
 * <p>A delay is measured by this node's own clock, from when it has first seen the job in this state. So no other clock
 * counts, and no job is early: whoever wrote the delay did so before we saw it. What the node has seen under its lease
 * before still counts. The node that leads writes down from time to time, and when it leaves, how much of a long one is
 * left, for those that come later. So is a deadline, of which no change of the job's state gives any time back.
 *
 * <p>Threads: tasks of one loop.
 */
public final class OpenJobs {

    private static final Duration LONG = Duration.ofHours(1);

    private final Loop loop;
    private final Consumer<Key> skipped;
    private final Map<String, Seen> seen = new HashMap<>();
    private final ReadyJobs ready = new ReadyJobs();
    private final Set<Seen> cancelling = new LinkedHashSet<>();
    private final NavigableSet<Seen> delayed = new TreeSet<>(
            Comparator.<Seen>comparingLong(job -> job.readyAt).thenComparing(job -> job.id));

    private final AwaitedJobs awaited = new AwaitedJobs();
    private Picture picture = Picture.NONE;

    /** What was seen before, until the first picture. */
    private Map<String, Seen> before;

    /**
     * None yet.
     *
     * @param skipped told of an entry that is no job that this version can read
     * @param before those that this node has seen under another lease; null if there was none
     */
    public OpenJobs(Loop loop, Consumer<Key> skipped, @Nullable OpenJobs before) {
        this.loop = loop;
        this.skipped = skipped;
        this.before = before == null ? Map.of() : before.seen.isEmpty() ? before.before : before.seen;
    }

    /** A job in one of its states. */
    public static final class Seen {

        private final Loop loop;
        private final String id;
        private final OpenJob form;
        private final long version;
        private final long created;
        private final long changed;
        private final long seenAt;
        private final long readyAt;
        private final long expiresAt;
        private long retryAt;

        private Seen(Loop loop, Entry entry, OpenJob form, long seenAt, long readyAt, long expiresAt) {
            this.loop = loop;
            this.id = entry.key().name();
            this.form = form;
            this.version = entry.version();
            this.created = entry.created();
            this.changed = entry.changed();
            this.seenAt = seenAt;
            this.readyAt = readyAt;
            this.expiresAt = expiresAt;
            this.retryAt = seenAt;
        }

        /** The name of its entries. */
        public String id() {
            return id;
        }

        /** What stands in its entry. */
        public OpenJob form() {
            return form;
        }

        /** The version of its entry. */
        public long version() {
            return version;
        }

        /** The stamp of the commit that made it. */
        public long created() {
            return created;
        }

        /** The stamp of its entry. */
        public long changed() {
            return changed;
        }

        /** When this node saw it so, by its own clock. */
        public long seenAt() {
            return seenAt;
        }

        /** From when on it may be taken, by this node's own clock. */
        public long readyAt() {
            return readyAt;
        }

        /** When its deadline passes, by this node's own clock; the highest number if it has none. */
        public long expiresAt() {
            return expiresAt;
        }

        /** Whether its deadline has passed. */
        public boolean isExpired() {
            return expiresAt <= loop.nanoTime();
        }

        /** What stands in its entry, with as much of its delay and its deadline as is left now. */
        public OpenJob now() {
            long now = loop.nanoTime();
            return form.left(millis(readyAt - now), form.hasDeadline() ? millis(expiresAt - now) : 0);
        }

        private static long millis(long nanos) {
            return nanos <= 0 ? 0 : nanos / 1_000_000 + 1;
        }

        /** Until when this node lets it alone, by its own clock. */
        public long retryAt() {
            return retryAt;
        }

        /** Lets it alone for a while. */
        public void waitFor(Duration duration) {
            waitUntil(loop.nanoTime() + duration.toNanos());
        }

        /** Lets it alone until then, by this node's own clock. */
        public void waitUntil(long nanoTime) {
            retryAt = Math.max(retryAt, nanoTime);
        }
    }

    /** Takes over what is new. */
    public void look(Picture next) {
        long now = loop.nanoTime();
        if (next != picture) {
            next.entries().changesSince(picture.entries(), gone -> forget(gone, true), entry -> replace(entry, now));
            picture = next;
            before = Map.of();
        }
        while (!delayed.isEmpty() && delayed.first().readyAt <= now) {
            ready.add(delayed.pollFirst());
        }
    }

    private void replace(Entry entry, long now) {
        Optional<OpenJob> form = OpenJob.decode(entry.value());
        Seen old = forget(entry, form.isEmpty());
        if (form.isEmpty()) {
            skipped.accept(entry.key());
            return;
        }
        long readyAt = now + Duration.ofMillis(form.get().delayMillis()).toNanos();
        if (old == null) {
            Seen earlier = before.get(entry.key().name());
            old = earlier != null && earlier.created == entry.created() ? earlier : null;
        }
        if (old != null && old.form.left(0, 0).equals(form.get().left(0, 0)) && old.form.delayMillis() > 0) {
            readyAt = Math.min(readyAt, old.readyAt); // the same wait, of which somebody has written down what is left
        }
        long expiresAt = form.get().hasDeadline()
                ? now + Duration.ofMillis(form.get().leftMillis()).toNanos()
                : Long.MAX_VALUE;
        if (old != null && !old.form.dead()) {
            expiresAt = Math.min(expiresAt, old.expiresAt);
        }
        Seen job = new Seen(loop, entry, form.get(), now, readyAt, expiresAt);
        seen.put(job.id, job);
        awaited.add(job);
        if (job.form.cancelling()) {
            cancelling.add(job);
        }
        if (!job.form.dead() && !job.form.cancelling() && !job.form.blocked()) {
            if (readyAt <= now) {
                ready.add(job);
            } else {
                delayed.add(job);
            }
        }
    }

    private @Nullable Seen forget(Entry entry, boolean gone) {
        Seen job = seen.remove(entry.key().name());
        if (job != null) {
            ready.remove(job);
            delayed.remove(job);
            cancelling.remove(job);
            awaited.remove(job, gone);
        }
        return job;
    }

    /** Which of them wait for which. */
    public AwaitedJobs awaited() {
        return awaited;
    }

    /** Nothing that was committed up to it is missing here. */
    public long stamp() {
        return picture.stamp();
    }

    /** A job; null if it is not there. */
    public @Nullable Seen find(String id) {
        return seen.get(id);
    }

    /** Those that somebody has cancelled. */
    public Collection<Seen> cancelling() {
        return Collections.unmodifiableCollection(cancelling);
    }

    /** All of them. */
    public Collection<Seen> all() {
        return Collections.unmodifiableCollection(seen.values());
    }

    /** Those whose time has come, running ones among them, in the order in which they are begun. */
    public ReadyJobs ready() {
        return ready;
    }

    /** Those whose time has not come, the next first. */
    public Collection<Seen> delayed() {
        return Collections.unmodifiableCollection(delayed);
    }

    /** How long until the next is ready, at most an hour. */
    public Duration untilNext() {
        if (delayed.isEmpty()) {
            return LONG;
        }
        Duration left = Duration.ofNanos(delayed.first().readyAt - loop.nanoTime());
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONG) < 0 ? left : LONG;
    }
}
