package dev.heddle.cluster.etcd;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.etcd.GatewayException.Fate;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.cluster.store.internal.StoreTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A session: a lease, and a key that lives as long as it. Works in tasks of the loop that has opened it; what has no
 * {@code volatile} belongs to these.
 *
 * <p>The version of the key is the session's epoch. Each commit takes place in one epoch only, and a fresh read behind
 * a commit without an answer first begins the next one: then that commit has taken place, or never will. A commit that
 * comes too late by this without being unknown is sent again.
 */
final class EtcdSession implements Store {

    /** Most entries that one answer lists. */
    static final int PAGE = 128;

    private static final String LEASE_IS_GONE = "etcd has taken the lease";

    private final Loop loop = Heddle.currentLoop();
    private final Gateway gateway;
    private final EtcdKeys places;
    private final Session session;
    private final Task<Void> keeper;

    /** Done when the keeper has ended, and all that it keeps. */
    private final Promise<Boolean> over = new Promise<>();

    /** What reads and watches, to be cancelled at the end. */
    private final Set<Task<?>> calls = new ConcurrentSkipListSet<>(Comparator.comparingLong(Task::id));

    private final Queue<PendingCommit> commits = new ConcurrentLinkedQueue<>();

    /** Commits that were queued since the queue was empty; who queues the first has them made. */
    private final AtomicInteger queued = new AtomicInteger();

    /** Who makes the commits, or has made the last; never cancelled, but with the loop. */
    private volatile CompletableFuture<?> committer = CompletableFuture.completedFuture(null);

    private final List<Consumer<? super StoreState>> listeners = new CopyOnWriteArrayList<>();
    private volatile StoreState state = new StoreState.Connected();
    private volatile long heardAt;

    private long epoch;

    /** Commits that had no answer, and how many of them a later epoch has settled. */
    private long unknown;

    private long settled;

    /** The newest revision that a caller can have seen. */
    private long seen;

    /** A commit that waits for its turn. */
    private record PendingCommit(List<Op> ops, Promise<CommitOutcome> promise) {}

    private EtcdSession(Gateway gateway, EtcdKeys places, Session session, long heardAt, long epoch) {
        this.gateway = gateway;
        this.places = places;
        this.session = session;
        this.heardAt = heardAt;
        this.epoch = epoch;
        this.keeper = loop.spawn("lease of etcd", this::keep);
        var _ = keeper.toCompletableFuture().whenComplete((_, _) -> {
            lose("the loop has ended");
            over.tryComplete(true);
        });
    }

    /** Opens a session and waits for it. */
    static Store open(Gateway gateway, SessionOptions options) {
        Loop loop = Heddle.currentLoop();
        // Positive, as etcd's own are.
        long id = Math.max(1, loop.engine().random() >>> 1);
        long asked = Math.max(1, options.timeout().plusMillis(999).toSeconds());
        var places = new EtcdKeys(options.cluster());
        boolean opened = false;
        try {
            long sent = loop.nanoTime();
            EtcdAnswer lease = gateway.call("/v3/lease/grant", Map.of("ID", id, "TTL", asked), false, false);
            long granted = lease.number("TTL");
            if (granted < 1 || lease.number("ID") != id) {
                throw GatewayException.badAnswer("no lease");
            }
            EtcdAnswer begun = gateway.call("/v3/kv/txn", Transaction.nextEpoch(places.session(id), id, true), false,
                    true);
            var store = new EtcdSession(gateway, places, new Session(id, Duration.ofSeconds(granted)), sent,
                    epochOf(begun));
            opened = true;
            return store;
        } catch (GatewayException e) {
            throw new StoreUnavailableException("no session with etcd: " + e.getMessage(), e);
        } finally {
            if (!opened) {
                // Cancelled or in vain, but the lease may be there. Without a key it would only be in nobody's way.
                Heddle.shield(() -> revoke(gateway, id));
                gateway.close();
            }
        }
    }

    // ---- calls, from anywhere ----

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Promise<CommitOutcome> commit(List<Op> ops) {
        var pending = new PendingCommit(StoreTree.requireCommit(ops), new Promise<>());
        commits.add(pending);
        if (queued.getAndIncrement() == 0) {
            committer = spawn("commits to etcd", () -> takeCommits(this::committed)).whenComplete((_, failure) -> {
                if (failure != null) {
                    takeCommits(_ -> new CommitOutcome.SessionLost());
                }
            });
        }
        return pending.promise;
    }

