package dev.heddle.sim;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.cluster.store.internal.StoreTree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session of a simulated store, at its client. It keeps one connection; if that breaks, or no answer comes for a
 * third of the timeout, it goes on with another server.
 *
 * <pre>
 *   connecting ──▶ attached ──broken──▶ connecting ──▶ ... ──▶ over
 * </pre>
 *
 * <p>Threads: callers are of any thread; all work is done on the simulation's loop, and what is told is told by one
 * callback of it after another.
 */
final class StoreSession implements Store {

    /** Pings, and looks at what has taken too long, in a timeout. */
    private static final int BEATS = 6;

    /** A connection without an answer for this part of the timeout is given up. */
    private static final int PATIENCE = 3;

    private final SimStore store;
    private final SimHost host;
    private final SessionOptions options;
    private final long timeoutNanos;
    private final Loop loop = Heddle.currentLoop();
    private final Promise<Store> opened = new Promise<>();
    private final Promise<Boolean> ended = new Promise<>();
    private final Runnable crash = this::crashed;

    /** What other threads have called, and what is to be told, each in order. */
    private final Queue<Runnable> arriving = new ConcurrentLinkedQueue<>();

    private final Queue<Runnable> leaving = new ArrayDeque<>();
    private boolean telling;

    private final Map<Long, StoreCall> calls = new LinkedHashMap<>();
    private final Map<Long, SimWatch> watches = new LinkedHashMap<>();
    private final List<Consumer<? super StoreState>> listeners = new ArrayList<>();
    private @Nullable Session session;
    private @Nullable StoreConnection connection;
    private @Nullable StoreServer last;
    private @Nullable CommitFate fate;
    private boolean attached;
    private boolean closing;
    private boolean over;
    private long attachSentAt;

    /** It reaches no server before. */
    private long silentUntilNanos;

    private long numbers;

    /** The place in the log that was seen, and up to which the watches were told. */
    private long seen;

    private long told;

    /** Whether the watches were told of a part of a commit behind {@link #told}. */
    private boolean toldInPart;

    private volatile long heardAt;
    private volatile StoreState state = new StoreState.Connected();

    StoreSession(SimStore store, SimHost host, SessionOptions options) {
        this.store = store;
        this.host = host;
        this.options = options;
        timeoutNanos = options.timeout().toNanos();
        heardAt = loop.nanoTime();
    }

    // ---- opening ----

    Store open() {
        host.onCrash().add(crash);
        store.enter(this);
        connect();
        store.network().context().after(timeoutNanos, () -> {
            if (session == null) {
                opened.tryFail(new StoreUnavailableException("no server of the simulated store has opened a session"));
            }
        });
        boolean open = false;
        try {
            Store made = opened.join();
            open = true;
            return made;
        } finally {
            if (!open) {
                abandon();
            }
        }
    }

    /** Nobody waits for it: it ends, here at once, and at the store when that hears of it. */
    private void abandon() {
        if (session == null) {
            ended("it was never opened");
        } else {
            startClose();
        }
    }

    SimStore store() {
        return store;
    }

    SimHost host() {
        return host;
    }

    boolean isClosing() {
        return closing;
    }

    boolean isOver() {
        return over;
    }

    @Nullable StoreConnection connection() {
        return connection;
    }

    // ---- the connection ----

    private void connect() {
        if (over) {
            return;
        }
        StoreServer server = store.pick(last);
        last = server;
        attachSentAt = loop.nanoTime();
        var made = new StoreConnection(store, this, server);
        connection = made;
        FaultPlan faults = store.network().context().faults;
        if (store.nowNanos() < silentUntilNanos || store.chance(faults.blackHoleChance())) {
            watchConnecting(made);
            return;
        }
        if (!server.isUp() || store.chance(faults.refuseChance())) {
            made.refuse("no server listens");
            return;
        }
        Session known = session;
        long from = seen;
        long upTo = told;
        boolean inPart = toldInPart;
        Map<Long, String> set = new LinkedHashMap<>();
        watches.forEach((number, watch) -> set.put(number, watch.directory()));
        made.toServer(StoreServer.SMALL, () -> {
            ServedClient served = server.serve(made, options.cluster());
            if (served == null) {
                return;
            }
            if (known == null) {
                served.open(options.timeout());
            } else {
                served.attach(known.id(), from, upTo, inPart, set);
            }
        });
        watchConnecting(made);
    }

