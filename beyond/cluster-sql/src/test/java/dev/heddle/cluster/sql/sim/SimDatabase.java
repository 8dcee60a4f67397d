package dev.heddle.cluster.sql.sim;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.sql.Expiry;
import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.sql.SqlSession;
import dev.heddle.cluster.sql.sim.SimRows.Change;
import dev.heddle.cluster.sql.sim.SimTransaction.MustWait;
import dev.heddle.cluster.sql.sim.SimTransaction.Result;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated server of a database, and its standby, behind the interfaces of JDBC: so all of a session's own code runs
 * in simulated time. Rows are locked, and statements see what is committed, as with PostgreSQL at its default level.
 *
 * <p>What can go wrong: messages are lost before or after they had their effect, connections break or fall silent,
 * commits take place after they were given up, statements are refused, notices are lost, late and doubled; the server
 * stops, is killed, is full, takes no changes; a standby is promoted, which lacks nothing that was answered if it is
 * synchronous, and the last transactions if it is not.
 *
 * <p>Threads: tasks and callbacks of the loop of the simulation.
 */
final class SimDatabase {

    private static final Duration LATENCY = Duration.ofNanos(800_000);
    private static final Duration SLOW = Duration.ofMillis(600);
    private static final Duration LATE = Duration.ofSeconds(5);
    /** The longest time until a standby that is not synchronous has a transaction. */
    static final Duration LAG = Duration.ofSeconds(3);

    /** What a server refuses now and then, and what it says. */
    private static final List<String> REFUSALS = List.of("40001", "40P01", "57014", "57P01", "55P03");

    private final Loop loop = Heddle.currentLoop();
    private final SimHost server = Sim.current().network().localhost();
    private final SimRandom random;
    private final boolean isSynchronous;
    private final Map<String, Long> counts = new TreeMap<>();
    private final Set<SimSession> sessions = new LinkedHashSet<>();
    private final Set<SimSession> waiting = new LinkedHashSet<>();
    private final Map<String, Long> cutUntil = new TreeMap<>();
    private final Map<String, Integer> crashes = new TreeMap<>();
    private final List<Consumer<? super List<Change>>> observers = new ArrayList<>();

    /** Transactions that are being written, and those that the standby has still to apply, in their order. */
    private final Queue<List<Change>> written = new ArrayDeque<>();

    private final Queue<List<Change>> unsent = new ArrayDeque<>();
    private SimRows rows = new SimRows();
    private SimRows standby = new SimRows();
    private SimTransaction.Locks locks = new SimTransaction.Locks();
    private Weather weather = Weather.FINE;

    /** Rises with each start, so that what was under way before does nothing any more. */
    private int start;

    private boolean isStandbyCut;
    private int timeline = 1;
    private int promotionsWithLoss;
    private long downUntil;
    private long stoppedUntil;
    private long refusesUntil;
    private String refusal = "";

    /** @param isSynchronous whether a commit is answered only when the standby has it too */
    SimDatabase(SimRandom random, boolean isSynchronous) {
        this.random = random;
        this.isSynchronous = isSynchronous;
    }

    /** What a node's sessions are opened with. */
    SqlDialect dialect(String node) {
        return new SimDialect(this, new SimClient(node));
    }

    /** What a node joins a cluster with. */
    StoreEngine engine(String node) {
        SqlDialect dialect = dialect(node);
        return options -> SqlSession.open(dialect, options);
    }

    /** A process of a node; there is another one after a crash. */
    final class SimClient {

        private final String node;
        private final int life;

        private SimClient(String node) {
            this.node = node;
            this.life = crashes.getOrDefault(node, 0);
        }

        boolean hasCrashed() {
            return crashes.getOrDefault(node, 0) != life;
        }

        @Override
        public String toString() {
            return node;
        }
    }

    // ---- what goes wrong ----

    void weather(Weather next) {
        weather = next;
    }

    /** Says what each transaction changes, as it takes place. */
    void onCommit(Consumer<? super List<Change>> observer) {
        observers.add(observer);
    }

    /** All connections of a node break. */
    void reset(String node) {
        count("node: connections cut");
        sessionsOf(node).forEach(each -> lose(each, true));
    }

    /** A node reaches the server no more for a time, and hears nothing of it. */
    void cut(String node, Duration time) {
        count("node: cut off");
        cutUntil.merge(node, now() + time.toNanos(), Math::max);
    }

    /** A node has crashed: nothing of it reaches the server any more. */
    void crash(String node) {
        count("node: crashed");
        crashes.merge(node, 1, Integer::sum);
        sessionsOf(node).forEach(each -> lose(each, true));
    }

