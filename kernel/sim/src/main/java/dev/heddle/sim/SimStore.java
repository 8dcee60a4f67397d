package dev.heddle.sim;

import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A simulated ensemble that keeps what the nodes of a cluster agree on, and makes use of all that the rules of a store
 * permit.
 *
 * <pre>{@code
 * SimStore engine = SimStore.create(3, StoreFaults.ROUGH);
 * sim.network().host("node-1").spawn(() -> {
 *     try (Store store = engine.open(SessionOptions.of("orders"))) { ... }
 * });
 * engine.leaderChange();
 * sim.network().host("node-1").isolate();
 * }</pre>
 *
 * <p>The servers are hosts of the network, {@code store-1} and so on. A session is of the host that opens it, and is
 * connected to one of them: what parts, cuts, stalls and crashes hosts acts on it as on any connection, and between the
 * servers too. One server leads; what it proposes takes place when a majority has it. If no majority hears it for a
 * second, another one leads after up to another second, and the timers of all sessions begin anew. A server that hears
 * of no leader for a second sends its clients away; until then it answers local reads. A server that has crashed keeps
 * what it had.
 *
 * <p>While a session is open, servers talk to each other, so that time never comes to an end: bound the run by {@link
 * SimOptions#maxVirtualTime}.
 *
 * <p>Threads: tasks of the simulation's loop. Its sessions may be used from all threads, but time stands still for those
 * of others.
 */
public final class SimStore implements StoreEngine {

    /** How often a leader is heard of. */
    static final long TICK_NANOS = Duration.ofMillis(200).toNanos();

    /** For how long servers believe in each other without hearing. */
    static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final SimNetwork network;
    private final SimRandom random;
    private final List<StoreServer> servers = new ArrayList<>();
    private final List<StoreCommand> log = new ArrayList<>();
    private final Map<Long, Session> announced = new HashMap<>();
    private final Map<Long, StoreTenant> tenants = new LinkedHashMap<>();
    private final Set<StoreSession> clients = new LinkedHashSet<>();
    private final Set<StoreLeader> leaders = new LinkedHashSet<>();
    private final Map<StoreEvent, Long> counts = new EnumMap<>(StoreEvent.class);
    private StoreFaults faults;
    /** The last one that was elected. */
    private StoreLeader leader;

    private boolean ticking;
    private long epoch;
    private long sessions;

    /** When somebody leads who does not now, if nothing changes; 0 while nobody is looked for. */
    private long electionNanos;

    private SimStore(SimNetwork network, int count, StoreFaults faults) {
        this.network = network;
        this.faults = faults;
        random = network.context().random.split();
        for (int i = 1; i <= count; i++) {
            SimHost host = network.host("store-" + i);
            var server = new StoreServer(this, host);
            host.onCrash().add(() -> crash(server));
            servers.add(server);
        }
        leader = new StoreLeader(this, servers.getFirst(), ++epoch);
        leaders.add(leader);
        servers.forEach(each -> each.follow(leader));
    }

    /** Makes one in the simulation of the caller, without faults of its own. */
    public static SimStore create(int servers) {
        return create(servers, StoreFaults.NONE);
    }

    /** Makes one in the simulation of the caller. */
    public static SimStore create(int servers, StoreFaults faults) {
        return create(Sim.current().network(), servers, faults);
    }

    /**
     * Makes one in a network that has none yet.
     *
     * @param servers at least 1; an odd number makes the most of them
     */
    public static SimStore create(SimNetwork network, int servers, StoreFaults faults) {
        Checks.atLeast("servers", servers, 1);
        return new SimStore(network, servers, faults);
    }

    /** Opens a session for the host that the caller runs on. */
    @Override
    public Store open(SessionOptions options) {
        return new StoreSession(this, SimHost.current(network), options).open();
    }

    // ---- faults ----

    /** Sets the faults that come by themselves, from now on. */
    public void faults(StoreFaults faults) {
        this.faults = Objects.requireNonNull(faults);
    }

    /** The hosts of the servers. */
    public List<SimHost> hosts() {
        return servers.stream().map(StoreServer::host).toList();
    }

    /** The host of the server that leads; empty while nobody does. */
    public Optional<SimHost> leaderHost() {
        return Optional.ofNullable(leader()).map(each -> each.server().host());
    }

    /** The host of the server that a session is connected to; empty while there is none. */
    public Optional<SimHost> serverOf(Store store) {
        return Optional.ofNullable(mine(store).connection()).map(each -> each.server().host());
    }

    /** Lets another server lead that a majority hears, or the same if there is no other. */
    public void leaderChange() {
        List<StoreServer> able = servers.stream().filter(this::isElectable).toList();
        List<StoreServer> others = able.stream()
                .filter(each -> leader() == null || each != leader.server())
                .toList();
        if (!able.isEmpty()) {
            elect(random.oneOf(others.isEmpty() ? able : others));
        }
    }

    /** Lets a server crash, as {@link SimHost#crash} does; what it had stays. */
    public void crash(SimHost server) {
        crash(of(server));
    }

    /** Starts a server that has crashed. */
    public void start(SimHost server) {
        of(server).start();
    }

    /** Lets a server take up nothing for a time, so that local reads there become stale. Does not wait. */
    public void lag(SimHost server, Duration time) {
        Checks.notNegative("time", time);
        count(StoreEvent.LAG);
        of(server).lag(Durations.toNanos(time));
    }

    /** Breaks the connection of a session; it goes on with another. */
    public void cut(Store store) {
        StoreConnection connection = mine(store).connection();
        if (connection != null) {
            connection.cut();
        }
    }

    /** Lets the next commit of a session meet a fate. */
    public void nextCommit(Store store, CommitFate fate) {
        mine(store).meet(fate);
    }

    /** Tells the watches of a session that they may have missed something. */
    public void gap(Store store) {
        StoreConnection connection = mine(store).connection();
        if (connection != null && connection.served != null) {
            count(StoreEvent.GAP);
            connection.served.gap();
        }
    }

    /** Lets a session reach no server for a time; its client is not told, and finds out by the silence. Does not wait. */
    public void silence(Store store, Duration time) {
        Checks.notNegative("time", time);
        mine(store).silence(Durations.toNanos(time));
    }

    /**
     * Takes a session at once, however lately it was heard of: as an operator does who ends it, and sooner than the rules
     * of a store permit it by itself.
     */
    public void expire(Store store) {
        expire(mine(store).session().id());
    }

    /** Lets the store lose all that it had, as when its disks are wiped: all sessions are over, and stamps begin anew. */
    public void wipe() {
        count(StoreEvent.WIPE);
        StoreLeader current = leader();
        if (current == null) {
            throw new IllegalStateException("nobody leads the simulated store");
        }
        tenants.clear();
        current.takePending();
        current.enact(new StoreCommand(StoreCommand.Kind.WIPE, 0, "", List.of(), null, null));
    }

    /** What has happened so far. */
    public StoreStatistics statistics() {
        return new Statistics(counts);
    }

    private StoreSession mine(Store store) {
        if (store instanceof StoreSession session && session.store() == this) {
            return session;
        }
        throw new IllegalArgumentException(store + " is no session of this store");
    }

    private StoreServer of(SimHost host) {
        return servers.stream()
                .filter(each -> each.host() == host)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(host + " is no server of this store"));
    }

    // ---- for its parts ----

    SimNetwork network() {
        return network;
    }

    SimRandom random() {
        return random;
    }

    StoreFaults faults() {
        return faults;
    }

    List<StoreServer> servers() {
        return servers;
    }

    int majority() {
        return servers.size() / 2 + 1;
    }

    /** Who leads; null while nobody does. */
    @Nullable StoreLeader leader() {
        return leader.isOver() ? null : leader;
    }

    long nowNanos() {
        return network.context().clock.elapsedNanos();
    }

    void count(StoreEvent event) {
        counts.merge(event, 1L, Long::sum);
    }

    /** Draws nothing if it never happens, so that a fault that is off changes no run. */
    boolean chance(double probability) {
        return probability > 0 && random.chance(probability);
    }

    /** Whether what comes with a mean time between comes in a time that has passed. */
    boolean now(Duration every, long passedNanos) {
        return !every.isZero() && random.chance(Math.min(1, (double) passedNanos / (double) every.toNanos()));
    }

    boolean isStalled(StoreServer server) {
        return network.stalls().until(server.host()) > nowNanos();
    }

    /** Does something when a host runs. */
    void onHost(SimHost host, Runnable what) {
        long until = network.stalls().until(host);
        if (until > nowNanos()) {
            network.context().events.add(until, () -> onHost(host, what));
        } else {
            what.run();
        }
    }

    /** A server to connect to, rather another one than before. */
    StoreServer pick(@Nullable StoreServer before) {
        List<StoreServer> others = servers.stream().filter(each -> each != before).toList();
        return random.oneOf(others.isEmpty() ? servers : others);
    }

    @Nullable CommitFate drawFate() {
        if (chance(faults.notSentChance())) {
            return CommitFate.NOT_SENT;
        }
        return chance(faults.unknownChance())
                ? random.oneOf(List.of(CommitFate.LOST, CommitFate.ANSWER_LOST, CommitFate.LATE))
                : null;
    }

    /** A commit that was given up comes after all. */
    void arriveLate(StoreCall.Commit call) {
        leader.commit(null, call);
    }

    // ---- the log and the sessions ----

    long logSize() {
        return log.size();
    }

    StoreCommand command(long index) {
        return log.get((int) index);
    }

    Session newSession(Duration timeout) {
        return new Session(++sessions, timeout);
    }

    void announce(Session session) {
        announced.put(session.id(), session);
    }

    Session session(long id) {
        return Objects.requireNonNull(announced.get(id));
    }

    @Nullable StoreTenant tenant(long session) {
        return tenants.get(session);
    }

    /** A command takes place; returns the place behind it. */
    long append(StoreCommand command) {
        log.add(command);
        command.place = log.size();
        switch (command.kind) {
            case OPEN -> {
                var tenant = new StoreTenant(session(command.session), command.cluster);
                tenants.put(command.session, tenant);
                restart(tenant);
                watchExpiry(tenant);
            }
            case COMMIT -> {
                if (command.call != null && command.call.isOver()) {
                    count(StoreEvent.LATE_COMMIT);
                }
            }
            case END -> tenants.remove(command.session);
            case WIPE -> {
                // The sessions are gone already.
            }
        }
        return log.size();
    }

    /** Begins the time of a session anew. */
    private void restart(StoreTenant tenant) {
        tenant.heardNanos = nowNanos();
        if (chance(faults.earlyExpiry() > 0 || faults.lateExpiry() > 0 ? 1 : 0)) {
            tenant.stretch = random.chance(0.5)
                    ? 1 - random.nextDouble() * faults.earlyExpiry()
                    : 1 + random.nextDouble() * faults.lateExpiry();
        }
    }

    private void watchExpiry(StoreTenant tenant) {
        long nanos = Math.max(TICK_NANOS / 10, tenant.deadlineNanos() - nowNanos());
        network.context().after(nanos, () -> {
            if (tenants.get(tenant.session.id()) != tenant) {
                return;
            }
            if (leader() != null && tenant.end == null && nowNanos() >= tenant.deadlineNanos()
                    && !isStalled(leader.server())) {
                if (tenant.stretch != 1) {
                    count(tenant.stretch < 1 ? StoreEvent.EARLY_EXPIRY : StoreEvent.LATE_EXPIRY);
                }
                count(StoreEvent.EXPIRY);
                leader.end(tenant.session.id(), null);
            }
            watchExpiry(tenant);
        });
    }

    void expire(long session) {
        StoreTenant tenant = tenants.get(session);
        if (tenant != null && !tenant.doomed) {
            tenant.doomed = true;
            count(StoreEvent.EXPIRY);
            endDoomed();
        }
    }

    private void endDoomed() {
        StoreLeader current = leader();
        if (current != null && !isStalled(current.server())) {
            List.copyOf(tenants.values()).stream()
                    .filter(each -> each.doomed && each.end == null)
                    .forEach(each -> current.end(each.session.id(), null));
        }
    }

    void enter(StoreSession client) {
        clients.add(client);
        if (!ticking) {
            ticking = true;
            servers.forEach(each -> each.heardNanos = nowNanos());
            leader.rest();
            tick();
        }
    }

    void leave(StoreSession client) {
        clients.remove(client);
    }

    // ---- who leads ----

    private void tick() {
        if (clients.isEmpty()) {
            ticking = false;
            return;
        }
        network.context().after(TICK_NANOS, this::tick);
        List.copyOf(leaders).forEach(StoreLeader::tick);
        leaders.removeIf(StoreLeader::isOver);
        servers.forEach(StoreServer::tick);
        if (now(faults.leaderChangeEvery(), TICK_NANOS)) {
            leaderChange();
        }
        if (now(faults.crashEvery(), TICK_NANOS)) {
            StoreServer server = random.oneOf(servers);
            if (server.isUp()) {
                crash(server);
                network.context().after(faults.crashFor().toNanos(), server::start);
            }
        }
        lookForLeader();
        endDoomed();
    }

    private void lookForLeader() {
        List<StoreServer> able = servers.stream()
                .filter(each -> each.isLooking() && isElectable(each))
                .toList();
        if (able.isEmpty() || servers.stream().filter(StoreServer::isLooking).count() < majority()) {
            electionNanos = 0;
        } else if (electionNanos == 0) {
            electionNanos = nowNanos() + random.upToNanos(SILENCE_NANOS);
        } else if (nowNanos() >= electionNanos) {
            electionNanos = 0;
            elect(random.oneOf(able));
        }
    }

    /** Whether a majority can be heard by it and hears it. */
    private boolean isElectable(StoreServer server) {
        return server.isUp() && !isStalled(server)
                && servers.stream().filter(each -> reach(server, each)).count() >= majority();
    }

    private boolean reach(StoreServer one, StoreServer other) {
        return one == other
                || (other.isUp()
                        && !isStalled(other)
                        && !network.links().between(one.host(), other.host()).isDown()
                        && !network.links().between(other.host(), one.host()).isDown());
    }

    private void elect(StoreServer server) {
        StoreLeader before = leader;
        var next = new StoreLeader(this, server, ++epoch);
        leaders.add(next);
        leader = next;
        servers.stream().filter(each -> reach(server, each)).forEach(each -> each.promise(next.epoch()));
        server.follow(next);
        server.catchUp(log.size());
        count(StoreEvent.LEADER_CHANGE);
        adopt(next, before);
        tenants.values().forEach(this::restart);
        next.tick();
    }

    /** Some of what the one before has proposed takes place, in order; the rest never will. */
    private void adopt(StoreLeader next, StoreLeader before) {
        List<StoreCommand> left = before.takePending();
        int kept = random.below(left.size() + 1);
        left.subList(0, kept).forEach(next::enact);
        for (StoreCommand each : left.subList(kept, left.size())) {
            StoreTenant tenant = tenants.get(each.session);
            if (tenant != null && each.kind == StoreCommand.Kind.END) {
                tenant.end = null;
                tenant.doomed = true;
            } else if (tenant != null && each.call != null) {
                tenant.commits.remove(each.call.number());
            }
        }
    }

    private void crash(StoreServer server) {
        if (!server.isUp()) {
            return;
        }
        count(StoreEvent.CRASH);
        for (StoreLeader each : List.copyOf(leaders)) {
            if (each.server() == server) {
                each.resign();
            } else {
                each.forget(server);
            }
        }
        server.crash();
    }

    /** What the statistics are, at one moment. */
    record Statistics(Map<StoreEvent, Long> counts) implements StoreStatistics {
        Statistics {
            counts = Map.copyOf(counts);
        }

        @Override
        public long count(StoreEvent event) {
            return counts.getOrDefault(event, 0L);
        }
    }
}
