package dev.heddle.cluster.store;

import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.store.internal.StoreTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A store in the memory of this JVM, for one node, for tests, for a laptop: what nothing can happen to. Several nodes
 * of this JVM share it if they are given the same one. Its sessions end when they are closed, and with the JVM.
 *
 * <p>Threads: everything may be called from any task or thread. A short lock is held while the entries change, never
 * while a listener is called. What a session is told, it is told in the order in which it came about, one after
 * another: by whoever brings it about, or who is telling it something already.
 */
public final class InMemoryStore implements StoreEngine {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Tree> trees = new HashMap<>();
    private long sessions;

    private InMemoryStore() {}

    /** Makes an empty one. */
    public static InMemoryStore create() {
        return new InMemoryStore();
    }

    /**
     * Makes a store that has what this one has now, but for its sessions and what they own: as one is that was restored
     * from a backup. Give it to nodes in place of this one to see how they meet that.
     */
    public InMemoryStore backup() {
        var copy = new InMemoryStore();
        lock.lock();
        try {
            copy.sessions = sessions;
            trees.forEach((cluster, tree) -> copy.trees.put(cluster, new Tree(tree.entries.durable())));
        } finally {
            lock.unlock();
        }
        return copy;
    }

    /** Opens a session, at once. */
    @Override
    public Store open(SessionOptions options) {
        lock.lock();
        try {
            Tree tree = trees.computeIfAbsent(options.cluster(), _ -> new Tree(new StoreTree()));
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

        private final StoreTree entries;
        private final List<MemoryWatch> watches = new ArrayList<>();

        private Tree(StoreTree entries) {
            this.entries = entries;
        }

        /** Queues the signals of a change; says who is to be told. */
        private Set<MemorySession> changed(List<WatchEvent.Changed> changes) {
            Set<MemorySession> told = new LinkedHashSet<>();
            for (MemoryWatch watch : watches) {
                for (WatchEvent.Changed change : changes) {
                    if (change.key().directory().equals(watch.directory)) {
                        watch.queue(change);
                        told.add(watch.session);
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

        /**
         * What is still to be told: signals, and answers to reads, since one that is asked for after the first signal
         * of a commit comes behind the others. Queued behind the lock, which gives the order, and told without it.
         */
        private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

        /** Calls to {@link #tellAll} that have begun; only the first tells, so that the order stays. */
        private final AtomicInteger telling = new AtomicInteger();

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
            Set<MemorySession> told = Set.of();
            lock.lock();
            try {
                outcome = isLost() ? new CommitOutcome.SessionLost() : tree.entries.commit(session.id(), commit);
                if (outcome instanceof CommitOutcome.Committed(long stamp)) {
                    told = tree.changed(StoreTree.changes(commit, stamp));
                }
            } finally {
                lock.unlock();
            }
            told.forEach(MemorySession::tellAll);
            Promise<CommitOutcome> promise = new Promise<>();
            promise.complete(outcome);
            return promise;
        }

        @Override
        public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
            return answer(() -> tree.entries.read(key));
        }

        @Override
        public Promise<Listing> list(String directory, ReadConsistency freshness) {
            Key.requireDirectory(directory);
            return answer(() -> tree.entries.list(directory));
        }

        @Override
        public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
            MemoryWatch watch = new MemoryWatch(this, Key.requireDirectory(directory), listener);
            return answer(() -> {
                tree.watches.add(watch);
                return watch;
            });
        }

        /** Asks something now, and answers behind all that this session is to be told of until now. */
        private <T> Promise<T> answer(Supplier<T> question) {
            Promise<T> promise = new Promise<>();
            lock.lock();
            try {
                if (isLost()) {
                    news.add(() -> promise.tryFail(
                            new SessionLostException("the session with the store in memory was closed")));
                } else {
                    T answer = question.get();
                    news.add(() -> promise.tryComplete(answer));
                }
            } finally {
                lock.unlock();
            }
            tellAll();
            return promise;
        }

        private void tellAll() {
            if (telling.getAndIncrement() > 0) {
                return;
            }
            int seen;
            do {
                seen = telling.get();
                for (Runnable next = news.poll(); next != null; next = news.poll()) {
                    next.run();
                }
            } while (!telling.compareAndSet(seen, 0));
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
            Set<MemorySession> told;
            lock.lock();
            try {
                if (isLost()) {
                    return;
                }
                StoreState lost = new StoreState.Lost("closed");
                state = lost;
                for (MemoryWatch watch : List.copyOf(tree.watches)) {
                    if (watch.session == this) {
                        endWatch(watch);
                    }
                }
                stateListeners.forEach(listener -> news.add(() -> tell(loop, listener, lost)));
                told = tree.changed(tree.entries.end(session.id()));
            } finally {
                lock.unlock();
            }
            tellAll();
            told.forEach(MemorySession::tellAll);
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
            tellAll();
        }

        private void endWatch(MemoryWatch watch) {
            if (tree.watches.remove(watch)) {
                watch.queue(new WatchEvent.Closed());
            }
        }
    }

    /** A watch. */
    private static final class MemoryWatch implements Watch {

        private final MemorySession session;
        private final String directory;
        private final Consumer<? super WatchEvent> listener;

        private MemoryWatch(MemorySession session, String directory, Consumer<? super WatchEvent> listener) {
            this.session = session;
            this.directory = directory;
            this.listener = listener;
        }

        private void queue(WatchEvent signal) {
            session.news.add(() -> tell(session.loop, listener, signal));
        }

        @Override
        public void close() {
            session.end(this);
        }
    }
}
