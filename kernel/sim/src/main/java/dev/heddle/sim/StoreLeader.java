package dev.heddle.sim;

import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.Session;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The time for which one server leads. It orders what is proposed; a command takes place when a majority has it and
 * nobody else leads by then. Below the tasks.
 */
final class StoreLeader {

    private final SimStore store;
    private final StoreServer server;
    private final long epoch;
    private final Deque<StoreCommand> pending = new ArrayDeque<>();
    private final Map<StoreServer, Long> heardNanos = new LinkedHashMap<>();
    private final Map<StoreServer, StoreLine> out = new LinkedHashMap<>();
    private final Map<StoreServer, StoreLine> in = new LinkedHashMap<>();
    private boolean over;

    StoreLeader(SimStore store, StoreServer server, long epoch) {
        this.store = store;
        this.server = server;
        this.epoch = epoch;
        store.servers().forEach(each -> heardNanos.put(each, store.nowNanos()));
    }

    StoreServer server() {
        return server;
    }

    long epoch() {
        return epoch;
    }

    boolean isOver() {
        return over;
    }

    boolean isCurrent() {
        return !over && store.leader() == this;
    }

    // ---- being heard ----

    /** Lets the others know that it leads; gives up if no majority has answered for long. */
    void tick() {
        if (over || store.isStalled(server)) {
            return;
        }
        heardNanos.put(server, store.nowNanos());
        server.heardNanos = majorityHeardNanos();
        if (store.nowNanos() - server.heardNanos > SimStore.SILENCE_NANOS) {
            resign();
            return;
        }
        for (StoreServer each : store.servers()) {
            if (each != server) {
                long index = server.applied();
                lineTo(each).send(StoreServer.SMALL, () -> each.hear(this, index));
            }
        }
    }

    /** A follower has answered. */
    void heard(StoreServer follower, boolean isNew) {
        heardNanos.put(follower, store.nowNanos());
        if (isNew) {
            pending.forEach(each -> append(follower, each));
        }
    }

    void resign() {
        over = true;
        out.values().forEach(StoreLine::close);
        in.values().forEach(StoreLine::close);
        if (server.follows(this)) {
            server.leave();
        }
    }

    /** Takes all for heard of: nobody was asked for a while. */
    void rest() {
        heardNanos.replaceAll((_, _) -> store.nowNanos());
    }

    /** A server is gone with all that is on the way to it and from it. */
    void forget(StoreServer gone) {
        StoreLine to = out.remove(gone);
        StoreLine from = in.remove(gone);
        if (to != null) {
            to.close();
        }
        if (from != null) {
            from.close();
        }
    }

    private long majorityHeardNanos() {
        long[] times = heardNanos.values().stream().mapToLong(each -> each).toArray();
        Arrays.sort(times);
        return times[times.length - store.majority()];
    }

    StoreLine lineTo(StoreServer other) {
        return line(out, other, server, other);
    }

    StoreLine lineFrom(StoreServer other) {
        return line(in, other, other, server);
    }

    private StoreLine line(Map<StoreServer, StoreLine> lines, StoreServer key, StoreServer from, StoreServer to) {
        StoreLine known = lines.get(key);
        if (known != null && (over || !known.isClosed())) {
            return known;
        }
        var made = new StoreLine(store.network(), from.host(), to.host(), () -> forget(key));
        lines.put(key, made);
        return made;
    }

    // ---- the log ----

    /** What was proposed and has not taken place; it is taken away. */
    List<StoreCommand> takePending() {
        List<StoreCommand> left = List.copyOf(pending);
        pending.clear();
        return left;
    }

    void propose(StoreCommand command) {
        pending.add(command);
        command.acknowledged.add(server);
        store.servers().forEach(each -> append(each, command));
        settle();
    }

    private void append(StoreServer follower, StoreCommand command) {
        if (follower != server) {
            lineTo(follower).send(command.bytes, () -> {
                if (follower.follows(this)) {
                    lineFrom(follower).send(StoreServer.SMALL, () -> {
                        heard(follower, false);
                        command.acknowledged.add(follower);
                        settle();
                    });
                }
            });
        }
    }

    private void settle() {
        while (isCurrent() && !pending.isEmpty() && pending.element().acknowledged.size() >= store.majority()) {
            enact(pending.remove());
        }
    }

