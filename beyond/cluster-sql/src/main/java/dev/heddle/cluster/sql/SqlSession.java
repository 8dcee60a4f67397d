package dev.heddle.cluster.sql;

import dev.heddle.Backoff;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.cluster.sql.SqlFailure.Fate;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Inbox;
import dev.heddle.cluster.store.InboxRow;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session: a row whose number its owner raises, the beat. Works in tasks of the loop that has opened it; what has no
 * {@code volatile} belongs to these.
 *
 * <p>No clock is compared with another. Each node reads the beats of all sessions, and ends one whose beat it has seen
 * unchanged for the timeout by its own count of time; the statement that ends it names that beat. The owner counts the
 * timeout from before it sent the beat, which is earlier. So a clock that is set, or a standby with another one, ends
 * no session.
 *
 * <p>Three connections: one that commits, one that reads, and one that shows that the session lives, ends those of
 * others, and waits for changes. A commit that waits for a lock keeps neither reads nor the lease from going on.
 */
public final class SqlSession implements Store {

    /** Most operations of a group of commits, if there is more than one. */
    static final int MAX_GROUP = 512;

    /** Beats in a timeout. */
    private static final int BEATS = 7;

    private static final Duration MAX_RETRY = Duration.ofMillis(100);

    private static final Backoff BETWEEN_TRIES = new Backoff(Duration.ofMillis(20), Duration.ofMillis(500), 0.5);

    /** How long the notice of a commit of its own waits for the answer. */
    private static final Duration OWN_COMMIT = Duration.ofMillis(20);

    private static final String WAS_ENDED = "its row is gone, so another node has ended it";

    private final Loop loop = Heddle.currentLoop();
    private final SqlDialect dialect;
    private final SqlTables tables;
    private final Session session;
    private final WorkerPool workers;
    private final SqlLine keeping;
    private final SqlLine committing;
    private final SqlLine reading;
    private final Task<Void> keeper;

    /** Done when the keeper has ended, and all that it keeps. */
    private final Promise<Boolean> over = new Promise<>();

    private final SqlInbox inbox;
    private final Backlog<Pending> commits;
    private final Backlog<PendingRead<?, ?>> reads;
    private final List<Consumer<? super StoreState>> listeners = new CopyOnWriteArrayList<>();
    private final List<SqlWatch> watches = new CopyOnWriteArrayList<>();

    /** Who wants to know of rows in the inbox, by topic. */
    private final Map<String, List<Runnable>> newsListeners = new ConcurrentHashMap<>();
    private volatile StoreState state = new StoreState.Connected();
    private volatile long heardAt;

    /** The beats of all sessions as they were seen first, on one server. */
    private final Map<Long, SeenBeat> seenBeats = new HashMap<>();

    private String beatsOf = "";

    /** The number of the last try of a group of commits, or of a fence. */
    private long attempt;

    /** The last try whose outcome was told as unknown, and the last that no such one can pass. */
    private long unknown;

    private long fenced;

    private final SqlRecent recent;

    /** Done when the commit that is under way has told of its changes. */
    private @Nullable Promise<Boolean> committed;

    /** What is to be committed and waits for its turn. */
    private sealed interface Pending {}

    private record PendingCommit(List<Op> ops, Promise<CommitOutcome> promise, long since) implements Pending {}

    private record PendingDrain(SqlInbox.Drain drain, Promise<Inbox.Drained> promise, long since) implements Pending {}

    /** A read that waits for its turn. */
    private record PendingRead<F extends SqlTables.Stamped, T>(
            ReadConsistency freshness, SqlLine.Work<F> question, Function<F, T> answer, Promise<T> promise,
            long since) {}

    /** What has become of a transaction: it was made, or else. */
    private record Result(@Nullable SqlCommit made, CommitOutcome otherwise) {}

    /** A beat, and when it was seen first. */
    private record SeenBeat(long beat, long since) {}

    private SqlSession(SqlDialect dialect, SqlTables tables, Session session, WorkerPool workers, SqlLine keeping,
            long heardAt, SqlTables.Mark seen) {
        Duration patience = patience(session.timeout());
        this.dialect = dialect;
        this.tables = tables;
        this.session = session;
        this.workers = workers;
        this.keeping = keeping;
        this.committing = new SqlLine(dialect, patience);
        this.reading = new SqlLine(dialect, patience);
        this.heardAt = heardAt;
        this.recent = new SqlRecent(seen);
        this.inbox = new SqlInbox(this, dialect, tables.cluster());
        this.commits = new Backlog<>(loop, "commits to " + dialect, this::commitSome, this::refuse);
        this.reads = new Backlog<>(loop, "reads from " + dialect, this::readOne, late -> late.promise.tryFail(lost()));
        this.keeper = loop.spawn("lease of " + dialect, this::keep);
        var _ = keeper.toCompletableFuture().whenComplete((_, _) -> {
            lose("the loop has ended");
            over.tryComplete(true);
        });
    }