    /** The server stops for a while, and goes on. */
    void stop(Duration time) {
        count("server: stopped");
        stoppedUntil = Math.max(stoppedUntil, now() + time.toNanos());
    }

    /** The server refuses all changes for a while: 53100 if its disk is full, 25006 if it takes none. */
    void refuse(String state, Duration time) {
        count("server: refuses changes, " + state);
        refusal = state;
        refusesUntil = now() + time.toNanos();
    }

    /** The server is killed, and started again. */
    void kill(Duration down) {
        count("server: killed");
        fall(down);
        // Some of what was being written is on the disk, in order.
        for (int kept = random.below(written.size() + 1); kept > 0; kept--) {
            take(written.remove());
        }
        written.clear();
        sendOn();
    }

    /** A standby that is not synchronous has all of now, and gets no more until it is promoted. */
    void cutStandby() {
        standby = rows.copy();
        unsent.clear();
        isStandbyCut = true;
    }

    /** The server is gone for good, and the standby takes its place. */
    void promote(Duration down) {
        fall(down);
        count("standby: promoted");
        if (!unsent.isEmpty()) {
            count("standby: transactions that it lacks", unsent.size());
            promotionsWithLoss++;
        }
        for (int kept = isSynchronous ? random.below(written.size() + 1) : 0; kept > 0; kept--) {
            List<Change> changes = written.remove();
            standby.apply(changes);
            observers.forEach(each -> each.accept(changes));
        }
        written.clear();
        unsent.clear();
        rows = standby;
        standby = rows.copy();
        isStandbyCut = false;
        timeline++;
    }

    private void fall(Duration down) {
        start++;
        downUntil = Math.max(downUntil, now() + down.toNanos());
        stoppedUntil = 0;
        locks = new SimTransaction.Locks();
        waiting.clear();
        for (SimSession each : List.copyOf(sessions)) {
            each.gone = true;
            each.transaction = null;
            each.request = null;
            if (random.chance(0.7) && !isCut(each.node)) {
                each.client.broke(broken("connection reset"));
            }
        }
        sessions.clear();
    }

    /** Somebody changes rows by hand, at once. */
    void byHand(String sql, Object... values) {
        var transaction = new SimTransaction(rows, new SimTransaction.Locks());
        try {
            transaction.execute(SqlText.plan(sql), values);
        } catch (SQLException | MustWait e) {
            throw new AssertionError(e);
        }
        take(transaction.changes());
    }

    /** Ends a session as another node does. */
    void end(long session) {
        Heddle.offload(() -> Expiry.end(dialect("operator"), session));
    }

    /** All goes well from now on. */
    void calm() {
        weather = Weather.FINE;
        cutUntil.clear();
        stoppedUntil = 0;
        refusesUntil = 0;
    }

    /** Promotions of a standby that lacked something. */
    int promotionsWithLoss() {
        return promotionsWithLoss;
    }

    /** Whether a session is there, as far as it was committed. */
    boolean hasSession(long id) {
        SimRows.Table sessions = rows.table("sessions");
        return sessions != null && sessions.rows.containsKey(new Object[]{id});
    }

    /** Which server this is, counted from the first. */
    int timeline() {
        return timeline;
    }

    Map<String, Long> counts() {
        return counts;
    }

    private void count(String what) {
        count(what, 1);
    }

    private void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    // ---- time ----

    private long now() {
        return loop.nanoTime();
    }

    private Duration latency() {
        return random.upTo(random.chance(weather.slow) ? SLOW : LATENCY);
    }

