package dev.heddle.cluster;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A bad day of five nodes that use all that a cluster has: the store does whatever its rules permit, nodes crash, stop
 * for a while and are parted from each other and from the store, connections break, the wall clocks jump. In the
 * evening the weather is fine; then all that was promised must be so.
 */
public final class ClusterDay {

    private static final int NODES = 5;
    private static final int PORT = 7400;
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration LENGTH = Duration.ofSeconds(40);
    /** For servers to come back, and for what is late. */
    private static final Duration CALMING = Duration.ofSeconds(30);

    private static final Duration EVENING = Duration.ofMinutes(30);
    private static final Duration YEAR = Duration.ofDays(365);

    /** How often what happened on all days of this JVM. */
    private static final Map<String, Long> HAPPENED = new TreeMap<>();

    /** Failures that nobody joins are those of days like this one; broken rules are told by the day. */
    private static final SimOptions OPTIONS = SimOptions.DEFAULT
            .withMaxVirtualTime(Duration.ofHours(2))
            .withMaxSteps(50_000_000)
            .withFailureHandler((what, failure) -> {});

    private final Sim sim;
    private final SimRandom random;
    private final DayStore store;
    private final Rules rules = new Rules();
    private final List<SimHost> hosts = new ArrayList<>();

    /** Those that are there now, by name. */
    private final Map<String, Cluster> nodes = new TreeMap<>();

    private final DayOfLocks locks;
    private final DayOfValues values;
    private final DayOfWork work;
    private final DayOfMembers members;
    private final DayOfPictures pictures;
    private boolean rough = true;

    private ClusterDay(Sim sim, DayStore store) {
        this.sim = sim;
        this.random = sim.random();
        this.store = store;
        this.locks = new DayOfLocks(rules, random, sim::elapsed);
        this.values = new DayOfValues(rules, random);
        this.work = new DayOfWork(rules, random, nodes, () -> rough);
        this.members = new DayOfMembers(rules);
        this.pictures = new DayOfPictures(rules);
    }

    /** Lives a day of each seed from one on. */
    static void seeds(long from, int count) {
        Sim.seeds(OPTIONS.withSeed(from), count, sim -> new ClusterDay(sim, new SimDayStore(sim)).live());
    }

    /** Lives a day of each seed from one on, with another store. */
    public static void seeds(long from, int count, Function<Sim, DayStore> store) {
        Sim.seeds(OPTIONS.withSeed(from), count, sim -> new ClusterDay(sim, store.apply(sim)).live());
    }

    /** Lives the day of a seed, and tells what it was. */
    static Sim.Result day(long seed) {
        return Sim.run(OPTIONS.withSeed(seed), sim -> new ClusterDay(sim, new SimDayStore(sim)).live());
    }

    /** How often what happened on all days of this JVM, in a table. */
    public static String happened() {
        return HAPPENED.entrySet().stream()
                .map(each -> "| " + each.getKey() + " | " + each.getValue() + " |")
                .collect(Collectors.joining("\n"));
    }

    private static void happens(String what, long times) {
        HAPPENED.merge(what, times, Long::sum);
    }

    /**
     * Looks for a day on which a rule is broken; in words that every class loader knows.
     *
     * @return how many days it took, and which rule; empty if there was none
     */
    static String[] hunt(int most) {
        for (int seed = 1; seed <= most; seed++) {
            try {
                day(seed);
            } catch (Throwable broken) {
                return new String[]{Integer.toString(seed), String.valueOf(broken.getMessage())};
            }
        }
        return new String[0];
    }

    private void live() throws Exception {
        try {
            Heddle.group(group -> {
                List<Task<Void>> services = new ArrayList<>();
                for (int i = 1; i <= NODES; i++) {
                    SimHost host = sim.network().host("node-" + i);
                    hosts.add(host);
                    services.add(group.spawnService(() -> keepAlive(host)));
                }
                store.rough();
                Task<Void> chaos = group.spawnService(this::spoil);
                Heddle.sleep(LENGTH);
                rough = false;
                chaos.cancel("the day is over");
                calm();
                Heddle.sleep(CALMING);
                sim.network().host("client").run(this::check);
                services.forEach(service -> service.cancel("the day is over"));
            });
        } catch (Throwable e) {
            rules.broken(e);
        }
        happens("days", 1);
        store.counts().forEach((event, times) -> happens("store: " + event, times));
        rules.check();
    }

    private void calm() {
        store.calm();
        sim.network().faults(FaultPlan.NONE);
        sim.network().heal();
        hosts.forEach(host -> host.stall(Duration.ZERO));
    }

