package dev.heddle.cluster.store.internal;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.cluster.store.WatchEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cluster at one stamp: what a store is when nothing goes wrong. The same calls in the same order give
 * the same tree, so that replicas need only agree on them. Not for several threads.
 */
public final class StoreTree {

    private final TreeMap<Key, Entry> entries = new TreeMap<>();

    private long stamp;

    /** Makes one without entries, at stamp 0. */
    public StoreTree() {}

    /** Makes one of some entries at a stamp, for commits that are about these and about keys without an entry. */
    public StoreTree(long stamp, Collection<Entry> some) {
        this.stamp = stamp;
        some.forEach(entry -> entries.put(entry.key(), entry));
    }

    /** A copy of what no session owns. */
    public StoreTree durable() {
        return new StoreTree(stamp, entries.values().stream()
                .filter(entry -> entry.owner() == Entry.NO_OWNER)
                .toList());
    }

    /** The stamp of the last change. */
    public long stamp() {
        return stamp;
    }

    /** Checks what the caller of a commit can get wrong. */
    public static List<Op> requireCommit(List<Op> ops) {
        List<Op> copy = List.copyOf(ops);
        if (copy.isEmpty() || copy.size() > StoreLimits.MAX_OPS) {
            throw new IllegalArgumentException(
                    "a commit has 1 to " + StoreLimits.MAX_OPS + " operations, not " + copy.size());
        }
        Set<Key> keys = new HashSet<>();
        long bytes = 0;
        for (Op op : copy) {
            if (!keys.add(op.key())) {
                throw new IllegalArgumentException("a commit names each key once, and " + op.key() + " twice");
            }
            bytes += valueOf(op).length();
        }
        if (bytes > StoreLimits.MAX_COMMIT) {
            throw new IllegalArgumentException(
                    "the values of a commit have at most " + StoreLimits.MAX_COMMIT + " bytes, not " + bytes);
        }
        return copy;
    }

    /** Makes the changes of a session, or none. */
    public CommitOutcome commit(long session, List<Op> ops) {
        for (int i = 0; i < ops.size(); i++) {
            Refusal refusal = refusal(ops.get(i));
            if (refusal != null) {
                return new CommitOutcome.Refused(i, refusal);
            }
        }
        stamp++;
        for (Op op : ops) {
            apply(session, op);
        }
        return new CommitOutcome.Committed(stamp);
    }

    /** Takes away the ephemeral entries of a session, and says which there were, in the order of the keys. */
    public List<WatchEvent.Changed> end(long session) {
        Set<Key> gone = new TreeSet<>();
        for (Entry entry : entries.values()) {
            if (entry.owner() == session) {
                gone.add(entry.key());
            }
        }
        if (!gone.isEmpty()) {
            stamp++;
            entries.keySet().removeAll(gone);
        }
        return gone.stream().map(key -> new WatchEvent.Changed(key, stamp, true)).toList();
    }

    /** An entry. */
    public Optional<Entry> read(Key key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** The entries of a directory. */
    public Listing list(String directory) {
        List<Entry> found = new ArrayList<>();
        Key first = new Key(directory, "%"); // % is the least of all characters of names
        for (Entry entry : entries.tailMap(first).values()) {
            if (!entry.key().directory().equals(directory)) {
                break;
            }
            found.add(entry);
        }
        return new Listing(found, stamp);
    }

    /** What a commit that has taken place has changed, in the order of the keys. */
    public static List<WatchEvent.Changed> changes(List<Op> ops, long stamp) {
        return ops.stream()
                .filter(op -> !(op instanceof Op.Check))
                .map(op -> new WatchEvent.Changed(op.key(), stamp, op instanceof Op.Delete))
                .sorted(Comparator.comparing(WatchEvent.Changed::key))
                .toList();
    }

    private @Nullable Refusal refusal(Op op) {
        Entry entry = entries.get(op.key());
        return switch (op) {
            case Op.Create _ -> entry == null ? null : Refusal.EXISTS;
            case Op.Set set -> unless(entry, set.ifVersion());
            case Op.Delete delete -> unless(entry, delete.ifVersion());
            case Op.Check check -> unless(entry, check.ifVersion());
        };
    }

    private static @Nullable Refusal unless(@Nullable Entry entry, long version) {
        if (entry == null) {
            return Refusal.ABSENT;
        }
        return version == Op.ANY_VERSION || version == entry.version() ? null : Refusal.VERSION;
    }

    private void apply(long session, Op op) {
        switch (op) {
            case Op.Create(Key key, Bytes value, Lifetime life) -> {
                long owner = life == Lifetime.EPHEMERAL ? session : Entry.NO_OWNER;
                entries.put(key, new Entry(key, value, 0, stamp, stamp, owner));
            }
            case Op.Set(Key key, Bytes value, long _) -> {
                Entry old = Objects.requireNonNull(entries.get(key));
                entries.put(key, new Entry(key, value, old.version() + 1, old.created(), stamp, old.owner()));
            }
            case Op.Delete delete -> entries.remove(delete.key());
            case Op.Check _ -> {}
        }
    }

    private static Bytes valueOf(Op op) {
        return switch (op) {
            case Op.Create create -> create.value();
            case Op.Set set -> set.value();
            case Op.Delete _,Op.Check _ -> Bytes.EMPTY;
        };
    }
}