    /** How long a connection or a statement may take, so that there is time for another before the lease ends. */
    private static Duration patience(Duration timeout) {
        return timeout.dividedBy(3);
    }

    /**
     * Opens a session and waits for it. A cancelled call leaves no session behind.
     *
     * @throws StoreUnavailableException if the database cannot be reached within the timeout, or refuses
     */
    public static Store open(SqlDialect dialect, SessionOptions options) {
        Loop loop = Heddle.currentLoop();
        var session = new Session(Math.max(1, loop.engine().random() >>> 1), options.timeout());
        var tables = new SqlTables(dialect, options.cluster());
        var workers = WorkerPool.of(WorkerPoolOptions.DEFAULT.withName("store").withWorkers(3));
        var line = new SqlLine(dialect, patience(options.timeout()));
        boolean opened = false;
        try {
            long begin = loop.nanoTime();
            for (int tries = 1;; tries++) {
                int number = tries;
                try {
                    long sent = loop.nanoTime();
                    SqlTables.Mark seen = workers.call(() -> {
                        line.transaction(transaction -> {
                            new SqlSchema(dialect).make(transaction);
                            return null;
                        });
                        return line.transaction(transaction -> tables.begin(transaction, session, number));
                    });
                    var store = new SqlSession(dialect, tables, session, workers, line, sent, seen);
                    opened = true;
                    return store;
                } catch (SqlFailure e) {
                    CancelScope.throwIfCancelled();
                    if (e.fate() == Fate.LASTING || loop.nanoTime() - begin > options.timeout().toNanos()) {
                        throw new StoreUnavailableException("no session with " + dialect + ": " + e.getMessage(), e);
                    }
                    Heddle.sleep(BETWEEN_TRIES.delay(tries));
                }
            }
        } finally {
            if (!opened) {
                // Cancelled or in vain, but the session may be there.
                Heddle.shield(() -> {
                    workers.call(() -> {
                        tryEnd(line, tables, session.id());
                        line.close();
                    });
                    workers.close();
                });
            }
        }
    }

    private static @Nullable SqlFailure tryEnd(SqlLine line, SqlTables tables, long id) {
        try {
            end(line, tables, id, -1);
            return null;
        } catch (StoreIsGone e) {
            return null;
        } catch (SqlFailure e) {
            return e;
        }
    }

    private static void end(SqlLine line, SqlTables tables, long id, long ifBeat) {
        line.transaction(each -> {
            tables.end(each, id, ifBeat);
            return null;
        });
    }

    // ---- calls, from anywhere ----

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Promise<CommitOutcome> commit(List<Op> ops) {
        var pending = new PendingCommit(StoreTree.requireCommit(ops), new Promise<>(), loop.nanoTime());
        commits.add(pending);
        return pending.promise;
    }

