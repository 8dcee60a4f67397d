package dev.heddle.cluster.internal;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.internal.Supervised;
import dev.heddle.sync.Channel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A view of a directory, followed as it changes: a picture that is a little old, never goes back, and in which
 * nothing is missing that was committed up to its stamp. A task of the node's loop keeps it.
 *
 * <p>Threads: the picture may be looked at, and waited for, from any.
 */
public final class DirectoryView implements AutoCloseable {

    /** Signals that may wait to be looked after; beyond them the directory is listed anew. */
    private static final int MAX_SIGNALS = 1024;

    private final Store store;
    private final Promise<String> over;
    private final String directory;
    private final Backoff backoff;
    private final Supervised service;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<Consumer<? super Picture>> listeners = new ConcurrentLinkedQueue<>();
    private final Queue<Consumer<? super WatchEvent.Changed>> deletionListeners = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Picture picture;
    private volatile @Nullable Task<Void> follower;

    /** Why there will be no more pictures. */
    private volatile @Nullable String end;

    /** @param over done with the reason when the session is over */
    DirectoryView(Store store, Promise<String> over, String directory, Backoff backoff) {
        this.store = store;
        this.over = over;
        this.directory = directory;
        this.backoff = backoff;
        this.service = new Supervised("the directory " + directory + " of a cluster", backoff, Lease::isOfStore);
    }

    /**
     * A directory at one moment. An entry that is created only once is never newer than the stamp: a listing has none
     * that is, and the first signal of an entry tells of its creation, after all that was before. So nothing that was
     * created before such an entry is missing beside it.
     *
     * @param entries by name; each as it was at the stamp or later. Two pictures share what is the same in both
     * @param stamp nothing that was committed up to it is missing
     */
    public record Picture(ImmutableTree<Entry> entries, long stamp) {

        /** An empty directory. */
        public static final Picture NONE = new Picture(ImmutableTree.empty(), 0);
    }

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

    /**
     * Tells of an entry that is deleted as soon as the store says so: mostly before the picture without it, for which
     * others must be read. Not of every one is told, only pictures miss nothing. On a thread of the store; must not
     * wait.
     */
    public void onDeleted(Consumer<? super WatchEvent.Changed> listener) {
        deletionListeners.add(listener);
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
        // At first whoever looks may know more, from an earlier session, than the server that this one talks to.
        ReadConsistency freshness = ReadConsistency.FRESH;
        try {
            for (int tries = 1;; tries++) {
                Signals signals = new Signals();
                try (Watch _ = store.watch(directory, signals).join()) {
                    lookAround(freshness);
                    freshness = ReadConsistency.LOCAL;
                    tries = 1;
                    lookAfter(signals);
                } catch (StoreUnavailableException _) {
                    Heddle.sleep(backoff.delay(tries));
                } catch (SessionLostException e) {
                    throw e;
                } catch (RuntimeException | Error e) {
                    Heddle.sleep(service.failed(e));
                }
            }
        } catch (SessionLostException e) {
            end(e.detail());
        } finally {
            end(over.isDone() ? over.join() : "nobody follows the directory " + directory + " any more");
        }
    }

    /** The signals of one watch that nobody has looked after yet. */
    private final class Signals implements Consumer<WatchEvent> {

        private final Channel<WatchEvent> channel = Channel.of(MAX_SIGNALS);

        /** The next one, if it was received already; the follower's. */
        private @Nullable WatchEvent next;

        /** The highest of what was taken; the follower's. */
        private long stamp;

        /** Whether something may have been missed. */
        private volatile boolean gap;

        @Override
        public void accept(WatchEvent signal) {
            try {
                if (signal instanceof WatchEvent.Changed change && change.deleted()) {
                    deletionListeners.forEach(each -> each.accept(change));
                }
            } finally {
                if (!channel.trySend(signal)) {
                    gap = true;
                }
            }
        }

        private void await() {
            if (next == null) {
                next = channel.receive();
            }
        }

        /** Takes those that have come, up to a stamp. */
        private Set<Key> take(long upTo) {
            Set<Key> changed = new LinkedHashSet<>();
            while (true) {
                WatchEvent one = next == null ? channel.tryReceive().orElse(null) : next;
                next = null;
                switch (one) {
                    case null -> {
                        return changed;
                    }
                    case WatchEvent.Changed(Key _, long at, boolean _) when at > upTo -> {
                        next = one;
                        return changed;
                    }
                    case WatchEvent.Changed(Key key, long at, boolean _) -> {
                        changed.add(key);
                        stamp = Math.max(stamp, at);
                    }
                    case WatchEvent.Gap _ -> gap = true;
                    case WatchEvent.Closed _ -> throw new SessionLostException("the session with the store is over");
                }
            }
        }
    }

    private void lookAfter(Signals signals) {
        while (true) {
            signals.await();
            Set<Key> changed = signals.take(Long.MAX_VALUE);
            ImmutableTree<Entry> entries = last().entries();
            while (!changed.isEmpty() && !signals.gap) {
                entries = lookAt(changed, entries);
                // A commit tells of its entries one by one; the last of them has come before the answers.
                changed = signals.take(signals.stamp);
            }
            if (signals.gap) {
                signals.gap = false;
                lookAround(ReadConsistency.LOCAL);
            } else {
                show(new Picture(entries, Math.max(last().stamp(), signals.stamp)));
            }
        }
    }

    private void lookAround(ReadConsistency freshness) {
        Listing listing = store.list(directory, freshness).join();
        ImmutableTree<Entry> old = last().entries();
        ImmutableTree<Entry> entries = ImmutableTree.empty();
        for (Entry entry : listing.entries()) {
            Entry known = old.get(entry.key().name());
            entries = entries.with(entry.key().name(), known != null && known.equals(entry) ? known : entry);
        }
        show(new Picture(entries, listing.stamp()));
    }

    private ImmutableTree<Entry> lookAt(Collection<Key> keys, ImmutableTree<Entry> before) {
        Map<Key, Promise<Optional<Entry>>> reads = new LinkedHashMap<>();
        for (Key key : keys) {
            reads.put(key, store.read(key, ReadConsistency.LOCAL));
        }
        ImmutableTree<Entry> entries = before;
        for (Map.Entry<Key, Promise<Optional<Entry>>> read : reads.entrySet()) {
            String name = read.getKey().name();
            Optional<Entry> entry = read.getValue().join();
            entries = entry.isPresent() ? entries.with(name, entry.get()) : entries.without(name);
        }
        return entries;
    }

    private Picture last() {
        return Objects.requireNonNullElse(picture, Picture.NONE);
    }

    private void show(Picture next) {
        picture = next;
        for (Waiting one : waiting) {
            try {
                if (one.condition.test(next)) {
                    one.promise.tryComplete(next);
                }
            } catch (RuntimeException | Error e) {
                one.promise.tryFail(e); // whoever has asked, and nobody else
            }
        }
        for (Consumer<? super Picture> listener : listeners) {
            try {
                listener.accept(next);
            } catch (RuntimeException | Error e) {
                service.failed(e); // keeps the news from no other
            }
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