    /** An attempt that is not answered is given up. */
    private void watchConnecting(StoreConnection made) {
        later(timeoutNanos / PATIENCE, () -> {
            if (connection == made && !attached) {
                made.close();
                disconnected(made, "no server answers");
            }
        });
    }

    /** A server has taken the session up. */
    void attached(StoreConnection by, long id, long index, boolean isNew) {
        if (over || connection != by) {
            return;
        }
        attached = true;
        saw(index);
        heard(attachSentAt);
        if (isNew) {
            session = store.session(id);
            told = index;
            later(timeoutNanos / BEATS, this::beat);
            later(() -> opened.tryComplete(this));
        }
        becomes(new StoreState.Connected());
        List.copyOf(calls.values()).forEach(this::send);
    }

    /** A connection is over. */
    void disconnected(StoreConnection by, String why) {
        if (over || connection != by) {
            return;
        }
        connection = null;
        attached = false;
        if (session != null) {
            becomes(new StoreState.Silent(heardAt));
        }
        for (StoreCall each : List.copyOf(calls.values())) {
            if (each.sent > 0 ? !each.isKept() : each instanceof StoreCall.Commit && store.chance(0.5)) {
                end(each, each.sent > 0 ? StoreCall.Loss.UNANSWERED : StoreCall.Loss.UNSENT, why);
            }
        }
        later(store.random().upToNanos(timeoutNanos / 20), this::connect);
    }

    /** The store has answered something that was sent at a time. */
    void heard(long sentAt) {
        if (sentAt - heardAt > 0) {
            heardAt = sentAt;
        }
    }

    private void saw(long index) {
        seen = Math.max(seen, index);
    }

    /** Lets the store hear of the session, and gives up what has taken too long. */
    private void beat() {
        if (over) {
            return;
        }
        later(timeoutNanos / BEATS, this::beat);
        StoreConnection current = connection;
        if (current != null && attached) {
            long now = loop.nanoTime();
            if (now - heardAt > timeoutNanos / PATIENCE) {
                current.close();
                store.count(StoreEvent.CUT);
                disconnected(current, "no answer comes");
            } else {
                current.toServer(StoreServer.SMALL, () -> Objects.requireNonNull(current.served).ping(now));
                strike(current);
            }
        }
        for (StoreCall each : List.copyOf(calls.values())) {
            if (store.nowNanos() - each.sinceNanos() > timeoutNanos) {
                end(each, each.sent > 0 ? StoreCall.Loss.UNANSWERED : StoreCall.Loss.UNSENT,
                        "no answer has come in " + options.timeout());
            }
        }
    }

    /** What comes now and then by itself. */
    private void strike(StoreConnection current) {
        if (store.now(store.faults().cutEvery(), timeoutNanos / BEATS)) {
            store.network().context().after(store.random().upToNanos(timeoutNanos / BEATS), current::cut);
        }
        if (store.now(store.faults().silenceEvery(), timeoutNanos / BEATS)) {
            silence(store.random().upToNanos(store.faults().silenceFor().toNanos()));
        }
    }

    // ---- calls ----

    @Override
    public Session session() {
        return Objects.requireNonNull(session);
    }

    @Override
    public Promise<CommitOutcome> commit(List<Op> ops) {
        List<Op> commit = StoreTree.requireCommit(ops);
        Promise<CommitOutcome> promise = new Promise<>();
        onLoop(() -> {
            boolean kept = store.chance(store.faults().resendChance());
            start(new StoreCall.Commit(this, ++numbers, store.nowNanos(), commit, kept, promise));
        });
        return promise;
    }

