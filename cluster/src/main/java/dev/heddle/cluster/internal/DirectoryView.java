package dev.heddle.cluster.internal;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Freshness;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Signal;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.sync.Channel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a directory holds, followed as it changes: a picture that is a little old, never goes back, and in which nothing
 * is missing that was committed up to its stamp. A task of the node's loop keeps it.
 *
 * <p>Threads: the picture may be looked at, and waited for, from any.
 */
public final class DirectoryView implements AutoCloseable {

    /** Signals that may wait to be looked after; beyond them the directory is listed anew. */
    private static final int MAX_SIGNALS = 1024;

    private final Store store;
    private final String directory;
    private final Backoff backoff;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<Consumer<? super Picture>> listeners = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Picture picture;
    private volatile @Nullable Task<Void> follower;

    /** Why there will be no more pictures. */
    private volatile @Nullable String end;

    DirectoryView(Store store, String directory, Backoff backoff) {
        this.store = store;
        this.directory = directory;
        this.backoff = backoff;
    }

    /**
     * A directory at one moment.
     *
     * @param entries by name; each as it was at the stamp or later
     * @param stamp nothing that was committed up to it is missing
     */
    public record Picture(SortedMap<String, Entry> entries, long stamp) {}

    /** Somebody who waits for a picture. */
    private record Waiting(Predicate<? super Picture> condition, Promise<Picture> promise) {}

    /** The last picture; empty before the first. */
    public Optional<Picture> picture() {
        return Optional.ofNullable(picture);
    }

    /**
     * Waits for a picture that meets a condition, which is asked on the loop of the node and must not wait.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws SessionLostException if the session is over
     */
    public Picture await(Predicate<? super Picture> condition) {
        Waiting one = new Waiting(condition, new Promise<>());
        waiting.add(one);
        try {
            Picture now = picture;
            String over = end;
            if (over != null) {
                throw new SessionLostException(over);
            }
            if (now != null && condition.test(now)) {
                return now;
            }
            return one.promise.join();
        } finally {
            waiting.remove(one);
        }
    }

    /** Tells of each picture from now on, on the loop of the node; must not wait. */
    public void onPicture(Consumer<? super Picture> listener) {
        listeners.add(listener);
    }

    /** The task that keeps the picture. */
    void followIn(Task<Void> task) {
        follower = task;
    }

    /** Ends it for all who look at it; does not wait. */
    @Override
    public void close() {
        Task<Void> task = follower;
        if (task != null) {
            task.cancel("nobody looks at the directory " + directory + " any more");
        }
    }

    /** Follows the directory until the session is over or the calling task is cancelled. */
    void follow() {
        try {
            for (int tries = 1;; tries++) {
                Signals signals = new Signals();
                try (Watch _ = store.watch(directory, signals).join()) {
                    lookAround();
                    tries = 1;
                    lookAfter(signals);
                } catch (StoreUnavailableException _) {
                    Heddle.sleep(backoff.delay(tries));
                }
            }
        } catch (SessionLostException e) {
            end(e.detail());
        } finally {
            end("the node has left the cluster");
        }
    }

    /** The signals of one watch that nobody has looked after yet. */
    private static final class Signals implements Consumer<Signal> {

        private final Channel<Signal> channel = Channel.of(MAX_SIGNALS);

        /** Whether a signal found no room. */
        private volatile boolean overflowed;

        @Override
        public void accept(Signal signal) {
            if (!channel.trySend(signal)) {
                overflowed = true;
            }
        }
    }

    private void lookAfter(Signals signals) {
        while (true) {
            Signal next = signals.channel.receive();
            Set<Key> changed = new LinkedHashSet<>();
            long stamp = 0;
            boolean gap = false;
            while (next != null) {
                switch (next) {
                    case Signal.Changed(Key key, long at) -> {
                        changed.add(key);
                        stamp = Math.max(stamp, at);
                    }
                    case Signal.Gap _ -> gap = true;
                    case Signal.Closed _ -> throw new SessionLostException("the session with the store is over");
                }
                next = signals.channel.tryReceive().orElse(null);
            }
            if (gap || signals.overflowed) {
                signals.overflowed = false;
                lookAround();
            } else {
                lookAt(changed, stamp);
            }
        }
    }

    private void lookAround() {
        Listing listing = store.list(directory, Freshness.LOCAL).join();
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (Entry entry : listing.entries()) {
            entries.put(entry.key().name(), entry);
        }
        show(new Picture(entries, listing.stamp()));
    }

    private void lookAt(Collection<Key> keys, long stamp) {
        Map<Key, Promise<Optional<Entry>>> reads = new LinkedHashMap<>();
        for (Key key : keys) {
            reads.put(key, store.read(key, Freshness.LOCAL));
        }
        Picture old = picture;
        SortedMap<String, Entry> entries = old == null ? new TreeMap<>() : new TreeMap<>(old.entries());
        reads.forEach((key, read) -> read.join()
                .ifPresentOrElse(entry -> entries.put(key.name(), entry), () -> entries.remove(key.name())));
        show(new Picture(entries, old == null ? stamp : Math.max(old.stamp(), stamp)));
    }

    private void show(Picture next) {
        picture = next;
        for (Waiting one : waiting) {
            if (one.condition.test(next)) {
                one.promise.tryComplete(next);
            }
        }
        for (Consumer<? super Picture> listener : listeners) {
            listener.accept(next);
        }
    }

    private void end(String why) {
        if (end == null) {
            end = why;
        }
        for (Waiting one : waiting) {
            one.promise.tryFail(new SessionLostException(why));
        }
    }
}
