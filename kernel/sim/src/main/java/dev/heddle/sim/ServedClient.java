package dev.heddle.sim;

import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A session of a simulated store as the server knows it that it is connected to. Below the tasks. */
final class ServedClient {

    private final SimStore store;
    private final StoreServer server;
    private final StoreConnection connection;
    private final String cluster;
    private long session;
    private final Map<Long, String> watches = new LinkedHashMap<>();

    /** Signals that are held back, in order. */
    private List<Told> held = new ArrayList<>();

    private boolean holding;
    private boolean gone;

    /**
     * A signal for a watch.
     *
     * @param watch its number
     * @param place the place in the log of what it tells of, the first if it is of several
     */
    record Told(long watch, WatchEvent signal, long place) {}

    ServedClient(SimStore store, StoreServer server, StoreConnection connection, String cluster) {
        this.store = store;
        this.server = server;
        this.connection = connection;
        this.cluster = cluster;
    }

    StoreConnection connection() {
        return connection;
    }

    StoreServer server() {
        return server;
    }

    String cluster() {
        return cluster;
    }

    long session() {
        return session;
    }

    // ---- coming and going ----

    /** A session is to be opened here. */
    void open(Duration timeout) {
        toLeader(leader -> leader.open(this, cluster, store.newSession(timeout)));
    }

    /** It was. */
    void opened(Session opened) {
        session = opened.id();
        attached(true);
    }

    /**
     * A session goes on here.
     *
     * @param seen the place in the log that it has seen; what is older must not be shown to it
     * @param told up to where its watches were told
     * @param inPart whether they were told of a part of a commit behind that
     */
    void attach(long id, long seen, long told, boolean inPart, Map<Long, String> watched) {
        session = id;
        toLeader(leader -> leader.serve(
                this, _ -> leader.reply(this, () -> server.whenApplied(seen, () -> attach(told, inPart, watched)))));
    }

    private void attach(long told, boolean inPart, Map<Long, String> watched) {
        if (gone) {
            return;
        }
        store.count(StoreEvent.MOVE);
        watches.putAll(watched);
        attached(false);
        if (watched.isEmpty()) {
            return;
        }
        List<Told> missed = new ArrayList<>();
        if (store.chance(store.faults().replayChance())) {
            store.count(StoreEvent.REPLAY);
            missed.addAll(server.missed(cluster, watched, told));
        } else {
            missed.addAll(gaps());
        }
        if (inPart) {
            held.addAll(missed);
            flush(); // at once: the rest of a commit comes before the answer to whatever the client asks
        } else {
            tell(missed);
        }
    }

    private void attached(boolean isNew) {
        StoreSession client = connection.client();
        long id = session;
        long index = server.applied();
        connection.toClient(StoreServer.SMALL, () -> client.attached(connection, id, index, isNew));
    }

    /** The store has no such session. */
    void sessionIsOver() {
        StoreSession client = connection.client();
        connection.toClient(StoreServer.SMALL, () -> client.ended("the store has taken the session"));
    }

    /** The session has ended in what this server has applied. */
    void sessionHasEnded() {
        long most = connection.client().isClosing() ? 0 : store.faults().noticeFor().toNanos();
        long nanos = store.random().upToNanos(most);
        if (nanos > 0) {
            store.count(StoreEvent.LATE_NOTICE);
        }
        store.network().context().after(nanos, () -> sessionIsOver());
    }

    /** The connection is over. */
    void left() {
        gone = true;
        held.clear();
    }

    boolean isGone() {
        return gone;
    }

    // ---- calls ----

    private void toLeader(Consumer<StoreLeader> message) {
        toLeader(StoreServer.SMALL, message);
    }

    private void toLeader(int bytes, Consumer<StoreLeader> message) {
        StoreLeader leader = server.servedBy();
        if (leader == null) {
            connection.refuse("the server hears of no leader");
        } else if (leader.server() == server) {
            message.accept(leader);
        } else {
            leader.lineFrom(server).send(bytes, () -> message.accept(leader));
        }
    }

    void ping(long sentAt) {
        toLeader(leader -> {
            // Without an answer if there is no such session: it is told so when the server has applied its end.
            if (leader.hears(session)) {
                leader.reply(this, () -> connection.toClient(
                        StoreServer.SMALL, () -> connection.client().heard(sentAt)));
            }
        });
    }

    void commit(StoreCall.Commit call) {
        toLeader(call.bytes(), leader -> leader.commit(this, call));
    }

    void answer(StoreCall.Commit call, CommitOutcome outcome) {
        if (call.losesAnswer && !call.isOver()) {
            call.losesAnswer = false;
            connection.cut();
            return;
        }
        long index = server.applied();
        boolean proven = !(outcome instanceof CommitOutcome.SessionLost);
        connection.toClient(StoreServer.SMALL,
                () -> connection.client().answered(call, index, proven, () -> call.answered(outcome)));
    }