    @Override
    public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
        return query(tree -> tree.read(key), freshness);
    }

    @Override
    public Promise<Listing> list(String directory, ReadConsistency freshness) {
        Key.requireDirectory(directory);
        return query(tree -> tree.list(directory), freshness);
    }

    private <T> Promise<T> query(Function<StoreTree, T> query, ReadConsistency freshness) {
        Promise<T> promise = new Promise<>();
        onLoop(() -> start(new StoreCall.Query<>(this, ++numbers, store.nowNanos(), query, freshness, promise)));
        return promise;
    }

    @Override
    public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
        var watch = new SimWatch(this, Key.requireDirectory(directory), listener);
        Promise<Watch> promise = new Promise<>();
        onLoop(() -> start(new StoreCall.Watching(this, ++numbers, store.nowNanos(), watch, promise)));
        return promise;
    }

    private void start(StoreCall call) {
        if (closing || over) {
            call.end();
            call.fail(StoreCall.Loss.SESSION, "the session with the simulated store is over");
            return;
        }
        calls.put(call.number(), call);
        send(call);
    }

    private void send(StoreCall call) {
        StoreConnection current = connection;
        if (current == null || !attached || call.isOver()) {
            return;
        }
        if (call instanceof StoreCall.Commit commit && call.sent == 0 && meets(commit, current)) {
            return;
        }
        if (call.sent++ > 0) {
            store.count(StoreEvent.RESEND);
        }
        call.sentAt = loop.nanoTime();
        current.toServer(call.bytes(), () -> call.arrive(Objects.requireNonNull(current.served)));
    }

    /** Lets a commit meet its fate; says whether it is not to be sent. */
    private boolean meets(StoreCall.Commit call, StoreConnection current) {
        CommitFate met = fate != null ? fate : store.drawFate();
        fate = null;
        if (met == null) {
            return false;
        }
        switch (met) {
            case NOT_SENT -> end(call, StoreCall.Loss.UNSENT, "a fault");
            case ANSWER_LOST -> {
                call.losesAnswer = true;
                return false;
            }
            case LOST, LATE -> {
                call.sent++;
                store.network().context().after(store.random().upToNanos(SimStore.TICK_NANOS), () -> {
                    end(call, StoreCall.Loss.UNANSWERED, "a fault");
                    current.cut();
                });
                if (met == CommitFate.LATE) {
                    long nanos = SimStore.TICK_NANOS + store.random().upToNanos(store.faults().lateFor().toNanos());
                    store.network().context().after(nanos, () -> store.arriveLate(call));
                }
            }
        }
        return true;
    }

    /** Lets it reach no server for a time; it finds out by itself. */
    void silence(long nanos) {
        store.count(StoreEvent.SILENCE);
        silentUntilNanos = Math.max(silentUntilNanos, store.nowNanos() + nanos);
        if (connection != null) {
            connection.close();
        }
    }

    /** The next commit meets a fate. */
    void meet(CommitFate next) {
        fate = next;
    }

    /** A call was answered. */
    void answered(StoreCall call, long index, boolean proven, Runnable answer) {
        saw(index);
        if (proven) {
            heard(call.sentAt);
        }
        if (calls.remove(call.number()) != null && call.end()) {
            answer.run();
        }
    }

    private void end(StoreCall call, StoreCall.Loss loss, String why) {
        calls.remove(call.number());
        if (call.end()) {
            call.fail(loss, why);
        }
    }

    // ---- watches ----

    /** A watch is set. */
    void established(long number, SimWatch watch) {
        if (!watch.isClosed()) {
            watches.put(number, watch);
        }
    }

    /** The watches are told, up to a place in the log. */
    void told(List<ServedClient.Told> news, long index) {
        tellWatches(news, index, index, false);
    }

    /** Some signals of what stands at a place in the log have come: another server begins with it again. */
    void toldInPart(List<ServedClient.Told> news, long index, long place) {
        tellWatches(news, index, place, true);
    }

    private void tellWatches(List<ServedClient.Told> news, long index, long whole, boolean inPart) {
        if (over) {
            return;
        }
        saw(index);
        told = Math.max(told, whole);
        toldInPart = inPart;
        for (ServedClient.Told each : news) {
            SimWatch watch = watches.get(each.watch());
            if (watch != null) {
                watch.tell(each.signal());
            }
        }
    }

    void unwatch(SimWatch watch) {
        for (Map.Entry<Long, SimWatch> each : List.copyOf(watches.entrySet())) {
            if (each.getValue() == watch) {
                long number = each.getKey();
                watches.remove(number);
                StoreConnection current = connection;
                if (current != null && attached) {
                    current.toServer(StoreServer.SMALL, () -> Objects.requireNonNull(current.served).unwatch(number));
                }
            }
        }
        watch.tell(new WatchEvent.Closed());
    }

    // ---- the state and the end ----

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public void onState(Consumer<? super StoreState> listener) {
        onLoop(() -> listeners.add(listener));
    }

    private void becomes(StoreState next) {
        if (state instanceof StoreState.Lost || next.getClass() == state.getClass()) {
            return;
        }
        state = next;
        for (Consumer<? super StoreState> each : listeners) {
            later(() -> each.accept(next));
        }
    }

    @Override
    public long heardAt() {
        return heardAt;
    }

    @Override
    public void close() {
        onLoop(this::startClose);
        try {
            if (isHere()) {
                ended.join();
            } else {
                ended.toCompletableFuture().get();
            }
        } catch (CancelledException | InterruptedException _) {
            // The end is on its way; nobody waits for the answer.
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a session cannot fail", e);
        }
    }

    private void startClose() {
        if (closing || over) {
            return;
        }
        becomes(new StoreState.Lost("it was closed"));
        watches.values().forEach(each -> each.tell(new WatchEvent.Closed()));
        StoreCall last = new StoreCall.Closing(this, ++numbers, store.nowNanos());
        start(last);
        closing = true;
        store.network().context().after(timeoutNanos, () -> ended("it was closed"));
    }

    private void crashed() {
        ended("its host crashed");
    }

    /** The session is over, whatever is under way. */
    void ended(String why) {
        if (over) {
            return;
        }
        over = true;
        becomes(new StoreState.Lost(why));
        host.onCrash().remove(crash);
        store.leave(this);
        if (connection != null) {
            connection.close();
        }
        for (StoreCall each : List.copyOf(calls.values())) {
            if (!(each instanceof StoreCall.Closing)) {
                end(each, StoreCall.Loss.SESSION, "the session is over: " + why);
            }
        }
        calls.clear();
        watches.values().forEach(each -> each.tell(new WatchEvent.Closed()));
        watches.clear();
        later(() -> ended.tryComplete(true));
        later(() -> opened.tryFail(new StoreUnavailableException(why)));
    }

    // ---- telling ----

    <T> void tell(Promise<T> promise, T value) {
        later(() -> promise.tryComplete(value));
    }

    <T> void tell(Promise<T> promise, T value, StoreEvent event) {
        store.count(event);
        tell(promise, value);
    }

    void tellFailure(Promise<?> promise, RuntimeException failure) {
        later(() -> promise.tryFail(failure));
    }

    /** Calls something out, behind all before it. */
    void later(Runnable what) {
        leaving.add(what);
        if (!telling) {
            telling = true;
            schedule(this::tellAll);
        }
    }

    private void tellAll() {
        try {
            for (Runnable next = leaving.poll(); next != null; next = leaving.poll()) {
                next.run();
            }
        } finally {
            telling = !leaving.isEmpty();
            if (telling) {
                schedule(this::tellAll); // one has failed, which is reported; the others are none the worse
            }
        }
    }

    /** Does something later, when the host runs. */
    private void later(long nanos, Runnable what) {
        store.network().context().after(nanos, () -> store.onHost(host, what));
    }

    /** Does something on the simulation's loop: now, or if called elsewhere later, in the order of these calls. */
    void onLoop(Runnable call) {
        if (isHere()) {
            call.run();
        } else {
            arriving.add(call);
            schedule(() -> {
                for (Runnable next = arriving.poll(); next != null; next = arriving.poll()) {
                    next.run();
                }
            });
        }
    }

    private void schedule(Runnable callback) {
        try {
            loop.callFromThread(callback);
        } catch (IllegalStateException ended) {
            // The simulation is over; nobody is there to be told.
        }
    }

    private boolean isHere() {
        try {
            return Heddle.currentLoop() == loop;
        } catch (IllegalStateException onNoLoop) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "session " + (session == null ? "that is being opened" : session.id()) + " of " + host.name();
    }
}
