package dev.heddle.cluster;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.internal.Throwables;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A search for services of a node that end in silence. Whatever the node calls that is not its own fails at random,
 * with exceptions and errors that no contract has: handlers of jobs, bodies under locks, and each call of the store, on
 * which all of the services stand. When that is over, all services must be alive.
 */
final class CallbackFaults {

    private static final Duration FAULTS = Duration.ofMinutes(1);

    /** More than the longest back-off, and the longest time until a session is given up. */
    private static final Duration CALMING = Duration.ofMinutes(2);

    private final SimRandom random;
    private boolean rough;

    private CallbackFaults(Sim sim) {
        this.random = sim.random();
    }

    /** Searches with the seeds from one on. */
    static void seeds(long from, int count) {
        for (long seed = from; seed < from + count; seed++) {
            run(seed);
        }
    }

    /**
     * Looks for a seed with which a service is dead; in words that every class loader knows.
     *
     * @return the seed, and what is dead; empty if there was none
     */
    static String hunt(int most) {
        for (int seed = 1; seed <= most; seed++) {
            try {
                run(seed);
            } catch (Throwable dead) {
                return "seed " + seed + ": " + dead.getMessage();
            }
        }
        return "";
    }

    private static void run(long seed) {
        SimOptions options = SimOptions.DEFAULT.withSeed(seed)
                .withMaxVirtualTime(Duration.ofDays(1))
                .withMaxSteps(5_000_000)
                .withFailureHandler((_, _) -> {});
        Sim.run(options, sim -> new CallbackFaults(sim).live());
    }

    private void live() throws Exception {
        var store = new Faulty(InMemoryStore.create());
        try (Cluster a = join(store, "a");
                Cluster b = join(store, "b");
                var services = new ServicesInUse(a, b)) {
            List<Cluster> nodes = List.of(a, b);
            for (Cluster node : nodes) {
                node.jobs(ServicesInUse.QUEUE).handle("bad", 2, job -> {
                    if (random.chance(0.5)) {
                        job.progress(Bytes.utf8("half"));
                    }
                    PoisonedJobsTest.Poison[] all = PoisonedJobsTest.Poison.values();
                    return all[random.below(all.length)].handle(job);
                });
            }
            services.use();
            rough = true;
            Heddle.moveOnAfter(FAULTS, () -> Heddle.group(group -> nodes.forEach(node -> uses(node)
                    .forEach(use -> group.spawn(() -> again(use))))));
            rough = false;
            Heddle.sleep(CALMING);
            services.use();
        }
    }

    /** What users do meanwhile, by names of their own. */
    private List<Action> uses(Cluster node) {
        return List.of(
                () -> node.mutex("rough").run(this::perhapsFail),
                () -> node.mutex(ServicesInUse.NAME).run(this::perhapsFail),
                () -> node.semaphore("rough", 2).run(this::perhapsFail),
                () -> node.leader(ServicesInUse.NAME).lead(_ -> perhapsFail()),
                () -> node.counter(ServicesInUse.NAME).add(1),
                () -> node.limiter(ServicesInUse.NAME, 100, 10).acquire(),
                () -> node.map("rough", 100).put("key", Bytes.EMPTY),
                () -> node.topic("rough", 10).publish(Bytes.EMPTY),
                () -> node.jobs(ServicesInUse.QUEUE)
                        .submit(JobSpec.of("bad", Bytes.EMPTY).withMaxAttempts(1 + random.below(3))).join());
    }

    private void again(Action use) {
        while (true) {
            Task<Void> task = Heddle.spawn(use);
            try {
                task.join();
            } catch (CancelledException e) {
                task.cancel("the faults are over");
                throw e;
            } catch (RuntimeException | Error _) {
                // Whoever calls is told; here it is of no interest.
            }
            Heddle.sleep(Duration.ofMillis(random.below(2_000)));
        }
    }

    private void perhapsFail() throws Exception {
        Heddle.sleep(Duration.ofMillis(random.below(200)));
        if (random.chance(0.3)) {
            throw fault();
        }
    }

    private Exception fault() {
        return switch (random.below(6)) {
            case 0 -> new IllegalStateException("planted");
            case 1 -> new IllegalArgumentException();
            case 2 -> new NullPointerException("planted");
            case 3 -> new IndexOutOfBoundsException("x".repeat(70_000));
            case 4 -> throw new NoClassDefFoundError("planted");
            default -> throw new OutOfMemoryError("planted");
        };
    }

    private static Cluster join(StoreEngine store, String name) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(name));
    }

    /** A store whose calls fail as no store's may. */
    private final class Faulty implements StoreEngine {

        private final StoreEngine engine;

        private Faulty(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public Store open(SessionOptions options) {
            Store store = engine.open(options);
            return new ForwardingStore(store) {

                @Override
                public Promise<CommitOutcome> commit(List<Op> ops) {
                    return perhaps(() -> super.commit(ops));
                }

                @Override
                public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
                    return perhaps(() -> super.read(key, freshness));
                }

                @Override
                public Promise<Listing> list(String directory, ReadConsistency freshness) {
                    return perhaps(() -> super.list(directory, freshness));
                }

                @Override
                public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
                    return perhaps(() -> super.watch(directory, listener));
                }
            };
        }

        /** Before or after it has taken place. */
        private <T> Promise<T> perhaps(Supplier<Promise<T>> call) {
            if (!rough || !random.chance(0.02)) {
                return call.get();
            }
            Throwable planted = planted();
            boolean isRefused = planted instanceof IllegalArgumentException; // which says that nothing was done
            if (random.chance(0.3) && !isRefused) {
                call.get();
            }
            if (isRefused || random.chance(0.5)) {
                throw Throwables.unchecked(planted);
            }
            Promise<T> failed = new Promise<>();
            failed.fail(planted);
            return failed;
        }

        private Throwable planted() {
            try {
                return fault();
            } catch (Error e) {
                return e;
            }
        }
    }
}
