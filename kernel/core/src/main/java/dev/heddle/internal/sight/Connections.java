package dev.heddle.internal.sight;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server, client or listener on one loop, in the order they came, for their owner and for those
 * who want to see them. To come and to go costs a link.
 *
 * <p>Threads: the tasks and callbacks of the loop; only {@link #size} is for any thread, and may be a little old.
 *
 * @param <C> the connections
 */
public final class Connections<C extends Connections.Link> {

    /** Connections and streams that are told in one slice: some tenths of a millisecond, one or two in a cold JVM. */
    private static final int SLICE = 100;

    /** The link before the first and behind the last. */
    private final Link ends = new Bookmark();

    private int size;

    public Connections() {
        ends.next = ends;
        ends.previous = ends;
    }

    /**
     * The figures of an owner.
     *
     * @param connections how many there are
     * @param accepted how many have come
     */
    public record Figures(int connections, @Counter long accepted) {}

    /** One connection. */
    public abstract static class Link {

        private @Nullable Link next;
        private @Nullable Link previous;

        /** What there is to see of it now; null for nothing. On its loop; never waits, and changes nothing. */
        protected abstract @Nullable ConnectionSight sight();
    }

    /** The place of a walk. */
    private static final class Bookmark extends Link {

        @Override
        protected @Nullable ConnectionSight sight() {
            return null;
        }
    }

    /** A connection comes. */
    public void add(C connection) {
        insertBefore(ends, connection);
        size++;
    }

    /** A connection goes; nothing happens if it has gone. */
    public void remove(C connection) {
        if (unlink(connection)) {
            size--;
        }
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Those that are here now. */
    public List<C> all() {
        List<C> all = new ArrayList<>(size);
        for (Link link = after(ends); link != ends; link = after(link)) {
            if (!(link instanceof Bookmark)) {
                all.add(connection(link));
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked") // only these are added
    private C connection(Link link) {
        return (C) link;
    }

    /** Begins a walk through them; nothing happens before its first slice. Any thread. */
    public Walk walk() {
        return new Walk();
    }

    /**
     * A walk in slices, between which connections come and go: one that is there all the while is told exactly once.
     *
     * <p>Threads: the loop's.
     */
    public final class Walk implements AutoCloseable {

        private final Link place = new Bookmark();
        private boolean begun;
        private boolean over;

        /** The next of them, no more than some hundred; empty if there are none any more. */
        public List<ConnectionSight> next() {
            List<ConnectionSight> told = new ArrayList<>();
            Link link = begun ? behindPlace() : after(ends);
            begun = true;
            int work = 0;
            for (; link != ends && !over && work < SLICE; link = after(link)) {
                ConnectionSight sight = look(link);
                work++;
                if (sight != null) {
                    told.add(sight);
                    work += sight.streams().size();
                }
            }
            if (link == ends) {
                over = true;
            } else if (!over) {
                insertBefore(link, place);
            }
            return told;
        }

        /** Users write transports too: one that cannot say its address is left out, and not all of them. */
        private static @Nullable ConnectionSight look(Link link) {
            try {
                return link.sight();
            } catch (RuntimeException e) {
                return null;
            }
        }

        private Link behindPlace() {
            Link next = place.next == null ? ends : after(place);
            unlink(place);
            return next;
        }

        /** Whether there are no more. */
        public boolean isOver() {
            return over;
        }

        /** Ends the walk early. */
        @Override
        public void close() {
            over = true;
            unlink(place);
        }
    }

    private static Link after(Link link) {
        Link next = link.next;
        if (next == null) {
            throw new IllegalStateException("not linked");
        }
        return next;
    }

    private static void insertBefore(Link link, Link added) {
        Link before = link.previous;
        if (added.next != null || before == null) {
            throw new IllegalStateException("linked already");
        }
        added.previous = before;
        added.next = link;
        before.next = added;
        link.previous = added;
    }

    private static boolean unlink(Link link) {
        Link before = link.previous;
        Link behind = link.next;
        if (before == null || behind == null) {
            return false;
        }
        before.next = behind;
        behind.previous = before;
        link.previous = null;
        link.next = null;
        return true;
    }

    @Override
    public String toString() {
        return size + " connections";
    }
}
