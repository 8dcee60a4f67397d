package dev.heddle.cluster.sql.sim;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cluster.sql.sim.SimRows.Change;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.sim.RegisterHistory;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bad day of three nodes whose sessions agree by a simulated database: connections break and fall silent, answers are
 * lost, the server stops, is killed, is full, and a standby takes its place; nodes crash, stop and are cut off. In the
 * evening all goes well but for notices, and what each session was told must be so.
 *
 * <p>On days with an even seed the standby is synchronous, and nothing that was answered may be missing. On the others
 * it may lack the last transactions when it is promoted: then each session that has seen one of them must be over. One
 * whose end is among them is there again, and goes on if its owner has not heard of the end.
 */
final class SqlDay {

    private static final int NODES = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LENGTH = Duration.ofSeconds(20);
    private static final Duration CALMING = Duration.ofSeconds(12);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final String LOG = "log";
    private static final String OWN = "own";
    private static final int SEATS = 3;
    private static final int REGISTERS = 3;

    /** Stamps that an operator leaves in the history. */
    private static final long LEFT = 3;

    /** How often what happened on all days of this JVM. */
    private static final Map<String, Long> HAPPENED = new TreeMap<>();

    private static final SimOptions OPTIONS = SimOptions.DEFAULT
            .withMaxVirtualTime(Duration.ofHours(1))
            .withMaxSteps(20_000_000)
            .withFailureHandler((what, failure) -> {});

    private final Sim sim;
    private final Loop loop = Heddle.currentLoop();
    private final SimRandom random;
    private final SimDatabase database;
    private final boolean isSynchronous;
    private final List<SimHost> hosts = new ArrayList<>();
    private final List<RegisterHistory<@Nullable String>> registers = new ArrayList<>();

    /** What became of each entry of the log, by the name of its commit. */
    private final Map<String, CommitOutcome> outcomes = new LinkedHashMap<>();

    /** Entries of the log that were answered, in order. */
    private final List<String> acknowledged = new ArrayList<>();

    private final Set<Long> stamps = new HashSet<>();
    private long highestStamp;
    private int commits;
    private int values;

    /** The sessions that are there now, by id. */
    private final Map<Long, SqlDayNode> nodes = new LinkedHashMap<>();

    private boolean rough = true;
    private @Nullable Throwable broken;

    private SqlDay(Sim sim) {
        this.sim = sim;
        this.random = sim.random();
        this.isSynchronous = sim.seed() % 2 == 0;
        this.database = new SimDatabase(random, isSynchronous);
        for (int i = 0; i < REGISTERS; i++) {
            registers.add(new RegisterHistory<>(null));
        }
        database.onCommit(this::watchEnds);
    }

    /** Lives a day of each seed from one on. */
    static void seeds(long from, int count) {
        Sim.seeds(OPTIONS.withSeed(from), count, sim -> new SqlDay(sim).live());
    }

    /** Lives the day of a seed, and tells what it was. */
    static Sim.Result day(long seed) {
        return Sim.run(OPTIONS.withSeed(seed), sim -> new SqlDay(sim).live());
    }

    /** How often what happened on all days of this JVM, in a table. */
    static String happened() {
        return HAPPENED.entrySet().stream()
                .map(each -> "| " + each.getKey() + " | " + each.getValue() + " |")
                .collect(Collectors.joining("\n"));
    }

    /**
     * Looks for a day on which a rule is broken; in words that every class loader knows.
     *
     * @return how many days it took, and which rule; empty if there was none
     */
    static String hunt(int most) {
        for (int seed = 1; seed <= most; seed++) {
            try {
                day(seed);
            } catch (Throwable wrong) {
                return "seed " + seed + ": " + wrong.getMessage();
            }
        }
        return "";
    }

    private void live() throws Exception {
        try {
            Heddle.group(group -> {
                List<Task<Void>> services = new ArrayList<>();
                database.engine("client").open(SessionOptions.of("day")).close();
                // The tables are not what a standby lacks.
                Heddle.sleep(SimDatabase.LAG);
                for (int i = 1; i <= NODES; i++) {
                    SimHost host = sim.network().host("node-" + i);
                    hosts.add(host);
                    services.add(group.spawnService(() -> keepAlive(host)));
                }
                database.weather(Weather.ROUGH);
                Task<Void> chaos = group.spawnService(this::spoil);
                Heddle.sleep(LENGTH);
                rough = false;
                chaos.cancel("the day is over");
                database.calm();
                database.weather(Weather.MUTE);
                hosts.forEach(host -> host.stall(Duration.ZERO));
                Heddle.sleep(CALMING);
                check();
                services.forEach(service -> service.cancel("the day is over"));
            });
        } catch (Throwable e) {
            brokenBy(e);
        }
        HAPPENED.merge("days", 1L, Long::sum);
        HAPPENED.merge("commits that were answered", (long) acknowledged.size(), Long::sum);
        database.counts().forEach((event, times) -> HAPPENED.merge(event, times, Long::sum));
        switch (broken) {
            case null -> {}
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(broken);
        }
    }

