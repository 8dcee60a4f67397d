package dev.heddle.cluster.store;

import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.store.internal.StoreTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A store in the memory of this JVM, for one node, for tests, for a laptop: what nothing can happen to. Several nodes of
 * this JVM share it if they are given the same one. Its sessions end when they are closed, and with the JVM.
 *
 * <p>Threads: everything may be called from any task or thread. A short lock is held while the entries change, never
 * while a listener is called.
 */
public final class MemoryStore implements StoreEngine {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Tree> trees = new HashMap<>();
    private long sessions;

    private MemoryStore() {}

    /** Makes an empty one. */
    public static MemoryStore create() {
        return new MemoryStore();
    }

    /** Opens a session, at once. */
    @Override
    public Store open(SessionOptions options) {
        lock.lock();
        try {
            Tree tree = trees.computeIfAbsent(options.cluster(), _ -> new Tree());
            return new MemorySession(new Session(++sessions, options.timeout()), tree, Heddle.currentLoop());
        } finally {
            lock.unlock();
        }
    }

    /** Tells a listener; its failure is none of whoever has caused the news, and is reported as that of a callback. */
    private static <T> void tell(Loop loop, Consumer<? super T> listener, T news) {
        try {
            listener.accept(news);
        } catch (RuntimeException | Error failure) {
            try {
                loop.callFromThread(() -> {
                    throw failure;
                });
            } catch (IllegalStateException ended) {
                FailureHandler.LOG.failed("a listener of a store failed", failure);
            }
        }
    }

    /** What the nodes of one cluster share; behind the lock. */
    private static final class Tree {

        private final StoreTree entries = new StoreTree();
        private final List<MemoryWatch> watches = new ArrayList<>();

        private List<MemoryWatch> tell(Set<Key> changed) {
            List<MemoryWatch> told = new ArrayList<>();
            for (MemoryWatch watch : watches) {
                for (Key key : changed) {
                    if (key.directory().equals(watch.directory)) {
                        watch.signals.add(new Signal.Changed(key, entries.stamp()));
                        told.add(watch);
                    }
                }
            }
            return told;
        }
    }

    private final class MemorySession implements Store {

        private final Session session;
        private final Tree tree;
        private final Loop loop;
        private final List<Consumer<? super StoreState>> stateListeners = new ArrayList<>();
        private volatile StoreState state = new StoreState.Connected();

        private MemorySession(Session session, Tree tree, Loop loop) {
            this.session = session;
            this.tree = tree;
            this.loop = loop;
        }

        @Override
        public Session session() {
            return session;
        }

        @Override
        public Promise<CommitOutcome> commit(List<Op> ops) {
            List<Op> commit = StoreTree.requireCommit(ops);
            CommitOutcome outcome;
            List<MemoryWatch> told = List.of();
            lock.lock();
            try {
                outcome = isLost() ? new CommitOutcome.SessionLost() : tree.entries.commit(session.id(), commit);
                if (outcome instanceof CommitOutcome.Committed) {
                    told = tree.tell(StoreTree.changes(commit));
                }
            } finally {
                lock.unlock();
            }
            told.forEach(MemoryWatch::drain);
            return completed(outcome);
        }

        @Override
        public Promise<Optional<Entry>> read(Key key, Freshness freshness) {
            lock.lock();
            try {
                return isLost() ? lost() : completed(tree.entries.read(key));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Promise<Listing> list(String directory, Freshness freshness) {
            Key.requireDirectory(directory);
            lock.lock();
            try {
                return isLost() ? lost() : completed(tree.entries.list(directory));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Promise<Watch> watch(String directory, Consumer<? super Signal> listener) {
            MemoryWatch watch = new MemoryWatch(this, Key.requireDirectory(directory), listener);
            lock.lock();
            try {
                if (isLost()) {
                    return lost();
                }
                tree.watches.add(watch);
                return completed(watch);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public StoreState state() {
            return state;
        }

        @Override
        public void onState(Consumer<? super StoreState> listener) {
            lock.lock();
            try {
                stateListeners.add(listener);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long heardAt() {
            return loop.nanoTime();
        }

        @Override
        public void close() {
            List<MemoryWatch> told = new ArrayList<>();
            List<Consumer<? super StoreState>> listeners;
            lock.lock();
            try {
                if (isLost()) {
                    return;
                }
                state = new StoreState.Lost("closed");
                listeners = List.copyOf(stateListeners);
                for (MemoryWatch watch : List.copyOf(tree.watches)) {
                    if (watch.session == this) {
                        endWatch(watch);
                        told.add(watch);
                    }
                }
                told.addAll(tree.tell(tree.entries.end(session.id())));
            } finally {
                lock.unlock();
            }
            told.forEach(MemoryWatch::drain);
            listeners.forEach(listener -> tell(loop, listener, state));
        }

        private boolean isLost() {
            return state instanceof StoreState.Lost;
        }

        private void end(MemoryWatch watch) {
            lock.lock();
            try {
                endWatch(watch);
            } finally {
                lock.unlock();
            }
            watch.drain();
        }

        private void endWatch(MemoryWatch watch) {
            if (tree.watches.remove(watch)) {
                watch.signals.add(new Signal.Closed());
            }
        }

        private static <T> Promise<T> completed(T value) {
            Promise<T> promise = new Promise<>();
            promise.complete(value);
            return promise;
        }

        private static <T> Promise<T> lost() {
            Promise<T> promise = new Promise<>();
            promise.fail(new SessionLostException("the session with the store in memory was closed"));
            return promise;
        }
    }

    /** A watch; its signals are queued behind the lock, which gives their order, and told without it. */
    private static final class MemoryWatch implements Watch {

        private final MemorySession session;
        private final String directory;
        private final Consumer<? super Signal> listener;
        private final Queue<Signal> signals = new ConcurrentLinkedQueue<>();

        /** Calls to {@link #drain} that have begun; only the first tells, so that signals keep their order. */
        private final AtomicInteger draining = new AtomicInteger();

        private MemoryWatch(MemorySession session, String directory, Consumer<? super Signal> listener) {
            this.session = session;
            this.directory = directory;
            this.listener = listener;
        }

        private void drain() {
            if (draining.getAndIncrement() > 0) {
                return;
            }
            int seen;
            do {
                seen = draining.get();
                for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
                    tell(session.loop, listener, signal);
                }
            } while (!draining.compareAndSet(seen, 0));
        }

        @Override
        public void close() {
            session.end(this);
        }
    }
}