    @Override
    public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
        return ask("read from etcd", () -> {
            List<EtcdAnswer> found = range(Map.of("key", places.key(key)), freshness).objects("kvs");
            return found.isEmpty() ? Optional.empty() : Optional.of(places.entry(found.getFirst(), key.directory()));
        });
    }

    @Override
    public Promise<Listing> list(String directory, ReadConsistency freshness) {
        Key.requireDirectory(directory);
        return ask("list of etcd", () -> listing(directory, freshness));
    }

    private <T> Promise<T> ask(String name, Callable<T> body) {
        Promise<T> promise = new Promise<>();
        begin(name, promise, () -> {
            try {
                promise.complete(body.call());
            } catch (GatewayException e) {
                promise.fail(isLost() ? lost() : new StoreUnavailableException("etcd: " + e.getMessage(), e));
            }
        });
        return promise;
    }

    @Override
    public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
        var watch = new EtcdWatch(this, gateway, places, Key.requireDirectory(directory), listener);
        begin("watch of etcd: " + directory, watch.set(), watch::follow);
        return watch.set();
    }

    /** Begins what ends with the session, and fails the promise if it has not been decided by then. */
    private void begin(String name, Promise<?> promise, Action body) {
        var _ = spawn(name, () -> {
            Task<?> self = Heddle.currentTask();
            calls.add(self);
            try {
                if (!isLost()) {
                    body.run();
                }
            } finally {
                calls.remove(self);
            }
        }).whenComplete((_, failure) -> promise.tryFail(failure == null || isLost() ? lost() : failure));
    }

    private CompletableFuture<Void> spawn(String name, Action body) {
        try {
            return loop.spawn(name, body).toCompletableFuture();
        } catch (IllegalStateException loopHasEnded) {
            return CompletableFuture.failedFuture(loopHasEnded);
        }
    }

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public void onState(Consumer<? super StoreState> listener) {
        listeners.add(listener);
    }

    /** Counts renewals of the lease only: nothing else keeps a session alive. */
    @Override
    public long heardAt() {
        return heardAt;
    }

    @Override
    public void close() {
        if (isLost()) {
            return;
        }
        keeper.cancel("the session is closed");
        try {
            over.join();
        } catch (CancelledException e) {
            // The end is on its way.
        }
    }

    // ---- the lease ----

    private void keep() {
        try {
            renew();
        } catch (CancelledException e) {
            lose("closed");
            throw e;
        } catch (RuntimeException | Error e) {
            lose("renewing it failed: " + e);
        } finally {
            Heddle.shield(() -> {
                revoke();
                // Who commits has sent something, perhaps, and soon knows what became of it.
                Heddle.await(committer.exceptionally(_ -> null));
                List.copyOf(calls).forEach(Task::awaitOutcome);
                gateway.close();
            });
        }
    }

    /** Renews the lease until it is gone, a little more often than a sixth of the timeout. */
    private void renew() {
        long period = session.timeout().toNanos() / 7;
        for (int failures = 0; !isLost();) {
            long sent = loop.nanoTime();
            try {
                if (sent - heardAt > session.timeout().toNanos() / 3) {
                    // A leader that was paused, as we were perhaps, may renew what the next one has taken away.
                    nextEpoch();
                    sent = loop.nanoTime();
                }
                EtcdAnswer lease = gateway
                        .once("/v3/lease/keepalive", Map.of("ID", session.id()), gateway.patience(), false)
                        .object("result");
                if (lease.number("TTL") < 1) {
                    // Perhaps a leader that is new has not heard of it yet.
                    nextEpoch();
                    failures++;
                } else {
                    failures = 0;
                    heardAt = sent;
                    become(new StoreState.Connected());
                }
            } catch (GatewayException e) {
                failures++;
            }
            if (failures >= gateway.servers() && !isLost()) {
                become(new StoreState.Silent(heardAt));
            }
            long next = failures == 0 ? period : Math.min(period, Duration.ofMillis(100).toNanos());
            Heddle.sleep(Duration.ofNanos(Math.max(next - (loop.nanoTime() - sent), 0)));
        }
    }

    private void revoke() {
        long begin = loop.nanoTime();
        while (!revoke(gateway, session.id()) && loop.nanoTime() - begin < session.timeout().toNanos()) {
            Heddle.sleep(Duration.ofMillis(100));
        }
    }

    /** Ends a lease; false if it is not known whether it is there. */
    private static boolean revoke(Gateway gateway, long id) {
        try {
            gateway.once("/v3/lease/revoke", Map.of("ID", id), gateway.patience(), false);
            return true;
        } catch (GatewayException e) {
            return e.fate() == Fate.REFUSED;
        }
    }

    private void become(StoreState next) {
        if (!isLost() && !state.getClass().equals(next.getClass())) {
            state = next;
            listeners.forEach(listener -> tell(listener, next));
        }
    }

    private void lose(String cause) {
        if (!isLost()) {
            become(new StoreState.Lost(cause));
            gateway.stop();
            keeper.cancel(cause);
            calls.forEach(call -> call.cancel(cause));
        }
    }

    private boolean isLost() {
        return state instanceof StoreState.Lost;
    }

    private SessionLostException lost() {
        String cause = state instanceof StoreState.Lost(String why) ? why : "the loop has ended";
        return new SessionLostException("the session with etcd is over: " + cause);
    }

    /** Calls a listener; one that throws is reported, and keeps nobody from hearing. */
    <T> void tell(Consumer<? super T> listener, T news) {
        try {
            listener.accept(news);
        } catch (RuntimeException e) {
            loop.spawn("listener to etcd", () -> {
                throw e;
            });
        }
    }

    // ---- commits ----

    private void takeCommits(Function<List<Op>, CommitOutcome> taker) {
        do {
            PendingCommit next = commits.poll();
            if (next != null) {
                try {
                    next.promise.complete(taker.apply(next.ops));
                } finally {
                    next.promise.tryComplete(new CommitOutcome.Unknown("the loop has ended"));
                }
            }
        } while (queued.decrementAndGet() > 0);
    }

    private CommitOutcome committed(List<Op> ops) {
        var transaction = new Transaction(places, session.id(), ops);
        try {
            while (!isLost()) {
                long sentIn = epoch;
                long floor = seen;
                EtcdAnswer answer = gateway.call("/v3/kv/txn", transaction.in(sentIn), false, false);
                long stamp = revision(answer, floor);
                if (answer.flag("succeeded")) {
                    return new CommitOutcome.Committed(stamp);
                }
                long now = transaction.epoch(answer);
                if (now == 0) {
                    lose(LEASE_IS_GONE);
                } else if (now == sentIn) {
                    return transaction.refusal(answer);
                }
                epoch = Math.max(epoch, now);
            }
            return new CommitOutcome.SessionLost();
        } catch (GatewayException e) {
            if (e.fate() == Fate.UNKNOWN) {
                unknown++;
                return new CommitOutcome.Unknown(e.getMessage());
            }
            return isLost() ? new CommitOutcome.SessionLost() : new CommitOutcome.NotSent(e.getMessage());
        }
    }

    private void nextEpoch() {
        EtcdAnswer answer = gateway.call("/v3/kv/txn",
                Transaction.nextEpoch(places.session(session.id()), session.id(), false), false, true);
        if (answer.flag("succeeded")) {
            epoch = Math.max(epoch, epochOf(answer));
        } else {
            lose(LEASE_IS_GONE);
        }
    }

    private static long epochOf(EtcdAnswer begun) {
        List<EtcdAnswer> responses = begun.objects("responses");
        long epoch = responses.size() == 2 ? Transaction.version(Transaction.kv(responses.get(1))) : 0;
        if (epoch < 1) {
            throw GatewayException.badAnswer("no epoch");
        }
        return epoch;
    }

    // ---- reads ----

    private Listing listing(String directory, ReadConsistency freshness) {
        List<Entry> entries = new ArrayList<>();
        Map<String, Object> page = new HashMap<>(Map.of("key", places.first(directory), "limit", PAGE));
        page.put("range_end", places.end(directory));
        EtcdAnswer answer = range(page, freshness);
        long stamp = answer.revision();
        for (;;) {
            List<EtcdAnswer> kvs = answer.objects("kvs");
            kvs.forEach(kv -> entries.add(places.entry(kv, directory)));
            if (!answer.flag("more")) {
                return new Listing(entries, stamp);
            }
            if (kvs.isEmpty()) {
                throw GatewayException.badAnswer("an empty page, and more");
            }
            // The key behind the last one, as it was when the first page was read.
            page.put("key", places.after(entries.getLast().key()));
            page.put("revision", stamp);
            answer = gateway.call("/v3/kv/range", page, false, true);
        }
    }

    private EtcdAnswer range(Map<String, ?> range, ReadConsistency freshness) {
        long floor = seen;
        if (freshness == ReadConsistency.LOCAL) {
            Map<String, Object> local = new HashMap<>(range);
            local.put("serializable", true);
            EtcdAnswer answer = gateway.call("/v3/kv/range", local, true, true);
            if (answer.revision() >= floor) {
                saw(answer.revision());
                return answer;
            }
            // This server lags behind the one that was asked before.
        }
        for (;;) {
            while (settled < unknown) {
                long all = unknown;
                nextEpoch();
                settled = Math.max(settled, all);
            }
            EtcdAnswer answer = gateway.call("/v3/kv/range", range, false, true);
            revision(answer, floor);
            if (settled == unknown) {
                return answer;
            }
        }
    }

    /** The revision of an answer that went through the leader: it never goes back, unless the store is another one. */
    private long revision(EtcdAnswer answer, long floor) {
        long revision = answer.revision();
        if (revision < floor) {
            lose("etcd has gone back from revision " + floor + " to " + revision + ": it was wiped or restored");
            throw GatewayException.badAnswer("a revision of the past");
        }
        saw(revision);
        return revision;
    }

    void saw(long revision) {
        seen = Math.max(seen, revision);
    }
}