    // ---- rules ----

    void that(boolean holds, String otherwise) {
        if (!holds) {
            brokenBy(new AssertionError(otherwise));
        }
    }

    /** What is broken first is kept, since the task that finds it may be cancelled before it can tell. */
    private void brokenBy(Throwable failure) {
        if (broken == null) {
            broken = failure;
        }
    }

    /** Whether the owner of a session may believe that it lives. */
    boolean isBelieved(Store store) {
        return loop.nanoTime() - store.heardAt() < TIMEOUT.toNanos();
    }

    /** Whether the database still has all that was answered. */
    boolean isWhole() {
        return database.promotionsWithLoss() == 0;
    }

    boolean isRough() {
        return rough;
    }

    SimRandom random() {
        return random;
    }

    /** A session is ended by another one only when its owner does not believe in it any more. */
    private void watchEnds(List<Change> changes) {
        for (Change each : changes) {
            Object[] key = each.key();
            if (key != null && each.row() == null && each.table().equals("sessions")) {
                SqlDayNode owner = nodes.get((Long) key[0]);
                if (owner != null) {
                    long heard = loop.nanoTime() - owner.store.heardAt();
                    that(heard >= TIMEOUT.toNanos() || owner.isOver(),
                            owner + " was ended, and was heard " + heard / 1_000_000 + " ms ago");
                    owner.wasEnded();
                }
            }
        }
    }

    // ---- the nodes ----

    private void keepAlive(SimHost host) {
        while (true) {
            if (host.spawn(() -> live(host)).awaitOutcome() instanceof Outcome.Failure<Void>(Throwable why)) {
                brokenBy(why);
            }
            Heddle.sleep(random.upTo(Duration.ofSeconds(2)));
        }
    }

    private void live(SimHost host) {
        Store store;
        try {
            store = database.engine(host.name()).open(SessionOptions.of("day").withTimeout(TIMEOUT));
        } catch (StoreUnavailableException e) {
            return;
        }
        var node = new SqlDayNode(this, host.name(), store);
        nodes.put(store.session().id(), node);
        try {
            Heddle.group(group -> use(group, node));
        } finally {
            node.leaves();
            store.close();
            nodes.remove(store.session().id());
        }
    }

    private void use(TaskGroup group, SqlDayNode node) {
        List<Runnable> uses = List.of(
                () -> write(node), () -> write(node), () -> change(node), () -> change(node), node::sit, node::look);
        group.spawn(node::follow);
        for (Runnable use : uses) {
            group.spawn(() -> {
                while (!node.isOver()) {
                    Heddle.sleep(random.upTo(Duration.ofMillis(rough ? 400 : 2_000)));
                    try {
                        use.run();
                        node.checkBelief();
                    } catch (StoreUnavailableException | SessionLostException e) {
                        // The next time.
                    }
                }
            });
        }
    }

    /** Writes two entries of the log at once. */
    private void write(SqlDayNode node) {
        if (!rough) {
            return;
        }
        String name = "commit-" + ++commits;
        outcomes.put(name, new CommitOutcome.Unknown("not answered yet"));
        long before = highestStamp;
        CommitOutcome outcome = node.store.commit(List.of(
                new Op.Create(new Key(LOG, name + "a"), Bytes.utf8(name), Lifetime.DURABLE),
                new Op.Create(new Key(LOG, name + "b"), Bytes.utf8(name), Lifetime.DURABLE))).join();
        outcomes.put(name, outcome);
        that(!(outcome instanceof CommitOutcome.Refused), name + ", which nobody else writes: " + outcome);
        if (outcome instanceof CommitOutcome.Committed(long stamp)) {
            acknowledged.add(name);
            node.committed(name, stamp);
            if (isWhole()) {
                that(stamp > before, name + " has stamp " + stamp + ", after " + before + " was answered");
                that(stamps.add(stamp), name + " has stamp " + stamp + ", as another commit");
                highestStamp = Math.max(highestStamp, stamp);
            }
        }
    }

    /** Reads a register, and perhaps changes it. */
    private void change(SqlDayNode node) {
        int which = random.below(REGISTERS);
        var key = new Key("registers", "r" + which);
        RegisterHistory<@Nullable String> history = registers.get(which);
        var read = history.read();
        Entry entry = node.store.read(key, ReadConsistency.FRESH).join().orElse(null);
        String value = entry == null ? null : entry.value().utf8();
        read.gave(value);
        node.readsRegister(key, entry);
        if (!rough || random.chance(0.3)) {
            return;
        }
        String next = "value " + ++values;
        var call = history.exchange(value, next);
        Op op = entry == null
                ? new Op.Create(key, Bytes.utf8(next), Lifetime.DURABLE)
                : new Op.Set(key, Bytes.utf8(next), entry.version());
        switch (node.store.commit(List.of(op)).join()) {
            case CommitOutcome.Committed _ -> {
                call.done();
                node.readsRegister(key, null);
            }
            case CommitOutcome.Refused _ -> call.refused();
            case CommitOutcome.NotSent _,CommitOutcome.SessionLost _ -> call.failed();
            case CommitOutcome.Unknown _ -> {
                // It has taken place, or will, or never does.
            }
        }
    }

