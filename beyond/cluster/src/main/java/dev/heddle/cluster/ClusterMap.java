package dev.heddle.cluster;

import dev.heddle.Action;
import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.Follower;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.ImmutableTree;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small {@link ConcurrentMap} over all nodes of a cluster, for settings and addresses: bounded, each call waits for
 * the store, and the values are bytes.
 *
 * <pre>{@code
 * ClusterMap settings = cluster.map("settings", 100);
 * ClusterMap.Value old = settings.get("rate").orElseThrow();
 * settings.compareAndSet("rate", old.version(), Bytes.utf8("20"));
 * }</pre>
 *
 * <p>Each change gives a version that no value of the map had before, also of a key that was removed meanwhile. So a
 * change that is made only if the version is still the same never passes over another.
 *
 * <p>While the store is silent, or this node apart from the others, what changes the map waits, until the caller's
 * deadline; what only asks fails.
 *
 * <p>How it works: each key is an entry of the store. One more counts them; it is changed whenever a key comes or goes,
 * and every other change names its version, so that a key which was removed and came again is not taken for the old
 * one.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled change may have taken place.
 */
public final class ClusterMap {

    /** The most entries that one can have. */
    public static final int MAX_CAPACITY = 10_000;

    /** The version of a key that is not there. */
    public static final long ABSENT = 0;

    private static final long ANY = -1;

    private static final PartKind<ClusterMap> KIND = PartKind.<ClusterMap, ClusterMapStatistics>of(
            "cluster map", ClusterMap::statistics, (map, figures) -> PartKind.share(figures.size(), figures.capacity()))
            .titled(ClusterMap::toString);

    private final Node node;
    private final String name;
    private final String directory;
    private final Key count;
    private final int capacity;
    private final AtomicInteger changing = new AtomicInteger();

    /** As the last change of this node has counted them. */
    private volatile int size;

    ClusterMap(Node node, String name, int capacity) {
        Checks.inRange("capacity", capacity, 1, MAX_CAPACITY);
        this.node = node;
        this.name = "cluster map " + name;
        this.directory = "maps/" + Names.encode(name);
        this.count = new Key("map-counts", Names.encode(name));
        this.capacity = capacity;
        Parts.add(KIND, this);
    }

    /**
     * A value.
     *
     * @param version of the change that has given it; higher than that of all changes before
     */
    public record Value(Bytes bytes, long version) {}

    /**
     * The value of a key now.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws StoreUnavailableException if the store does not answer
     * @throws SessionLostException if this node's lease ends meanwhile
     * @throws ClosedException if the node has left the cluster
     */
    public Optional<Value> get(String key) {
        Key place = place(key);
        return node.lease().store().read(place, ReadConsistency.FRESH).join().map(ClusterMap::value);
    }

    /** All values now, by key; otherwise as {@link #get}. Those that change meanwhile may be the new ones. */
    public SortedMap<String, Value> all() {
        SortedMap<String, Value> all = new TreeMap<>();
        for (Entry entry : node.lease().store().list(directory, ReadConsistency.FRESH).join().entries()) {
            all.put(Names.decode(entry.key().name()), value(entry));
        }
        return all;
    }

    /**
     * Gives a key a value. While the store is silent, or the node apart from the others, this waits.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @param value at most 64 KiB
     * @return its version
     * @throws IllegalStateException if the key is new and the map full
     * @throws IllegalArgumentException if the value is too large, or the key no name
     * @throws OutcomeUnknownException if this node's lease ended before it was known whether it has taken place
     * @throws ClosedException if the node has left the cluster; nothing was changed
     */
    public long put(String key, Bytes value) {
        return putIfRoom(key, value).orElseThrow(this::full);
    }

    /**
     * Gives a key a value if it has one already, or the map has room for it; otherwise as {@link #put}.
     *
     * @return its version; empty if there is no room
     */
    public OptionalLong putIfRoom(String key, Bytes value) {
        return change(key, ANY, value);
    }

    /**
     * Gives a key a value if its version is still the one told; otherwise as {@link #put}.
     *
     * @param version {@link #ABSENT} for a key that is not there
     * @return the new version; empty if the version was another one, and nothing was changed
     */
    public OptionalLong compareAndSet(String key, long version, Bytes value) {
        Checks.notNegative("version", version);
        return change(key, version, value);
    }

    /** Takes a key away; otherwise as {@link #put}. Whether it was there. */
    public boolean remove(String key) {
        return change(key, ANY, null).orElseThrow() != ABSENT;
    }

    /** Takes a key away if its version is still the one told; otherwise as {@link #put}. Whether it was. */
    public boolean remove(String key, long version) {
        Checks.atLeast("version", version, 1);
        return change(key, version, null).isPresent();
    }

