package dev.heddle.cluster.internal;

import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The places of one node in a {@link Line}: its entries in the store under one lease, and what becomes of each.
 *
 * <pre>
 *   CREATING ── Committed ──▶ STANDING ── among the first, and somebody asks ──▶ HELD
 *       │                        └── nobody asks any more ──▶ LEAVING ◀── released ──┘
 *       └── not sent, refused ──▶ none                          └──▶ DELETING ── Committed ──▶ DELETED ── not seen
 *                                                                                                   any more ──▶ none
 * </pre>
 *
 * <p>Threads: guarded by the lock of the line; what is seen of others may be asked without.
 */
final class Places {

    /** The most entries of a node that wait at a time. */
    private static final int MAX_STANDING = 16;

    /** Entries of a commit that leave or come. */
    private static final int MAX_OPS = MAX_STANDING * 2;

    /** Characters of a node's name that are shown, and those that never are: any program may have written an entry. */
    private static final int MAX_NODE = 200;

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\x{FFFD}]");

    private static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::created).thenComparing(Entry::key);

    private final String directory;
    private final String node;
    private final int count;
    private final SequencedMap<String, Place> mine = new LinkedHashMap<>();

    private @Nullable Picture picture;

    /**
     * The entries of the picture by their positions, without those of which it was heard since that they are deleted.
     * Written under the lock; reports read it without.
     */
    private volatile ImmutableTree<Entry> line = ImmutableTree.empty();

    /**
     * @param node the name of the node
     * @param count how many places of the line are served at a time
     */
    Places(String directory, String node, int count) {
        this.directory = directory;
        this.node = node;
        this.count = count;
    }

    /** What becomes of an entry, see the class. */
    private enum Phase {
        CREATING, STANDING, HELD, LEAVING, DELETING, DELETED;

        /** Whether nobody has it any more or will. */
        private boolean isOver() {
            return this == LEAVING || this == DELETING || this == DELETED;
        }
    }

    /** An entry of this node. */
    static final class Place {

        private final String name;
        private Phase phase = Phase.CREATING;
        private long created;

        /** Where its entry stands, once it is created. */
        private String position = "";

        private @Nullable Grant grant;

        private Place(String name) {
            this.name = name;
        }

        /** The stamp of its entry. */
        long created() {
            return created;
        }

        private void created(long stamp) {
            created = stamp;
            position = positionOf(stamp, name);
            phase = Phase.STANDING;
        }

        /** Somebody has it. */
        void give(Grant given) {
            grant = given;
            phase = Phase.HELD;
        }

        /** Whoever was to have it did not want it any more. */
        void takeBack() {
            grant = null;
            phase = Phase.STANDING;
        }
    }

    /** Entries that come and go in one commit. */
    record Change(List<Op> ops, List<Place> places) {}

    // ---- what is there ----

    boolean isEmpty() {
        return mine.isEmpty();
    }

    /** Whether this node has all that are served. */
    boolean hasAll() {
        return count(Phase.HELD) >= count;
    }

    /** Whether it is seen that this node stands in the line and is not served. */
    boolean mustWait() {
        Picture now = picture;
        return now != null && count(Phase.CREATING) == 0 && count(Phase.STANDING) > 0
                && mine.values().stream().noneMatch(place -> now.stamp() < place.created);
    }

    private int count(Phase phase) {
        int found = 0;
        for (Place place : mine.values()) {
            if (place.phase == phase) {
                found++;
            }
        }
        return found;
    }

    // ---- what is seen ----

    /**
     * Sees another picture. What it takes is the logarithm of the line's length for each entry that has come or gone.
     *
     * @param skipped told of what is none of a node, and so does not stand in the line
     */
    void see(Picture seen, Consumer<Key> skipped) {
        ImmutableTree<Entry> before = picture == null ? ImmutableTree.empty() : picture.entries();
        List<Entry> gone = new ArrayList<>();
        List<Entry> other = new ArrayList<>();
        seen.entries().changesSince(before, gone::add, other::add);
        ImmutableTree<Entry> now = line;
        for (Entry entry : gone) {
            now = now.without(positionOf(entry));
        }
        for (Entry entry : other) {
            Entry old = before.get(entry.key().name());
            now = old == null ? now : now.without(positionOf(old));
            if (isOfNode(entry)) {
                now = now.with(positionOf(entry), entry);
            } else {
                skipped.accept(entry.key());
            }
        }
        line = now;
        picture = seen;
    }

    /**
     * Hears that what stood at a name before a stamp is deleted, before the picture without it. Names are given once,
     * so nothing comes there any more.
     *
     * @return whether it was known until now
     */
    boolean hear(String deleted, long stamp) {
        Entry entry = picture == null ? null : picture.entries().get(deleted);
        ImmutableTree<Entry> before = line;
        if (entry != null && entry.created() < stamp) {
            line = before.without(positionOf(entry));
        }
        return line != before;
    }

    /** Nothing is seen, and nothing here is ours any more. */
    void forget() {
        picture = null;
        line = ImmutableTree.empty();
        mine.clear();
    }

    /** Lets go of those whose entries are seen to be gone: as they should, or the store or a person has taken them. */
    void letGo() {
        Picture now = picture;
        if (now != null) {
            mine.values().removeIf(place -> isGone(place, now));
        }
    }

    private boolean isGone(Place place, Picture now) {
        if (place.created == 0 || now.stamp() < place.created || line.containsKey(place.position)) {
            return false;
        }
        if (place.grant != null) {
            place.grant.lose("the store has it no more");
            place.grant = null;
        }
        return true;
    }

    /** Those that are served and that nobody has. */
    List<Place> served() {
        return mine.values().stream().filter(place -> place.phase == Phase.STANDING && isServed(place)).toList();
    }

    /**
     * Whether a place is among the first. Entries of this node that are to leave are nobody's, so they count no more.
     * No entry before one that is seen is missing, since each is created only once: see {@link Picture}.
     */
    private boolean isServed(Place place) {
        if (!line.containsKey(place.position)) {
            return false;
        }
        int before = line.countBefore(place.position);
        for (Place ours : mine.values()) {
            if (ours.phase.isOver() && ours.position.compareTo(place.position) < 0 && line.containsKey(ours.position)) {
                before--;
            }
        }
        return before < count;
    }

    /** Who stands first in the line, if it says that another number of places is served. */
    Optional<String> whoCountsOtherwise() {
        return line.values().stream()
                .findFirst()
                .filter(first -> !first.value().utf8().startsWith(count + " "))
                .map(first -> nodeOf(first.value()));
    }

    /**
     * The names of the nodes that have a place, the first of the line first, as this node has last heard. Any thread.
     */
    List<String> holdersSeen() {
        return line.values().stream().limit(count).map(entry -> nodeOf(entry.value())).toList();
    }

    /** The names of the nodes that have a place, from the entries of the directory. Any thread. */
    List<String> holders(Collection<Entry> entries) {
        return nodes(entries).stream().limit(count).toList();
    }

    /** How many entries stand in the line, as this node has last heard. Any thread. */
    int lengthSeen() {
        return line.size();
    }

    // ---- what is done ----

    /** Whoever had a place by a grant has it no more. */
    void release(Grant grant) {
        for (Place place : mine.values()) {
            if (place.grant == grant) {
                place.grant = null;
                place.phase = Phase.LEAVING;
            }
        }
    }

    /**
     * The entries that are to come and go.
     *
     * @param calls how many calls wait for a place
     * @param names gives a name that nobody else gives an entry
     */
    Change next(int calls, Supplier<String> names) {
        List<Op> ops = new ArrayList<>();
        List<Place> touched = new ArrayList<>();
        int wanted = Math.min(calls, Math.min(count, MAX_STANDING));
        int standing = count(Phase.CREATING) + count(Phase.STANDING);
        for (Place place : mine.sequencedValues().reversed()) {
            if (place.phase == Phase.STANDING && standing > wanted) {
                place.phase = Phase.LEAVING;
                standing--;
            }
            if (place.phase == Phase.LEAVING && ops.size() < MAX_OPS) {
                place.phase = Phase.DELETING;
                ops.add(new Op.Delete(new Key(directory, place.name), Op.ANY_VERSION));
                touched.add(place);
            }
        }
        for (; standing < wanted && ops.size() < MAX_OPS; standing++) {
            Place place = new Place(names.get());
            mine.put(place.name, place);
            ops.add(new Op.Create(new Key(directory, place.name), value(), Lifetime.EPHEMERAL));
            touched.add(place);
        }
        return new Change(ops, touched);
    }

    /** A change has taken place. */
    void done(Change change, long stamp) {
        for (Place place : change.places) {
            if (place.phase == Phase.CREATING) {
                place.created(stamp);
            } else {
                place.phase = Phase.DELETED;
            }
        }
    }

    /**
     * A change has not taken place.
     *
     * @param gone which entry of it is perhaps known to be none, so that it could not be deleted; -1 for none
     */
    void undo(Change change, int gone) {
        for (int i = 0; i < change.places.size(); i++) {
            Place place = change.places.get(i);
            if (place.phase == Phase.CREATING || i == gone) {
                mine.remove(place.name);
            } else {
                place.phase = Phase.LEAVING;
            }
        }
    }

    // ---- what an entry says ----

    private static String positionOf(Entry entry) {
        return positionOf(entry.created(), entry.key().name());
    }

    /** A name in whose order entries stand in the line. */
    private static String positionOf(long created, String name) {
        return HexFormat.of().toHexDigits(created) + name;
    }

    /** The names of the nodes that stand in a line, in its order, from the entries of its directory. */
    static List<String> nodes(Collection<Entry> entries) {
        return entries.stream().filter(Places::isOfNode).sorted(ORDER).map(entry -> nodeOf(entry.value())).toList();
    }

    private Bytes value() {
        return Bytes.utf8(count + " " + node);
    }

    /** Whether it says what {@link #value} says of some node. */
    private static boolean isOfNode(Entry entry) {
        String text = entry.value().utf8();
        int digits = text.indexOf(' ');
        return digits > 0 && text.chars().limit(digits).allMatch(c -> c >= '0' && c <= '9');
    }

    private static String nodeOf(Bytes value) {
        String text = value.utf8();
        return Forms.cut(UNPRINTABLE.matcher(text.substring(text.indexOf(' ') + 1)).replaceAll("?"), MAX_NODE);
    }
}