    private void check() {
        try (Cluster client = Cluster.join(ClusterOptions.of("day", store.engine("client")).withNode("client"))) {
            nodes.put("client", client);
            Heddle.timeout(EVENING, () -> {
                members.check(nodes.values(), NODES + 1);
                locks.check(client);
                values.check(client);
                work.check(client);
            });
            nodes.remove("client");
        }
    }

    // ---- the nodes ----

    private void keepAlive(SimHost host) {
        while (true) {
            if (host.spawn(() -> live(host)).awaitOutcome() instanceof Outcome.Failure<Void>(Throwable why)) {
                rules.broken(why);
            }
            Heddle.sleep(random.upTo(Duration.ofSeconds(5)));
        }
    }

    private void live(SimHost host) {
        ClusterPoolOptions options = ClusterPoolOptions.of(PORT, NodeSecurity.none())
                .withProcesses(ProcessPoolOptions.DEFAULT.withWorkers(2));
        try (Cluster node = joinAtLast(host.name());
                ClusterPool pool = ClusterPool.of(
                        node.name(), host.name(), SimNodes.CLASSES, new ClusterPeers(node), options)) {
            nodes.put(host.name(), node);
            try {
                Heddle.group(group -> use(group, node, pool));
            } finally {
                nodes.remove(host.name(), node);
            }
        }
    }

    private Cluster joinAtLast(String name) {
        ClusterOptions options = ClusterOptions.of("day", store.engine(name))
                .withNode(name)
                .withTimeout(TIMEOUT)
                .withLabels(Map.of(ClusterPool.ADDRESS, name + ":" + PORT));
        while (true) {
            try {
                return Cluster.join(options);
            } catch (StoreUnavailableException
                    | SessionLostException
                    | OutcomeUnknownException
                    | NodeNameTakenException _) {
                Heddle.sleep(Duration.ofMillis(500));
            }
        }
    }

    private void use(TaskGroup group, Cluster node, ClusterPool pool) {
        Jobs jobs = work.jobs(node);
        group.spawn(() -> members.watch(node));
        group.spawn(() -> values.listen(node));
        group.spawn(() -> repeat(() -> pictures.watch(node)));
        List<Runnable> uses = List.of(
                () -> locks.lock(node),
                () -> locks.lock(node),
                () -> locks.lead(node),
                () -> locks.sit(node),
                () -> locks.sit(node),
                () -> locks.meet(node),
                () -> locks.turn(node),
                () -> values.count(node),
                () -> values.change(node),
                () -> values.publish(node),
                () -> pictures.change(node),
                () -> work.submit(jobs),
                () -> work.call(node, pool));
        uses.forEach(use -> group.spawn(() -> repeat(use)));
    }

    /** Does something until the evening; what such a day brings with it is no failure. */
    private void repeat(Runnable use) {
        while (rough) {
            try {
                use.run();
            } catch (StoreUnavailableException
                    | SessionLostException
                    | OutcomeUnknownException
                    | BrokenException
                    | BodyLostException _) {
                // Somebody else has it, or the next time.
            }
            Heddle.sleep(random.upTo(Duration.ofSeconds(3)));
        }
    }

    // ---- the weather ----

    private void spoil() {
        while (true) {
            Heddle.sleep(random.upTo(Duration.ofSeconds(5)));
            SimHost host = random.oneOf(hosts);
            Duration length = random.upTo(Duration.ofSeconds(10));
            switch (random.below(10)) {
                case 0 -> {
                    happens("node: crashed", 1);
                    store.crash(host);
                    host.crash();
                }
                case 1 -> {
                    happens("node: cut off from all", 1);
                    host.isolate();
                    healAfter(length, host::rejoin);
                }
                case 2 -> {
                    happens("store: struck", 1);
                    store.spoil(length);
                }
                case 3 -> {
                    SimHost other = hosts.get((hosts.indexOf(host) + 1) % NODES);
                    happens("node: cut off from another", 1);
                    sim.network().partition(host, other);
                    healAfter(length, () -> sim.network().heal(host, other));
                }
                case 4 -> {
                    happens("node: not heard by the store", 1);
                    store.cut(host, length);
                }
                case 5, 6 -> {
                    happens("node: stopped for a while", 1);
                    host.stall(length);
                }
                case 7 -> {
                    happens("all: stopped for a while", 1);
                    sim.freeze(length.dividedBy(3));
                }
                case 8 -> {
                    happens("node: connections cut", 1);
                    host.cutAll();
                }
                default -> {
                    happens("all: clock a year off", 1);
                    sim.shiftWallClock(random.chance(0.5) ? YEAR : YEAR.negated());
                }
            }
        }
    }

    private static void healAfter(Duration time, Runnable heal) {
        Heddle.sleep(time);
        heal.run();
    }
}
