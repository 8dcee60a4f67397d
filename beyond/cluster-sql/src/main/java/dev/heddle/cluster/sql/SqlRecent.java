package dev.heddle.cluster.sql;

import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.WatchEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of what a session has committed lately, for local reads. It answers only while the session has seen nothing
 * beyond what its watches were told: so no answer is older than another one before it, of whatever key.
 *
 * <p>Threads: {@link #find} is for any, all else for the session's loop.
 */
final class SqlRecent {

    private static final int MAX_ENTRIES = 32_768;

    /** Of values, with what else an entry takes. */
    private static final long MAX_BYTES = 16 << 20;

    private static final int BYTES_OF_ENTRY = 200;

    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    /** The oldest first; some are no more known so. */
    private final Queue<Known> order = new ArrayDeque<>();

    private long bytes;

    /** How far a caller can have seen the cluster. */
    private volatile SqlTables.Mark seen;

    /** The stamp up to which watches were told. */
    private volatile long told;

    /** @param begin where the session begins */
    SqlRecent(SqlTables.Mark begin) {
        this.seen = begin;
        this.told = begin.stamp();
    }

    /** An entry, or that there is none, as a commit has left it. */
    record Known(Key key, @Nullable Entry entry, long stamp) {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        private int bytes() {
            return BYTES_OF_ENTRY + (entry == null ? 0 : entry.value().length());
        }
    }

    SqlTables.Mark seen() {
        return seen;
    }

    long told() {
        return told;
    }

    /**
     * The cluster has come so far.
     *
     * @param floor the stamp that must be there
     * @throws StoreIsGone if what the session has seen is not there any more
     */
    void saw(SqlTables.Mark mark, long floor) {
        seen = seen.and(mark, floor);
    }

    /** All watches were told up to a stamp. */
    void told(long stamp) {
        told = Math.max(told, stamp);
        seen = seen.at(Math.max(seen.stamp(), stamp));
    }

    /** An entry as a local read may see it; null if the database must be asked. */
    @Nullable Known find(Key key) {
        Known one = known.get(key);
        return one != null && seen.stamp() <= told ? one : null;
    }

    /** Takes over what a commit has changed. */
    void committed(Collection<Entry> put, Collection<Key> gone, long stamp) {
        put.forEach(entry -> keep(new Known(entry.key(), entry, entry.changed())));
        gone.forEach(key -> keep(new Known(key, null, stamp)));
        while (known.size() > MAX_ENTRIES || bytes > MAX_BYTES) {
            forget(order.remove());
        }
        if (order.size() > 2 * MAX_ENTRIES) {
            order.removeIf(one -> known.get(one.key) != one);
        }
    }

    private void keep(Known one) {
        Known old = known.put(one.key, one);
        order.add(one);
        bytes += one.bytes() - (old == null ? 0 : old.bytes());
    }

    private void forget(Known one) {
        if (known.remove(one.key, one)) {
            bytes -= one.bytes();
        }
    }

    /** Forgets what somebody else has changed since. */
    void changed(WatchEvent.Changed change) {
        Known one = known.get(change.key());
        if (one != null && one.stamp < change.stamp()) {
            forget(one);
        }
    }

    /** Forgets all, since something may have changed. */
    void clear() {
        known.clear();
        order.clear();
        bytes = 0;
    }
}