    /**
     * Tells what the map has, and each change from then on, until it is closed or the node leaves. Several changes of a
     * key may be told as one, and none is told as long as this node is apart; then what is another since.
     *
     * @param capacity how many changes may wait to be received, beside what the map has at first or after the node was
     *     apart; then the subscription is cut off
     */
    public Subscription<ClusterMapEvent> changes(int capacity) {
        var known = new AtomicReference<>(ImmutableTree.<Entry>empty());
        return Follower.subscribe(
                node, name, directory, Follower.beside(capacity, 2 * this.capacity), // all keys may go for others at once
                (_, picture, told) -> tell(known.getAndSet(picture.entries()), picture.entries(), told));
    }

    /** The numbers of the map, as this node knows them; does not ask the store. */
    public ClusterMapStatistics statistics() {
        return new Statistics(capacity, size, changing.get());
    }

    @Override
    public String toString() {
        return name;
    }

    /** Runs a body on the node's loop until it ends or the node leaves. */
    void serve(String what, Action body) {
        node.serve(what, body);
    }

    private static void tell(
            ImmutableTree<Entry> known, ImmutableTree<Entry> now, Consumer<ClusterMapEvent> told) {
        now.changesSince(
                known,
                gone -> told.accept(new ClusterMapEvent.Removed(nameOf(gone))),
                entry -> told.accept(new ClusterMapEvent.Put(nameOf(entry), entry.value(), entry.changed())));
    }

    private static String nameOf(Entry entry) {
        return Names.decode(entry.key().name());
    }

    private IllegalStateException full() {
        return new IllegalStateException(name + " is full: it has " + size + " entries");
    }

    private Key place(String key) {
        return new Key(directory, Names.encode(key));
    }

    private static Value value(Entry entry) {
        return new Value(entry.value(), entry.changed());
    }

    /** The new version, or {@link #ABSENT} if nothing was to be taken away; empty if it was refused. */
    private OptionalLong change(String key, long expected, @Nullable Bytes value) {
        Key place = place(key);
        changing.incrementAndGet();
        try {
            return node.change(lease -> change(lease, place, expected, value));
        } finally {
            changing.decrementAndGet();
        }
    }

    /**
     * Refuses where the version is not the one expected, or the map full.
     *
     * @return empty if another change came first
     */
    private Optional<OptionalLong> change(Lease lease, Key place, long expected, @Nullable Bytes value) {
        // in this order: a key that comes and goes after the first is seen by the check of the count
        Optional<Entry> counted = lease.store().read(count, ReadConsistency.FRESH).join();
        Optional<Entry> old = lease.store().read(place, ReadConsistency.FRESH).join();
        int entries = counted.map(entry -> Math.toIntExact(Forms.number(entry))).orElse(0);
        size = entries;
        if (expected != ANY && expected != old.map(Entry::changed).orElse(ABSENT)) {
            return Optional.of(OptionalLong.empty());
        }
        if (value == null && old.isEmpty()) {
            return Optional.of(OptionalLong.of(ABSENT));
        }
        if (old.isPresent() && counted.isEmpty()) {
            return Optional.empty(); // the first key of all has come between the two reads
        }
        if (old.isEmpty() && entries >= capacity) {
            if (expected == ABSENT) {
                throw full();
            }
            return Optional.of(OptionalLong.empty());
        }
        CommitOutcome outcome = lease.commits().commit(ops(place, counted, entries, old, value));
        if (outcome instanceof CommitOutcome.Committed(long stamp)) {
            size = entries + (value == null ? -1 : old.isEmpty() ? 1 : 0);
            return Optional.of(OptionalLong.of(stamp));
        }
        return Optional.empty();
    }

    private List<Op> ops(Key place, Optional<Entry> counted, int entries, Optional<Entry> old, @Nullable Bytes value) {
        if (value == null) {
            return List.of(new Op.Delete(place, old.orElseThrow().version()), counting(counted, entries - 1));
        }
        if (old.isPresent()) {
            return List.of(new Op.Set(place, value, old.get().version()),
                    new Op.Check(count, counted.orElseThrow().version()));
        }
        return List.of(new Op.Create(place, value, Lifetime.DURABLE), counting(counted, entries + 1));
    }

    private Op counting(Optional<Entry> counted, int size) {
        Bytes value = Bytes.utf8(Integer.toString(size));
        return counted.isPresent()
                ? new Op.Set(count, value, counted.get().version())
                : new Op.Create(count, value, Lifetime.DURABLE);
    }

    /** What the statistics are, at one moment. */
    record Statistics(int capacity, int size, int changing) implements ClusterMapStatistics {}
}
