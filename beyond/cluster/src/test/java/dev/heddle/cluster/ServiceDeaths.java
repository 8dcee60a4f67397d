package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A death for each service task of a node at each of its steps. Which there are is seen on the loop, where all of them
 * are registered; a step is a call of the store, on which all stand. After each death all services must be alive, and
 * somebody must have been told.
 */
final class ServiceDeaths {

    /** More than the longest back-off, and the longest time until a session is given up. */
    private static final Duration CALMING = Duration.ofMinutes(2);

    /** What calls the store for those whose commits travel together: who has asked dies with it. */
    private static final String GROUP = "a group of commits";

    /** Services that only wait, or only ask for commits of a {@link #GROUP}. */
    private static final Set<String> CALL_NOTHING = Set.of(
            "a node's fence", "a node of the cluster shop", "the jobs q", "the jobs q under a lease",
            "following cluster map orders", "following cluster topic orders", "what a node uses");

    /** Steps of each service that were made in a run without a death. */
    private final Map<String, Integer> steps = new TreeMap<>();

    private final Set<String> services = new TreeSet<>();
    private final List<String> told = new ArrayList<>();

    /** Who dies; empty for nobody. */
    private final String victim;

    /** At which of its steps. */
    private final int step;

    private boolean armed;
    private boolean dead;

    private ServiceDeaths(String victim, int step) {
        this.victim = victim;
        this.step = step;
    }

    /**
     * Kills each service at each of its first steps.
     *
     * @return the deaths
     */
    static List<String> all(int steps) {
        var calm = new ServiceDeaths("", 0);
        calm.run();
        Set<String> idle = new TreeSet<>(calm.services);
        idle.removeAll(calm.steps.keySet());
        idle.removeAll(CALL_NOTHING);
        assertTrue(idle.isEmpty(), "services that no death reaches: " + idle);
        calm.steps.keySet().removeIf(ServiceDeaths::isCaller);
        List<String> deaths = new ArrayList<>();
        calm.steps.forEach((service, most) -> {
            for (int step = 1; step <= Math.min(steps, most); step++) {
                String death = service + " at its step " + step;
                try {
                    var run = new ServiceDeaths(service, step);
                    run.run();
                    if (run.dead) {
                        deaths.add(death);
                        // An attempt at a job is none of ours; its failure is in the log.
                        assertTrue(!run.told.isEmpty() || service.startsWith("job "), "nobody was told");
                    }
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("after the death of " + death + ": " + e.getMessage(), e);
                }
            }
        });
        return deaths;
    }

    /** The first death that is not survived, in words that every class loader knows; empty if there is none. */
    static String hunt(int steps) {
        try {
            all(steps);
            return "";
        } catch (AssertionError found) {
            return String.valueOf(found.getMessage());
        }
    }

    private void run() {
        SimOptions options = SimOptions.DEFAULT
                .withMaxVirtualTime(Duration.ofDays(1))
                .withMaxSteps(5_000_000)
                .withFailureHandler((what, failure) -> told.add(what + ": " + failure));
        Sim.run(options, _ -> live());
    }

    private void live() {
        var store = new Deadly(InMemoryStore.create());
        Set<Task<?>> own = Set.copyOf(Heddle.currentLoop().allTasks());
        try (Cluster a = join(store, "a"); Cluster b = join(store, "b"); var uses = new ServicesInUse(a, b)) {
            uses.use();
            armed = true;
            Heddle.currentLoop().allTasks().stream().filter(task -> !own.contains(task))
                    .forEach(task -> services.add(nameOf(task)));
            if (victim.isEmpty()) {
                uses.use();
            } else {
                var _ = Heddle.moveOnAfter(CALMING, () -> tryToUse(uses));
            }
            a.lease().end("the test says so");
            Heddle.sleep(CALMING);
            armed = false;
            uses.use();
        }
    }

    /** Whoever calls while a service dies may be told by that. */
    private void tryToUse(ServicesInUse uses) {
        try {
            uses.use();
        } catch (RuntimeException | Error e) {
            told.add(e.toString());
        }
    }

    private static Cluster join(StoreEngine store, String name) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(name));
    }

    /** A task of this test, which is told of what fails in its calls. */
    private static boolean isCaller(String name) {
        return name.equals("main") || name.startsWith("task-");
    }

    /** Whether who calls is to end anyway, so that it need tell nobody of a failure. */
    private static boolean isEnding() {
        try {
            CancelScope.throwIfCancelled();
            return false;
        } catch (CancelledException _) {
            return true;
        }
    }

    private static String nameOf(Task<?> task) {
        return task.name().replaceAll("[0-9a-f]+-[0-9a-f]+|~.*|\\d+", "#");
    }

    /** A store in which the victim dies. */
    private final class Deadly implements StoreEngine {

        private final StoreEngine engine;

        private Deadly(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public Store open(SessionOptions options) {
            return new ForwardingStore(engine.open(options)) {

                @Override
                public Promise<CommitOutcome> commit(List<Op> ops) {
                    return step(() -> super.commit(ops));
                }

                @Override
                public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
                    return step(() -> super.read(key, freshness));
                }

                @Override
                public Promise<Listing> list(String directory, ReadConsistency freshness) {
                    return step(() -> super.list(directory, freshness));
                }

                @Override
                public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
                    return step(() -> super.watch(directory, listener));
                }
            };
        }

        private <T> Promise<T> step(Supplier<Promise<T>> call) {
            if (!armed || isEnding()) {
                return call.get();
            }
            String service = Task.ofThread(Thread.currentThread()).map(task -> nameOf(task)).orElse(GROUP);
            if (steps.merge(service, 1, Integer::sum) != step || !service.equals(victim)) {
                return call.get();
            }
            dead = true;
            Throwable death = step % 2 == 0
                    ? new NoClassDefFoundError("planted")
                    : new IllegalStateException("planted");
            throw Throwables.unchecked(death);
        }
    }
}