    void query(StoreCall.Query<?> call) {
        if (call.isFresh()) {
            toLeader(leader -> leader.sync(this, call));
        } else if (server.servedBy() == null) {
            connection.refuse("the server hears of no leader");
        } else {
            if (server.applied() < store.logSize()) {
                store.count(StoreEvent.STALE_READ);
            }
            if (!server.followsTheCurrentLeader()) {
                store.count(StoreEvent.MINORITY_READ);
            }
            answer(call, false);
        }
    }

    /** A fresh read may be answered from a place in the log on. */
    void synced(StoreCall call, long index) {
        server.whenApplied(index, () -> {
            if (call instanceof StoreCall.Query<?> query) {
                answer(query, true);
            }
        });
    }

    private void answer(StoreCall.Query<?> call, boolean proven) {
        long index = server.applied();
        Runnable answer = call.answer(server.tree(cluster));
        connection.toClient(StoreServer.SMALL, () -> connection.client().answered(call, index, proven, answer));
    }

    void watch(StoreCall.Watching call, long number, String directory) {
        watches.put(number, directory);
        long index = server.applied();
        connection.toClient(StoreServer.SMALL, () -> connection.client().answered(call, index, false, call::answered));
    }

    void unwatch(long number) {
        watches.remove(number);
    }

    void close() {
        toLeader(leader -> leader.serve(this, _ -> leader.end(session, this)));
    }

    // ---- signals ----

    /** Entries have changed here, by what stands at a place in the log. */
    void changed(List<WatchEvent.Changed> changes, long place) {
        List<Told> news = new ArrayList<>();
        for (Map.Entry<Long, String> watch : watches.entrySet()) {
            for (WatchEvent.Changed change : changes) {
                if (change.key().directory().equals(watch.getValue())) {
                    news.add(new Told(watch.getKey(), change, place));
                }
            }
        }
        if (!news.isEmpty()) {
            tell(news);
        }
    }

    /** All watches are told that they may have missed something. */
    void gap() {
        tell(gaps());
    }

    private List<Told> gaps() {
        return watches.keySet().stream().map(this::gap).toList();
    }

    private Told gap(long watch) {
        return new Told(watch, new WatchEvent.Gap(), server.applied());
    }

    private void tell(List<Told> news) {
        held.addAll(news);
        if (holding) {
            return;
        }
        StoreFaults faults = store.faults();
        if (store.chance(faults.lateSignalChance())) {
            store.count(StoreEvent.LATE_SIGNAL);
            holding = true;
            store.network().context().after(store.random().upToNanos(faults.lateSignalFor().toNanos()), () -> {
                holding = false;
                flush();
            });
        } else {
            flush();
        }
    }

    private void flush() {
        if (gone || held.isEmpty()) {
            return;
        }
        List<Told> news = held;
        held = new ArrayList<>();
        if (store.chance(store.faults().gapChance())) {
            store.count(StoreEvent.GAP);
            Set<Long> told = new HashSet<>();
            news.removeIf(each -> !told.add(each.watch()));
            news.replaceAll(each -> gap(each.watch()));
        } else if (store.chance(store.faults().mergeChance())) {
            merge(news);
        }
        long index = server.applied();
        int first = 0;
        if (store.chance(store.faults().splitChance())) {
            first = splitAt(news);
        }
        if (first > 0) {
            store.count(StoreEvent.SPLIT);
            List<Told> part = news.subList(0, first);
            long whole = news.get(first).place();
            long nanos = store.random().upToNanos(store.faults().splitFor().toNanos());
            connection.toClient(StoreServer.SMALL * part.size(), () -> {
                connection.client().toldInPart(part, index, whole);
                connection.pauseToClient(nanos);
            });
        }
        List<Told> rest = news.subList(first, news.size());
        connection.toClient(StoreServer.SMALL * rest.size(), () -> connection.client().told(rest, index));
    }

    /** How many signals come before the rest of one commit's; 0 if none has several. */
    private int splitAt(List<Told> news) {
        List<Integer> within = new ArrayList<>();
        for (int i = 1; i < news.size(); i++) {
            if (news.get(i).signal() instanceof WatchEvent.Changed && news.get(i).place() == news.get(i - 1).place()) {
                within.add(i);
            }
        }
        return within.isEmpty() ? 0 : store.random().oneOf(within);
    }

    /** Of the signals of one watch for one entry only the first stays, which then stands for several changes. */
    private void merge(List<Told> news) {
        Set<Object> seen = new HashSet<>();
        Set<Object> several = new HashSet<>();
        news.removeIf(each -> {
            if (each.signal() instanceof WatchEvent.Changed(Key key, long _, boolean _)
                    && !seen.add(List.of(each.watch(), key))) {
                store.count(StoreEvent.MERGED_SIGNAL);
                several.add(List.of(each.watch(), key));
                return true;
            }
            return false;
        });
        news.replaceAll(each -> each.signal() instanceof WatchEvent.Changed(Key key, long stamp, boolean _)
                && several.contains(List.of(each.watch(), key))
                        ? new Told(each.watch(), new WatchEvent.Changed(key, stamp), each.place())
                        : each);
    }
}