    /** Lets a command take place. */
    void enact(StoreCommand command) {
        long index = store.append(command);
        server.learn(index);
        for (StoreServer each : store.servers()) {
            if (each != server) {
                lineTo(each).send(StoreServer.SMALL, () -> each.learnLater(this, index));
            }
        }
        command.afterwards.forEach(Runnable::run);
    }

    // ---- calls ----

    /** A session is opened. */
    void open(ServedClient origin, String cluster, Session session) {
        if (isCurrent()) {
            store.announce(session);
            propose(new StoreCommand(StoreCommand.Kind.OPEN, session.id(), cluster, List.of(), null, origin));
        }
    }

    /** A session is idle; says whether it lives. */
    boolean hears(long session) {
        StoreTenant tenant = store.tenant(session);
        if (!isCurrent() || tenant == null || tenant.isEnding()) {
            return false;
        }
        tenant.heardNanos = store.nowNanos();
        return true;
    }

    /** Does something for a session that lives; if it does not, tells its client so when its end has taken place. */
    void serve(ServedClient origin, Consumer<StoreTenant> then) {
        StoreTenant tenant = store.tenant(origin.session());
        if (hears(origin.session())) {
            then.accept(Objects.requireNonNull(tenant));
        } else if (!isCurrent()) {
            return;
        } else if (tenant == null) {
            reply(origin, origin::sessionIsOver);
        } else {
            end(origin.session(), null);
            StoreCommand end = tenant.end;
            if (end != null) {
                end.afterwards.add(() -> reply(origin, origin::sessionIsOver));
            }
        }
    }

    /** @param origin who is answered; null for nobody */
    void commit(@Nullable ServedClient origin, StoreCall.Commit call) {
        if (!isCurrent()) {
            return;
        }
        StoreTenant tenant = store.tenant(call.sessionId());
        if (tenant == null || tenant.isEnding()) {
            answer(origin, call, new CommitOutcome.SessionLost());
            return;
        }
        tenant.heardNanos = store.nowNanos();
        StoreCommand before = tenant.commits.get(call.number());
        if (before != null) {
            before.origin = origin;
            CommitOutcome outcome = before.outcome;
            if (outcome != null) {
                store.count(StoreEvent.DOUBLE);
                if (origin != null) {
                    // Behind the commit itself: whoever is told of it must see it.
                    reply(origin, () -> origin.server().whenApplied(before.place, () -> origin.answer(call, outcome)));
                }
            }
        } else if (call.number() < tenant.fence) {
            store.count(StoreEvent.SETTLED);
            answer(origin, call, new CommitOutcome.Unknown("a fresh read came before the commit"));
        } else {
            var command = new StoreCommand(
                    StoreCommand.Kind.COMMIT, call.sessionId(), tenant.cluster, call.ops(), call, origin);
            tenant.commits.put(call.number(), command);
            propose(command);
        }
    }

    /** A fresh read: whatever its session has sent before and has not come by now never takes place. */
    void sync(ServedClient origin, StoreCall call) {
        serve(origin, tenant -> {
            tenant.fence = Math.max(tenant.fence, call.number());
            Runnable answer = () -> {
                if (isCurrent()) {
                    long index = store.logSize();
                    reply(origin, () -> origin.synced(call, index));
                }
            };
            if (pending.isEmpty()) {
                answer.run();
            } else {
                pending.getLast().afterwards.add(answer);
            }
        });
    }

    /** Ends a session, for whoever asks. */
    void end(long session, @Nullable ServedClient origin) {
        StoreTenant tenant = store.tenant(session);
        if (!isCurrent() || tenant == null || tenant.end != null) {
            return;
        }
        var end = new StoreCommand(StoreCommand.Kind.END, session, tenant.cluster, List.<Op>of(), null, origin);
        tenant.end = end;
        propose(end);
    }

    private void answer(@Nullable ServedClient origin, StoreCall.Commit call, CommitOutcome outcome) {
        if (origin != null) {
            reply(origin, () -> origin.answer(call, outcome));
        }
    }

    /** Tells the server of a client something. */
    void reply(ServedClient origin, Runnable message) {
        if (origin.server() == server) {
            message.run();
        } else {
            lineTo(Objects.requireNonNull(origin.server())).send(StoreServer.SMALL, message);
        }
    }
}