    /** The entry of one of the seats. */
    Key seat() {
        return new Key(OWN, "seat-" + random.below(SEATS));
    }

    /** Entries of the log that were answered until now. */
    List<String> acknowledged() {
        return acknowledged;
    }

    // ---- the weather ----

    private void spoil() {
        while (true) {
            Heddle.sleep(random.upTo(Duration.ofMillis(1_600)));
            SimHost host = random.oneOf(hosts);
            Duration length = random.upTo(Duration.ofSeconds(5));
            switch (random.below(14)) {
                case 0 -> {
                    nodes.values().removeIf(node -> node.name.equals(host.name()));
                    database.crash(host.name());
                    host.crash();
                }
                case 1, 2 -> database.cut(host.name(), length);
                case 3, 4 -> host.stall(length);
                case 5 -> database.reset(host.name());
                case 6 -> database.stop(length);
                case 7 -> database.kill(length.dividedBy(2));
                case 8 -> promote(length.dividedBy(2));
                case 9 -> database.refuse("53100", length);
                case 10 -> database.refuse("25006", length);
                case 11, 12 -> forget();
                default -> {
                    sim.freeze(length.dividedBy(4));
                    sim.shiftWallClock(random.chance(0.5) ? YEAR : YEAR.negated());
                }
            }
        }
    }

    private void promote(Duration down) {
        database.promote(down);
        nodes.forEach((session, node) -> {
            if (database.hasSession(session)) {
                node.isThereAgain();
            }
        });
    }

    /** An operator makes room. */
    private void forget() {
        try (Connection connection = database.dialect("operator").connect(Duration.ofSeconds(1))) {
            connection.setAutoCommit(false);
            PreparedStatement query = connection
                    .prepareStatement("select stamp from clusters where name = 'day' for update");
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return;
                }
                long last = Math.max(0, rows.getLong(1) - LEFT);
                for (String sql : List.of(
                        "delete from changes where cluster = 'day' and stamp <= ?",
                        "update clusters set forgotten = ? where name = 'day'")) {
                    PreparedStatement change = connection.prepareStatement(sql);
                    change.setLong(1, last);
                    change.executeUpdate();
                }
            }
            connection.commit();
        } catch (SQLException e) {
            // The next time.
        }
    }

    // ---- the evening ----

    private void check() {
        List<SqlDayNode> living = nodes.values().stream().filter(node -> !node.isOver()).toList();
        Set<String> names = living.stream().map(node -> node.name).collect(Collectors.toSet());
        that(names.size() == NODES, "only " + names + " have a session in the evening");
        living.forEach(node -> that(node.store.state() instanceof StoreState.Connected,
                node + " is " + node.store.state()));
        Heddle.timeout(LIMIT, () -> {
            try (Store client = database.engine("client").open(SessionOptions.of("day").withTimeout(TIMEOUT))) {
                Listing log = client.list(LOG, ReadConsistency.FRESH).join();
                Listing own = client.list(OWN, ReadConsistency.FRESH).join();
                checkLog(log);
                own.entries().forEach(each -> that(nodes.containsKey(each.owner()),
                        each.key() + " is of " + each.owner() + ", which is over"));
                living.forEach(node -> node.check(names(log)));
                CommitOutcome last = client.commit(
                        List.of(new Op.Create(new Key("end", "end"), Bytes.EMPTY, Lifetime.DURABLE))).join();
                that(last instanceof CommitOutcome.Committed, "the last commit is " + last);
                if (isWhole()) {
                    registers.forEach(this::checkRegister);
                }
            }
        });
    }

    private void checkRegister(RegisterHistory<@Nullable String> history) {
        try {
            history.check();
        } catch (AssertionError e) {
            brokenBy(e);
        }
    }

    static Set<String> names(Listing listing) {
        return listing.entries().stream().map(each -> each.key().name()).collect(Collectors.toCollection(
                LinkedHashSet::new));
    }

    private void checkLog(Listing log) {
        Map<String, Entry> there = new HashMap<>();
        log.entries().forEach(each -> there.put(each.key().name(), each));
        outcomes.forEach((name, outcome) -> {
            Entry one = there.get(name + "a");
            Entry other = there.get(name + "b");
            that((one == null) == (other == null), "only half of " + name + " is there, which was " + outcome);
            if (one != null && other != null) {
                that(one.changed() == other.changed(), name + " has two stamps: " + one + " and " + other);
            }
            if (outcome instanceof CommitOutcome.Committed(long stamp)) {
                that(one != null || !isWhole(), name + " is not there, which was " + outcome);
                that(one == null || one.changed() == stamp || !isWhole(), name + " is " + one + ", not " + outcome);
            } else if (!(outcome instanceof CommitOutcome.Unknown)) {
                that(one == null, name + " is there, which was " + outcome);
            }
        });
    }
}
