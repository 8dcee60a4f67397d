package dev.heddle.sim;

import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.cluster.store.internal.StoreTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server of a simulated store: a replica that applies the log in order, and the clients that are connected to it.
 * Its replica outlives a crash. Below the tasks.
 */
final class StoreServer {

    /** Bytes of a message without values. */
    static final int SMALL = 64;

    private final SimStore store;
    private final SimHost host;
    private final Map<String, StoreTree> trees = new HashMap<>();
    private final Set<ServedClient> clients = new LinkedHashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable StoreLeader leader;
    private boolean up = true;

    /** Who was elected before this is heard no more. */
    private long promised;

    /** What was applied, and what is known to have taken place: places in the log. */
    private long applied;

    private long known;

    /** Nothing is applied before. */
    private long lagsUntilNanos;

    /** When the leader was heard of last, or by the leader a majority. */
    long heardNanos;

    /** A change of an entry, or several since one, by what stands at a place in the log. */
    private record Change(WatchEvent.Changed signal, long place) {

        private Change andOthers() {
            return new Change(new WatchEvent.Changed(signal.key(), signal.stamp()), place);
        }
    }

    /** What is done when so much of the log is applied. */
    private record Waiting(long index, Runnable then) {}

    StoreServer(SimStore store, SimHost host) {
        this.store = store;
        this.host = host;
    }

    SimHost host() {
        return host;
    }

    boolean isUp() {
        return up;
    }

    long applied() {
        return applied;
    }

    StoreTree tree(String cluster) {
        return trees.computeIfAbsent(cluster, _ -> new StoreTree());
    }

    // ---- whom it follows ----

    boolean follows(StoreLeader other) {
        return up && leader == other;
    }

    boolean followsTheCurrentLeader() {
        return leader != null && leader == store.leader();
    }

    /** Who leads as far as it knows; null if it has heard of nobody for long. */
    @Nullable StoreLeader servedBy() {
        return up && !isSilent() ? leader : null;
    }

    private boolean isSilent() {
        return store.nowNanos() - heardNanos > SimStore.SILENCE_NANOS;
    }

    /** Whether it looks for a leader. */
    boolean isLooking() {
        return up && (leader == null || isSilent()) && !store.isStalled(this);
    }

    /** A leader tells that it leads, and how far it is. */
    void hear(StoreLeader from, long index) {
        if (!up || from.epoch() < promised) {
            return;
        }
        boolean isNew = leader != from;
        if (isNew) {
            follow(from);
        }
        heardNanos = store.nowNanos();
        learn(index);
        from.lineFrom(this).send(SMALL, () -> from.heard(this, isNew));
    }

    /** Helps to elect somebody: nobody before is heard any more, which outlives a crash. */
    void promise(long epoch) {
        promised = epoch;
        leaveLeader();
    }

    void follow(StoreLeader next) {
        promise(next.epoch());
        leader = next;
        heardNanos = store.nowNanos();
    }

    private void leaveLeader() {
        StoreLeader before = leader;
        leave();
        if (before != null && before.server() == this) {
            before.resign();
        }
    }

    /** Follows nobody, and sends its clients away. */
    void leave() {
        leader = null;
        List.copyOf(clients).forEach(each -> each.connection().refuse("the server has lost its leader"));
        clients.clear();
        waiting.clear();
    }

    void tick() {
        if (up && leader != null && isSilent() && !store.isStalled(this)) {
            leave();
        }
    }

    void crash() {
        up = false;
        List.copyOf(clients).forEach(each -> each.connection().cut());
        leave();
    }

    void start() {
        up = true;
    }

    // ---- clients ----

    /** A client has connected. */
    @Nullable ServedClient serve(StoreConnection connection, String cluster) {
        if (servedBy() == null) {
            connection.refuse("the server hears of no leader");
            return null;
        }
        var client = new ServedClient(store, this, connection, cluster);
        connection.served = client;
        clients.add(client);
        return client;
    }

    void forget(ServedClient client) {
        client.left();
        clients.remove(client);
    }

    // ---- the log ----

    /** Does something when a place in the log is applied, perhaps now. */
    void whenApplied(long index, Runnable then) {
        if (index <= applied) {
            then.run();
        } else {
            waiting.add(new Waiting(index, then));
        }
    }

    /** As {@link #learn}, from a leader, perhaps late. */
    void learnLater(StoreLeader from, long index) {
        if (!follows(from)) {
            return;
        }
        if (store.chance(store.faults().lagChance())) {
            store.count(StoreEvent.LAG);
            lag(store.random().upToNanos(store.faults().lagFor().toNanos()));
        }
        learn(index);
    }

    /** Applies nothing for a time. */
    void lag(long nanos) {
        lagsUntilNanos = Math.max(lagsUntilNanos, store.nowNanos() + nanos);
        store.network().context().after(nanos, () -> learn(known));
    }

    /** All up to a place in the log has taken place. */
    void learn(long index) {
        known = Math.max(known, index);
        if (store.nowNanos() >= lagsUntilNanos) {
            catchUp(known);
        }
    }

    /** Applies the log up to a place. */
    void catchUp(long index) {
        known = Math.max(known, index);
        while (applied < known) {
            apply(store.command(applied++));
            for (Waiting each : List.copyOf(waiting)) {
                if (each.index <= applied && waiting.remove(each)) {
                    each.then.run();
                }
            }
        }
    }

    private void apply(StoreCommand command) {
        ServedClient origin = command.origin;
        ServedClient mine = origin != null && origin.server() == this && !origin.isGone() ? origin : null;
        switch (command.kind) {
            case OPEN -> {
                if (mine != null) {
                    mine.opened(store.session(command.session));
                }
            }
            case COMMIT -> {
                StoreTree tree = tree(command.cluster);
                CommitOutcome outcome = tree.commit(command.session, command.ops);
                command.outcome = outcome;
                if (outcome instanceof CommitOutcome.Committed(long stamp)) {
                    changed(command, StoreTree.changes(command.ops, stamp));
                }
                if (mine != null && command.call instanceof StoreCall.Commit call) {
                    mine.answer(call, outcome);
                }
            }
            case END -> {
                StoreTree tree = tree(command.cluster);
                changed(command, tree.end(command.session));
                endClients(command.session);
            }
            case WIPE -> {
                trees.clear();
                List.copyOf(clients).forEach(each -> each.sessionHasEnded());
            }
        }
    }

    private void endClients(long session) {
        for (ServedClient each : List.copyOf(clients)) {
            if (each.session() == session) {
                each.sessionHasEnded();
            }
        }
    }

    private void changed(StoreCommand command, List<WatchEvent.Changed> changes) {
        command.changed = changes;
        for (ServedClient each : List.copyOf(clients)) {
            if (each.cluster().equals(command.cluster)) {
                each.changed(changes, applied - 1);
            }
        }
    }

    /** What watches have missed since a place in the log: each entry once, with the stamp of its first change. */
    List<ServedClient.Told> missed(String cluster, Map<Long, String> watches, long since) {
        Map<Key, Change> changes = new LinkedHashMap<>();
        for (long index = since; index < applied; index++) {
            StoreCommand command = store.command(index);
            if (command.cluster.equals(cluster)) {
                for (WatchEvent.Changed change : command.changed) {
                    changes.merge(change.key(), new Change(change, index), (first, _) -> first.andOthers());
                }
            }
        }
        List<ServedClient.Told> missed = new ArrayList<>();
        changes.forEach((key, change) -> watches.forEach((number, directory) -> {
            if (directory.equals(key.directory())) {
                missed.add(new ServedClient.Told(number, change.signal, change.place));
            }
        }));
        return missed;
    }
}
