package dev.heddle.sim;

import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
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
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules of a store, kept by the simulated one under all faults at once: random sessions, whose histories are
 * checked.
 */
final class StoreRulesTest {

    private static final SessionOptions OPTIONS = SessionOptions.of("rules").withTimeout(Duration.ofSeconds(6));

    private static final List<String> DIRECTORIES = List.of("a", "a/b");

    private static final List<Key> KEYS = keys();

    private static final FaultPlan PLAN = FaultPlan.NONE
            .withCuts(0.2, 20_000)
            .withRefuseChance(0.05)
            .withBlackHoleChance(0.02)
            .withOutages(Duration.ofSeconds(30), Duration.ofSeconds(3))
            .withHostStalls(Duration.ofSeconds(40), Duration.ofSeconds(4));

    private static final LinkOptions LINK = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(5))
            .withJitter(Duration.ofMillis(30))
            .withLoss(0.01)
            .withDuplicate(0.02)
            .withReorder(0.05);

    private static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        DIRECTORIES.forEach(each -> List.of("x", "y", "z").forEach(name -> keys.add(new Key(each, name))));
        return keys;
    }

    @Test
    void rulesAreKeptUnderAllFaults() {
        play(3);
    }

    @Test
    @Tag("full")
    void rulesAreKeptUnderAllFaultsInManySeedsAndEachFaultComes() {
        Map<StoreEvent, Long> counts = play(Integer.getInteger("heddle.seeds", 100));
        Set<StoreEvent> never = EnumSet.complementOf(EnumSet.of(StoreEvent.WIPE));
        never.removeAll(counts.keySet());
        assertEquals(Set.of(), never, "what no seed has shown");
    }

    private static Map<StoreEvent, Long> play(int seeds) {
        Map<StoreEvent, Long> counts = new EnumMap<>(StoreEvent.class);
        SimOptions options = SimOptions.DEFAULT.withLink(LINK).withMaxVirtualTime(Duration.ofHours(1));
        Sim.seeds(options.withSeed(1), seeds, sim -> {
            var run = new Run(sim, sim.random().chance(0.8) ? 3 : 5);
            run.play();
            run.store.statistics().counts().forEach((event, count) -> counts.merge(event, count, Long::sum));
        });
        return counts;
    }

    /** One seed. */
    private static final class Run {

        private final Sim sim;
        private final SimRandom random;
        private final SimNetwork network;
        private final SimStore store;
        private final StoreHistory history;
        private final List<Store> open = new ArrayList<>();
        private boolean quiet;
        private long values;

        private Run(Sim sim, int servers) {
            this.sim = sim;
            random = sim.random();
            network = sim.network();
            store = SimStore.create(servers, StoreFaults.ROUGH);
            history = new StoreHistory(store);
        }

        private void play() {
            network.faults(PLAN);
            List<Task<Void>> nodes = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                nodes.add(network.host("node-" + i).spawn(() -> {
                    while (!quiet) {
                        session();
                    }
                }));
            }
            Heddle.spawn(this::watchFences);
            for (int i = 0; i < 30; i++) {
                sleep(random.upTo(Duration.ofSeconds(4)));
                trouble();
            }
            network.faults(FaultPlan.NONE);
            store.faults(StoreFaults.NONE);
            network.heal();
            network.hosts().forEach(each -> each.stall(Duration.ZERO));
            store.hosts().forEach(store::start);
            quiet = true;
            nodes.forEach(Task::join);
            history.check();
            checkReplicas();
        }

        /**
         * No session is taken before two thirds of its timeout have passed since it was heard of, as far as it knows.
         */
        private void watchFences() {
            while (!quiet) {
                sleep(Duration.ofMillis(50));
                for (Store each : List.copyOf(open)) {
                    boolean taken = store.tenant(each.session().id()) == null;
                    if (taken && !(each.state() instanceof StoreState.Lost)) {
                        long silentNanos = Heddle.currentLoop().nanoTime() - each.heardAt();
                        assertTrue(silentNanos >= each.session().timeout().toNanos() * 2 / 3,
                                () -> each + " was taken " + silentNanos + " ns after it was heard of");
                        open.remove(each);
                    }
                }
            }
        }

        private void trouble() {
            List<SimHost> hosts = network.hosts();
            SimHost any = random.oneOf(hosts);
            SimHost other = random.oneOf(hosts);
            switch (random.below(9)) {
                case 0 -> store.leaderChange();
                case 1 -> network.partition(any, other);
                case 2 -> network.block(any, other);
                case 3 -> any.isolate();
                case 4 -> network.cut(any, other);
                case 5 -> random.oneOf(store.hosts()).stall(random.upTo(Duration.ofSeconds(10)));
                case 6 -> store.leaderHost().ifPresent(SimHost::isolate);
                default -> {
                    network.heal();
                    store.hosts().forEach(store::start);
                }
            }
        }

        /** One session from its opening to its end. */
        private void session() {
            Store mine;
            try {
                mine = store.open(OPTIONS);
            } catch (StoreUnavailableException e) {
                sleep(random.upTo(Duration.ofSeconds(1)));
                return;
            }
            try (mine) {
                open.add(mine);
                var view = new StoreHistory.View(mine.session().id());
                var mirror = new Mirror(mine, DIRECTORIES.getFirst());
                boolean watching = mirror.start();
                while (!quiet && !(mine.state() instanceof StoreState.Lost)) {
                    step(mine, view);
                    mirror.catchUp();
                    sleep(random.upTo(Duration.ofMillis(700)));
                }
                if (!(mine.state() instanceof StoreState.Lost)) {
                    sleep(Duration.ofMinutes(1));
                    if (watching && !(mine.state() instanceof StoreState.Lost)) {
                        mirror.checkTruth();
                    }
                    sleep(Duration.ofMinutes(2)); // its end would change what the others check
                }
            }
        }

        private void step(Store mine, StoreHistory.View view) {
            switch (random.below(7)) {
                case 0, 1 -> {
                    List<StoreHistory.Attempt> attempts = new ArrayList<>();
                    List<Promise<CommitOutcome>> promises = new ArrayList<>();
                    for (int i = random.below(4); i >= 0; i--) {
                        List<Op> ops = ops();
                        attempts.add(history.attempt(view, ops));
                        promises.add(mine.commit(ops));
                    }
                    for (int i = 0; i < attempts.size(); i++) {
                        history.told(attempts.get(i), promises.get(i).join());
                    }
                }
                case 2, 3, 4 -> read(mine, view, random.chance(0.4) ? ReadConsistency.FRESH : ReadConsistency.LOCAL);
                default -> list(mine, view, random.chance(0.4) ? ReadConsistency.FRESH : ReadConsistency.LOCAL);
            }
        }

        private void read(Store mine, StoreHistory.View view, ReadConsistency freshness) {
            Key key = random.oneOf(KEYS);
            long from = history.now();
            try {
                Optional<Entry> entry = mine.read(key, freshness).join();
                history.read(view, key, entry, freshness == ReadConsistency.FRESH, from);
            } catch (StoreUnavailableException | SessionLostException e) {
                // Nothing was learnt.
            }
        }

        private void list(Store mine, StoreHistory.View view, ReadConsistency freshness) {
            String directory = random.oneOf(DIRECTORIES);
            long from = history.now();
            try {
                Listing listing = mine.list(directory, freshness).join();
                List<Key> keys = KEYS.stream().filter(each -> each.directory().equals(directory)).toList();
                history.listed(view, keys, listing, freshness == ReadConsistency.FRESH, from);
            } catch (StoreUnavailableException | SessionLostException e) {
                // Nothing was learnt.
            }
        }

        private List<Op> ops() {
            List<Key> free = new ArrayList<>(KEYS);
            List<Op> ops = new ArrayList<>();
            for (int i = random.below(3); i >= 0; i--) {
                Key key = free.remove(random.below(free.size()));
                Bytes value = Bytes.utf8("" + values++);
                long version = random.chance(0.7) ? Op.ANY_VERSION : random.below(3);
                ops.add(switch (random.below(7)) {
                    case 0, 1 -> new Op.Create(key, value, random.chance(0.5) ? Lifetime.EPHEMERAL : Lifetime.DURABLE);
                    case 2, 3, 4 -> new Op.Set(key, value, version);
                    case 5 -> new Op.Delete(key, version);
                    default -> new Op.Check(key, version);
                });
            }
            return List.copyOf(ops);
        }

        /** All servers have the same in the end, and nothing that is of a session which is over. */
        private void checkReplicas() {
            sleep(Duration.ofSeconds(30));
            for (StoreServer each : store.servers()) {
                for (String directory : DIRECTORIES) {
                    assertEquals(store.servers().getFirst().tree("rules").list(directory),
                            each.tree("rules").list(directory));
                    each.tree("rules").list(directory).entries().forEach(entry -> assertEquals(Entry.NO_OWNER,
                            entry.owner(), () -> entry + " is left of a session that is over"));
                }
            }
        }
    }

    /** A directory as a watch and local reads show it. */
    private static final class Mirror {

        private final Store store;
        private final String directory;
        private final Queue<WatchEvent> signals = new ArrayDeque<>();
        private final Map<Key, Entry> entries = new HashMap<>();
        private final Map<Key, Boolean> unread = new LinkedHashMap<>();
        private boolean listed;
        private boolean closed;
        private long stamp;

        private Mirror(Store store, String directory) {
            this.store = store;
            this.directory = directory;
        }

        private boolean start() {
            try {
                store.watch(directory, signals::add).join();
                return true;
            } catch (StoreUnavailableException | SessionLostException e) {
                return false;
            }
        }

        /** Takes up all signals; what cannot be read now is read when it can. */
        private void catchUp() {
            for (WatchEvent next = signals.poll(); next != null; next = signals.poll()) {
                assertTrue(!closed, "a signal comes behind the last");
                switch (next) {
                    case WatchEvent.Changed(Key key, long changed, boolean deleted) -> {
                        assertTrue(changed >= stamp, "stamps of signals go back");
                        stamp = changed;
                        if (deleted) {
                            unread.remove(key);
                            entries.computeIfPresent(key, (_, old) -> old.created() < changed ? null : old);
                        } else {
                            unread.put(key, true);
                        }
                    }
                    case WatchEvent.Gap _ -> listed = false;
                    case WatchEvent.Closed _ -> closed = true;
                }
            }
            try {
                if (!listed) {
                    List<Entry> all = store.list(directory, ReadConsistency.LOCAL).join().entries();
                    entries.clear();
                    unread.clear();
                    all.forEach(each -> entries.put(each.key(), each));
                    listed = true;
                }
                for (Key key : List.copyOf(unread.keySet())) {
                    Optional<Entry> entry = store.read(key, ReadConsistency.LOCAL).join();
                    entry.ifPresentOrElse(each -> entries.put(key, each), () -> entries.remove(key));
                    unread.remove(key);
                }
            } catch (StoreUnavailableException | SessionLostException e) {
                // Later.
            }
        }

        /** A connection that was to be cut while there were faults may still be cut now. */
        private void checkTruth() {
            Optional<List<Entry>> truth = Optional.empty();
            while (truth.isEmpty() || !listed || !unread.isEmpty()) {
                truth = truth();
                catchUp();
            }
            assertEquals(truth.get(), entries.values().stream().sorted((a, b) -> a.key().compareTo(b.key())).toList());
        }

        private Optional<List<Entry>> truth() {
            try {
                return Optional.of(store.list(directory, ReadConsistency.FRESH).join().entries());
            } catch (StoreUnavailableException _) {
                return Optional.empty();
            }
        }
    }
}