    /** One of the server's: no client that stalls or has crashed holds it up. */
    private void timer(Duration time, Runnable what) {
        try {
            server.run(() -> {
                loop.callLater(time, what);
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void later(Duration time, Runnable what) {
        int before = start;
        timer(time, () -> atServer(before, what));
    }

    /** Does something when the server runs; never if it was started anew meanwhile. */
    private void atServer(int before, Runnable what) {
        if (start != before) {
            return;
        }
        if (now() < stoppedUntil) {
            timer(Duration.ofNanos(stoppedUntil - now()), () -> atServer(before, what));
        } else {
            what.run();
        }
    }

    boolean isCut(String node) {
        return cutUntil.getOrDefault(node, 0L) > now();
    }

    private List<SimSession> sessionsOf(String node) {
        return sessions.stream().filter(each -> each.node.equals(node)).toList();
    }

    // ---- connections ----

    /** What one connection has at the server. */
    static final class SimSession {

        final String node;
        final SimConnection client;
        private final Duration patience;
        private @Nullable SimTransaction transaction;
        private @Nullable Request request;
        private @Nullable SimTransaction waitsFor;
        private boolean gone;

        /** Statements of a request that are done. */
        private int done;

        private boolean listens;
        private boolean readsOnly = true;
        private long requests;

        /** Whether all that it has asked for was to read. */
        boolean readsOnly() {
            return readsOnly;
        }

        private SimSession(String node, SimConnection client, Duration patience) {
            this.node = node;
            this.client = client;
            this.patience = patience;
        }
    }

    /**
     * What a client asks for.
     *
     * @param sql statements, done one after another; none to end the transaction
     */
    record Request(List<String> sql, List<Object[]> values, Kind kind, Promise<Answer> answer) {

        enum Kind {
            /** Stands alone. */
            ALONE,
            /** Is part of a transaction. */
            PART,
            COMMIT,
            ROLLBACK,
            LISTEN
        }
    }

    /** What a client is told. */
    record Answer(@Nullable Result result, @Nullable SQLException failure) {}

    static SQLException broken(String why) {
        return new SQLException(why, "08006");
    }

    /** A new connection; the promise is completed when the client may know. */
    void connect(SimConnection client, SimClient from, Duration patience, Promise<Answer> answer,
            Consumer<SimSession> done) {
        String node = from.node;
        if (from.hasCrashed()) {
            answer.complete(new Answer(null, broken("this process has crashed")));
        }
        if (isCut(node)) {
            return;
        }
        later(latency(), () -> {
            if (now() < downUntil) {
                answer.tryComplete(new Answer(null, new SQLException("connection refused", "08001")));
            } else if (random.chance(weather.refusal)) {
                answer.tryComplete(new Answer(null, new SQLException("too many clients already", "53300")));
            } else {
                var session = new SimSession(node, client, patience);
                sessions.add(session);
                done.accept(session);
                answer.tryComplete(new Answer(null, null));
            }
        });
    }

    /** A message of a client is on its way. */
    void send(SimSession session, Request request) {
        boolean troubled = random.chance(
                request.kind == Request.Kind.COMMIT ? weather.commitTrouble : weather.trouble);
        if (isCut(session.node)) {
            return;
        }
        if (!troubled) {
            later(latency(), () -> receive(session, request));
            return;
        }
        switch (random.below(5)) {
            case 0 -> {
                count("message: lost with its connection");
                lose(session, true);
            }
            case 1 -> count("message: lost in silence");
            case 2 -> {
                count("answer: lost with its connection");
                session.client.deaf();
                later(latency(), () -> {
                    receive(session, request);
                    lose(session, true);
                });
            }
            case 3 -> {
                count("answer: lost in silence");
                session.client.deaf();
                later(latency(), () -> receive(session, request));
            }
            default -> {
                count("message: late, behind its connection");
                session.client.broke(broken("connection reset"));
                later(random.upTo(LATE), () -> {
                    receive(session, request);
                    drop(session);
                });
            }
        }
    }

    /** A connection is over; whether the client hears of it now, or only by the silence. */
    private void lose(SimSession session, boolean heard) {
        if (heard && !isCut(session.node)) {
            session.client.broke(broken("connection reset"));
        }
        later(random.upTo(Duration.ofSeconds(1)), () -> drop(session));
    }

    /** A client has closed its connection. */
    void bye(SimSession session) {
        if (!isCut(session.node)) {
            later(latency(), () -> drop(session));
        }
    }

    /** The server gives a connection up: its transaction did nothing, unless it is being written. */
    private void drop(SimSession session) {
        if (!session.gone) {
            session.gone = true;
            sessions.remove(session);
            waiting.remove(session);
            session.request = null;
            rollback(session);
        }
    }

    private void rollback(SimSession session) {
        SimTransaction transaction = session.transaction;
        session.transaction = null;
        if (transaction != null) {
            transaction.end();
            goOn();
        }
    }

    // ---- statements ----

    private void receive(SimSession session, Request request) {
        if (session.gone) {
            if (!isCut(session.node)) {
                session.client.broke(broken("connection reset"));
            }
            return;
        }
        session.request = request;
        session.done = 0;
        long number = ++session.requests;
        run(session, request);
        // Locks are waited for, and transactions left open, for as long as the client has said.
        later(session.patience, () -> {
            if (session.gone || session.requests != number) {
                return;
            }
            if (session.request == request && waiting.contains(session)) {
                fail(session, new SQLException("canceling statement due to lock timeout", "55P03"));
            } else if (session.request == null && session.transaction != null) {
                count("server: a transaction was left open");
                lose(session, true);
                drop(session);
            }
        });
    }

    private void run(SimSession session, Request request) {
        if (request.kind != Request.Kind.COMMIT && request.kind != Request.Kind.ROLLBACK
                && random.chance(weather.refusal)) {
            String state = random.oneOf(REFUSALS);
            count("statement: refused, " + state);
            fail(session, new SQLException("refused by the weather", state));
            return;
        }
        execute(session, request);
    }

    private void execute(SimSession session, Request request) {
        switch (request.kind) {
            case ROLLBACK -> {
                rollback(session);
                answer(session, new Answer(new Result(List.of(), 0), null));
            }
            case LISTEN -> {
                session.listens = true;
                answer(session, new Answer(new Result(List.of(), 0), null));
            }
            case COMMIT -> commit(session, new Result(List.of(), 0));
            case ALONE, PART -> statements(session, request);
        }
    }

    private void statements(SimSession session, Request request) {
        SimTransaction transaction = session.transaction;
        if (transaction == null) {
            transaction = new SimTransaction(rows, locks);
            session.transaction = transaction;
        }
        session.waitsFor = null;
        try {
            Result result = new Result(List.of(), 0);
            for (; session.done < request.sql.size(); session.done++) {
                SqlText.Plan plan = SqlText.plan(request.sql.get(session.done));
                session.readsOnly &= plan instanceof SqlText.Plan.Select select && !select.forUpdate();
                if (now() < refusesUntil && !(plan instanceof SqlText.Plan.Select)) {
                    throw new SQLException("no change now", refusal);
                }
                result = transaction.execute(plan, request.values.get(session.done));
            }
            waiting.remove(session);
            if (request.kind == Request.Kind.ALONE) {
                commit(session, result);
            } else {
                answer(session, new Answer(result, null));
            }
        } catch (MustWait e) {
            session.waitsFor = e.holder;
            if (waiting.add(session)) {
                count("statement: waits for a lock");
            }
            if (isDeadlock(session)) {
                count("statement: deadlock");
                fail(session, new SQLException("deadlock detected", "40P01"));
            }
        } catch (SQLException e) {
            fail(session, e);
        }
    }

    /** Whether the holder of what it waits for waits for it, however far. */
    private boolean isDeadlock(SimSession session) {
        for (SimSession at = session; at != null;) {
            SimTransaction holder = at.waitsFor;
            at = waiting.stream().filter(each -> each.transaction == holder).findFirst().orElse(null);
            if (at == session) {
                return true;
            }
        }
        return false;
    }

    private void fail(SimSession session, SQLException failure) {
        waiting.remove(session);
        answer(session, new Answer(null, failure));
        rollback(session);
        if ("57P01".equals(failure.getSQLState())) {
            drop(session);
        }
    }

    private void commit(SimSession session, Result result) {
        SimTransaction transaction = session.transaction;
        if (transaction == null) {
            answer(session, new Answer(null, new SQLException("no transaction", "25P01")));
            return;
        }
        List<Change> changes = transaction.changes();
        if (changes.isEmpty()) {
            rollback(session);
            answer(session, new Answer(result, null));
            return;
        }
        // It is written even if its connection breaks now.
        session.transaction = null;
        written.add(changes);
        later(latency(), () -> {
            while (written.contains(changes)) {
                take(written.remove());
            }
            transaction.end();
            notify(transaction.notices());
            answer(session, new Answer(result, null));
            goOn();
        });
    }

    /** A transaction takes place. */
    private void take(List<Change> changes) {
        rows.apply(changes);
        observers.forEach(each -> each.accept(changes));
        if (isSynchronous) {
            standby.apply(changes);
        } else {
            unsent.add(changes);
            sendOn();
        }
    }

    /** The standby gets what it lacks a little later. */
    private void sendOn() {
        int count = unsent.size();
        later(random.upTo(LAG), () -> {
            for (int i = 0; i < count && !unsent.isEmpty() && !isStandbyCut; i++) {
                standby.apply(unsent.remove());
            }
        });
    }

    /** Those who wait for a lock try again. */
    private void goOn() {
        for (SimSession each : List.copyOf(waiting)) {
            Request request = each.request;
            if (waiting.contains(each) && request != null) {
                statements(each, request);
            }
        }
    }

    private void answer(SimSession session, Answer answer) {
        Request request = session.request;
        session.request = null;
        if (request != null && !isCut(session.node)) {
            timer(latency(), () -> session.client.answered(request, answer));
        }
    }

    private void notify(List<String> notices) {
        for (String notice : notices) {
            for (SimSession each : sessions) {
                if (!each.listens || isCut(each.node)) {
                    continue;
                }
                boolean odd = random.chance(weather.notice);
                int times = odd ? random.below(3) : 1;
                for (int i = 0; i < times; i++) {
                    Duration time = odd ? random.upTo(LATE) : latency();
                    timer(time, () -> each.client.told(notice));
                }
                if (odd) {
                    count(times == 0 ? "notice: lost" : times == 1 ? "notice: late" : "notice: late and doubled");
                }
            }
        }
    }
}
