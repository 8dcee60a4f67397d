package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.DeadlockException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A bug of the kind that real channels have had, planted in a small copy of one, is found and can be seen again. */
final class PlantedBugTest {

    private static final int SEEDS = 200;

    /** The channels' own failures are expected here and need not be told. */
    private static final SimOptions QUIET = SimOptions.DEFAULT.withFailureHandler((what, failure) -> {});

    /** An unbounded channel for tasks of one loop. */
    private static final class SmallChannel {

        private final Deque<String> elements = new ArrayDeque<>();
        private final Deque<Waiter> receivers = new ArrayDeque<>();
        private final boolean planted;

        /** @param planted whether a wake-up that meets a cancelled receiver is lost, as if it had been used */
        SmallChannel(boolean planted) {
            this.planted = planted;
        }

        void send(String element) {
            elements.add(element);
            Waiter receiver = receivers.poll();
            while (receiver != null && !receiver.complete() && !planted) {
                receiver = receivers.poll();
            }
        }

        String receive() {
            while (elements.isEmpty()) {
                Waiter waiter = new Waiter("an element");
                receivers.add(waiter);
                waiter.await();
            }
            return elements.remove();
        }
    }

    private final List<Sim> runs = new ArrayList<>();

    /** Two receivers, one of which is cancelled about when an element comes: the other one must get it. */
    private Action program(boolean planted) {
        return () -> {
            runs.add(Sim.current());
            SmallChannel channel = new SmallChannel(planted);
            Task<String> impatient = spawn(channel::receive);
            Task<String> patient = spawn(channel::receive);
            gather(() -> impatient.cancel("changed its mind"), () -> channel.send("first"));
            try {
                impatient.join();
                channel.send("second");
            } catch (TaskCancelledException expected) {
                // Then the first element is for the other.
            }
            patient.join();
        };
    }

    private long lastHash() {
        return runs.getLast().result().traceHash();
    }

    /** Who waits for what; where the tasks were spawned differs, since each run here stands on a line of its own. */
    private static List<String> waits(Throwable deadlock) {
        return deadlock.getMessage().lines().filter(line -> !line.contains("spawned at")).toList();
    }

    @Test
    void seededRunsFindItAndItsSeedReplaysTheSameRun() {
        DeadlockException found = assertThrows(
                DeadlockException.class, () -> Sim.seeds(QUIET, SEEDS, sim -> program(true).run()));
        String note = found.getSuppressed()[found.getSuppressed().length - 1].getMessage();
        long seed = Long.parseLong(note.replaceAll(".*withSeed\\((\\d+)L\\).*", "$1"));

        DeadlockException once = assertThrows(DeadlockException.class, () -> Sim.run(seed, program(true)));
        long hash = lastHash();
        DeadlockException again = assertThrows(DeadlockException.class, () -> Sim.run(seed, program(true)));

        assertEquals(waits(found), waits(once));
        assertEquals(waits(found), waits(again));
        assertEquals(hash, lastHash());
        assertTrue(runs.stream().anyMatch(each -> each.seed() == seed && each.result().traceHash() == hash));
    }

    @Test
    void everyOrderFindsItAndItsScheduleReplaysTheSameRun() {
        Exploration found = Sim.explore(QUIET, 100_000, sim -> program(true).run());
        assertTrue(found.isComplete());
        assertTrue(found.failures() > 0 && found.failures() < found.schedules(), found::toString);
        Exploration.Failing shortest = found.shortest().orElseThrow();

        assertThrows(DeadlockException.class, () -> Sim.run(shortest.schedule(), program(true)));
        long hash = lastHash();
        DeadlockException again = assertThrows(
                DeadlockException.class, () -> Sim.run(shortest.schedule(), program(true)));
        assertEquals(waits(shortest.failure()), waits(again));
        assertEquals(shortest.steps(), runs.getLast().result().steps());
        assertEquals(hash, lastHash());
    }

    @Test
    void withoutTheBugNeitherFindsAnything() {
        Sim.seeds(1, SEEDS, program(false));
        assertEquals(0, Sim.inEveryOrder(program(false)).failures());
    }
}