    @Override
    public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
        SqlRecent.Known known = freshness == ReadConsistency.LOCAL && !isLost() ? recent.find(key) : null;
        if (known != null) {
            var promise = new Promise<Optional<Entry>>();
            promise.complete(Optional.ofNullable(known.entry()));
            return promise;
        }
        return ask(freshness, line -> tables.read(line, key), SqlTables.Found::first);
    }

    @Override
    public Promise<Listing> list(String directory, ReadConsistency freshness) {
        Key.requireDirectory(directory);
        return ask(freshness, line -> tables.list(line, directory), SqlTables.Found::listing);
    }

    @Override
    public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
        Key.requireDirectory(directory);
        return ask(ReadConsistency.LOCAL, tables::now, found -> {
            // What was told to others until now can be read already.
            var watch = new SqlWatch(this, directory, listener, Math.max(recent.told(), found.mark().stamp()));
            watches.add(watch);
            return watch;
        });
    }

    private <F extends SqlTables.Stamped, T> Promise<T> ask(
            ReadConsistency freshness, SqlLine.Work<F> question, Function<F, T> answer) {
        var pending = new PendingRead<F, T>(freshness, question, answer, new Promise<>(), loop.nanoTime());
        reads.add(pending);
        return pending.promise;
    }

    @Override
    public Optional<Inbox> inbox() {
        return Optional.of(inbox);
    }

    /** A row of the inbox, and how far the cluster had come as it was there. */
    private record FoundRow(SqlTables.Mark mark, List<InboxRow> rows) implements SqlTables.Stamped {}

    /** Looks for a row of the inbox. */
    Promise<Optional<InboxRow>> find(SqlLine.Work<Optional<InboxRow>> question) {
        return ask(ReadConsistency.FRESH,
                line -> new FoundRow(tables.now(line).mark(), question.on(line).stream().toList()),
                found -> found.rows.stream().findFirst());
    }

    /** Moves rows of the inbox. */
    Promise<Inbox.Drained> drain(SqlInbox.Drain drain) {
        var pending = new PendingDrain(drain, new Promise<>(), loop.nanoTime());
        commits.add(pending);
        return pending.promise;
    }

    /** Tells when rows of a topic may have come into the inbox. */
    void onNews(String topic, Runnable listener) {
        newsListeners.computeIfAbsent(topic, _ -> new CopyOnWriteArrayList<>()).add(listener);
    }

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public void onState(Consumer<? super StoreState> listener) {
        listeners.add(listener);
    }

    /** Counts beats only. */
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
        keeping.abort();
        try {
            over.join();
        } catch (CancelledException e) {
            // The end is on its way.
        }
    }

    // ---- the lease ----

    private void keep() {
        try {
            live();
        } catch (CancelledException e) {
            lose("closed");
            throw e;
        } catch (RuntimeException | Error e) {
            lose("renewing it failed: " + e);
        } finally {
            Heddle.shield(() -> {
                // Who commits has sent something, perhaps, and soon knows what became of it.
                Heddle.await(commits.done());
                revoke();
                Heddle.await(reads.done());
                workers.call(() -> List.of(keeping, committing, reading).forEach(SqlLine::close));
                workers.close();
            });
        }
    }

    private void live() {
        long period = session.timeout().toNanos() / BEATS;
        while (!isLost()) {
            long sent = loop.nanoTime();
            try {
                beat(sent);
                endOthers();
                tellChanges();
                for (long left = period; left > 0 && !isLost(); left = period - (loop.nanoTime() - sent)) {
                    long millis = Math.max(1, left / 1_000_000);
                    SqlDialect.News news = workers
                            .call(() -> keeping.awaitChanges(tables.cluster(), millis, recent::told));
                    tellNews(news.topics());
                    awaitOwnCommit();
                    if (news.stamp() > recent.told()) {
                        tellChanges();
                    }
                }
            } catch (StoreIsGone e) {
                lose(e.getMessage());
            } catch (SqlFailure e) {
                CancelScope.throwIfCancelled();
                if (heardAt != sent) {
                    become(new StoreState.Silent(heardAt));
                }
                Heddle.sleep(Duration.ofNanos(Math.min(period, MAX_RETRY.toNanos())));
            }
        }
    }

    private void beat(long sent) {
        if (workers.call(() -> keeping.call(line -> tables.beat(line, session.id())))) {
            heardAt = sent;
            become(new StoreState.Connected());
        } else {
            lose(WAS_ENDED);
        }
    }

    /** Ends sessions whose owners have not shown themselves for their timeout. */
    private void endOthers() {
        List<SqlTables.Beat> beats = workers.call(() -> keeping.call(tables::beats));
        long now = loop.nanoTime();
        // Another server may lack some beats, and come to the same number again.
        Map<Long, SeenBeat> before = keeping.server().equals(beatsOf) ? Map.copyOf(seenBeats) : Map.of();
        beatsOf = keeping.server();
        seenBeats.clear();
        for (SqlTables.Beat each : beats) {
            SeenBeat first = before.get(each.session());
            if (first == null || first.beat != each.beat()) {
                first = new SeenBeat(each.beat(), now);
            }
            seenBeats.put(each.session(), first);
            if (now - first.since >= Duration.ofMillis(each.timeoutMillis()).toNanos()) {
                workers.call(() -> {
                    end(keeping, tables, each.session(), each.beat());
                    dialect.committed();
                });
            }
        }
    }

    /** Ends the session for the others. */
    private void revoke() {
        long begin = loop.nanoTime();
        while (true) {
            SqlFailure failure = workers.call(() -> tryEnd(committing, tables, session.id()));
            if (failure == null || failure.fate() == Fate.LASTING
                    || loop.nanoTime() - begin > session.timeout().toNanos()) {
                break;
            }
            Heddle.sleep(MAX_RETRY);
        }
        dialect.committed();
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
            keeper.cancel(cause);
            watches.forEach(this::ended);
        }
    }

    private boolean isLost() {
        return state instanceof StoreState.Lost;
    }

    private SessionLostException lost() {
        String cause = state instanceof StoreState.Lost(String why) ? why : "the loop has ended";
        return new SessionLostException("the session with " + dialect + " is over: " + cause);
    }

    /** Calls a listener; one that throws is reported, and keeps nobody from hearing. */
    <T> void tell(Consumer<? super T> listener, T news) {
        try {
            listener.accept(news);
        } catch (RuntimeException e) {
            loop.spawn("listener to " + dialect, () -> {
                throw e;
            });
        }
    }

    /** The notice of this session's own commit comes before its answer, which tells the same without another trip. */
    private void awaitOwnCommit() {
        Promise<Boolean> commit = committed;
        if (commit != null) {
            Heddle.moveOnAfter(OWN_COMMIT, commit::join);
        }
    }

    // ---- watches ----

    /** Tells of what has changed since the last time. */
    private void tellChanges() {
        SqlTables.History history;
        do {
            long after = recent.told();
            // What it has seen can be more than its watches were told, and must be there all the same.
            long floor = recent.seen().stamp();
            history = workers.call(() -> keeping.call(line -> tables.history(line, after)));
            long stamp = history.mark().stamp();
            recent.saw(history.mark(), floor);
            long last = Math.min(stamp, after + SqlTables.PAGE);
            if (history.forgotten() > recent.told()) {
                last = stamp;
                recent.clear();
                watches.forEach(watch -> watch.tell(new WatchEvent.Gap()));
            } else {
                // Meanwhile a commit may have told some of them.
                long known = recent.told();
                List<WatchEvent.Changed> changes = history.changes().stream()
                        .filter(change -> change.stamp() > known).toList();
                changes.forEach(recent::changed);
                changes.forEach(this::tell);
            }
            recent.told(last);
        } while (recent.told() < history.mark().stamp());
    }

    private void tell(WatchEvent.Changed change) {
        watches.forEach(watch -> watch.tell(change));
    }

    private void tellNews(Set<String> topics) {
        boolean any = topics.contains(SqlDialect.ChangeListener.ANY_TOPIC);
        newsListeners.forEach((topic, told) -> {
            if (any || topics.contains(topic)) {
                told.forEach(listener -> tell(_ -> listener.run(), topic));
            }
        });
    }

    /** Ends a watch. */
    void end(SqlWatch watch) {
        try {
            loop.callFromThread(() -> ended(watch));
        } catch (IllegalStateException loopHasEnded) {
            // It was closed with the session.
        }
    }

    private void ended(SqlWatch watch) {
        if (watches.remove(watch)) {
            watch.tell(new WatchEvent.Closed());
        }
    }

    // ---- commits ----

    private void refuse(Pending late) {
        switch (late) {
            case PendingCommit commit -> commit.promise.tryComplete(new CommitOutcome.SessionLost());
            case PendingDrain drain -> drain.promise.tryFail(lost());
        }
    }

    private int commitSome(Queue<Pending> queue) {
        if (queue.peek() instanceof PendingDrain drain) {
            queue.remove();
            drain(drain);
            return 1;
        }
        List<PendingCommit> group = new ArrayList<>();
        int ops = 0;
        while (queue.peek() instanceof PendingCommit next) {
            ops += next.ops.size();
            if (!group.isEmpty() && ops > MAX_GROUP) {
                break;
            }
            group.add(next);
            queue.remove();
        }
        if (group.isEmpty()) {
            return 0;
        }
        try {
            Result result = transact(group.getFirst().since,
                    SqlCommit.Known.of(group.stream().map(PendingCommit::ops).toList()));
            for (int i = 0; i < group.size(); i++) {
                group.get(i).promise.complete(
                        result.made == null ? result.otherwise : result.made.outcomes().get(i));
            }
        } finally {
            group.forEach(each -> each.promise.tryComplete(new CommitOutcome.Unknown("the loop has ended")));
        }
        return group.size();
    }

    private void drain(PendingDrain pending) {
        try {
            if (isLost() || !workers.call(() -> committing.call(pending.drain::hasRows))) {
                pending.promise.tryComplete(Inbox.Drained.NOTHING);
                return;
            }
            Result result = transact(pending.since, pending.drain);
            if (result.made != null) {
                pending.promise.complete(pending.drain.result(result.made));
            } else if (!isLost()) {
                pending.promise.tryFail(new StoreUnavailableException(
                        "the inbox of " + dialect + " was not drained: " + result.otherwise));
            }
        } catch (SqlFailure e) {
            pending.promise.tryFail(isLost() ? lost() : new StoreUnavailableException(e.getMessage(), e));
        } finally {
            pending.promise.tryFail(lost());
        }
    }

    /** Makes a transaction, trying again until it is known what became of it, or it is late. */
    private Result transact(long since, SqlCommit.Source source) {
        SqlCommit uncertain = null;
        String cause = "";
        try {
            for (int tries = 1; !isLost(); tries++) {
                SqlCommit commit = null;
                try {
                    if (uncertain != null && fence(committing) == uncertain.attempt()) {
                        return made(uncertain);
                    }
                    uncertain = null;
                    commit = new SqlCommit(tables, session.id(), ++attempt, recent.seen(), source);
                    Result result = make(commit);
                    if (result != null) {
                        return result;
                    }
                } catch (SqlFailure e) {
                    cause = e.getMessage();
                    uncertain = e.fate() == Fate.UNKNOWN && commit != null ? commit : uncertain;
                    if (e.fate() == Fate.LASTING || isLate(since)) {
                        break;
                    }
                    Heddle.sleep(BETWEEN_TRIES.delay(tries));
                }
            }
        } catch (StoreIsGone e) {
            lose(e.getMessage());
        }
        return new Result(null, withoutAnswer(uncertain, cause));
    }

    /** Null if the session has fenced it off. */
    private @Nullable Result make(SqlCommit commit) {
        var told = new Promise<Boolean>();
        committed = told;
        try {
            return workers.call(() -> committing.transaction(commit)) ? made(commit) : null;
        } finally {
            committed = null;
            told.complete(true);
        }
    }

    private CommitOutcome withoutAnswer(@Nullable SqlCommit uncertain, String cause) {
        if (uncertain != null) {
            unknown = Math.max(unknown, uncertain.attempt());
            return new CommitOutcome.Unknown(cause);
        }
        return isLost() ? new CommitOutcome.SessionLost() : new CommitOutcome.NotSent(cause);
    }

    private boolean isLate(long since) {
        return loop.nanoTime() - since > session.timeout().toNanos();
    }

    private Result made(SqlCommit commit) {
        recent.saw(commit.mark(), 0);
        long told = recent.told();
        if (commit.before() >= told) {
            recent.committed(commit.put(), commit.gone(), commit.stamp());
        }
        if (commit.before() == told) {
            // Nobody else has changed anything between, so there is nothing to read.
            commit.changes().forEach(this::tell);
            recent.told(commit.stamp());
        }
        dialect.committed();
        return new Result(commit, new CommitOutcome.Committed(commit.stamp()));
    }

    /** Keeps all commits before this from taking place, and says which was the last that has. */
    private long fence(SqlLine line) {
        long number = ++attempt;
        long applied = workers.call(() -> line.transaction(each -> tables.fence(each, session.id(), number)));
        if (applied < 0) {
            throw new StoreIsGone(WAS_ENDED);
        }
        fenced = Math.max(fenced, number);
        return applied;
    }

    // ---- reads ----

    private int readOne(Queue<PendingRead<?, ?>> queue) {
        PendingRead<?, ?> next = queue.poll();
        if (next == null) {
            return 0;
        }
        try {
            answer(next);
        } finally {
            next.promise.tryFail(lost());
        }
        return 1;
    }

    private <F extends SqlTables.Stamped, T> void answer(PendingRead<F, T> pending) {
        for (int tries = 1; !isLost(); tries++) {
            try {
                if (pending.freshness == ReadConsistency.FRESH && unknown > fenced) {
                    fence(reading);
                }
                long floor = recent.seen().stamp();
                F found = workers.call(() -> reading.call(pending.question));
                recent.saw(found.mark(), floor);
                if (!isLost()) {
                    pending.promise.tryComplete(pending.answer.apply(found));
                }
                return;
            } catch (StoreIsGone e) {
                lose(e.getMessage());
            } catch (SqlFailure e) {
                if (e.fate() == Fate.LASTING || isLate(pending.since)) {
                    pending.promise.tryFail(isLost() ? lost() : new StoreUnavailableException(e.getMessage(), e));
                    return;
                }
                Heddle.sleep(BETWEEN_TRIES.delay(tries));
            }
        }
    }
}
