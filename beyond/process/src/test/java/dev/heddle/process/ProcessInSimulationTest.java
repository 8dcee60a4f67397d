package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Children in a simulation are tasks instead of JVMs. */
final class ProcessInSimulationTest {

    /** Shared by all, since the children are in this JVM. */
    private static final List<String> SEEN = new ArrayList<>();

    private static void simulate(Action body) {
        SEEN.clear();
        Sim.run(1, body);
    }

    @Test
    void childIsATaskWithACopyOfTheBody() {
        simulate(() -> {
            List<String> words = new ArrayList<>(List.of("a"));
            JvmProcess child = JvmProcess.spawn(() -> SEEN.add(words.getFirst()));
            words.set(0, "b");
            assertEquals(List.of(child), JvmProcess.children());
            assertEquals(0, child.join());
            assertEquals(List.of("a"), SEEN);
            assertEquals(List.of(), JvmProcess.children());
        });
    }

    @Test
    void bodyThatWaitsForItsOwnChildIsRefused() {
        simulate(() -> {
            JvmProcess child = JvmProcess.spawn(() -> JvmProcess.children().getFirst().join());
            assertEquals(1, child.join());
        });
    }

    private static int total(RemotePool pool, List<String> words) {
        return pool.map(words, String::length).stream().mapToInt(n -> n).sum();
    }

    @Test
    void whoUsesAPoolNeedNotKnowWhereItsBodiesRun() {
        simulate(() -> {
            try (RemotePool pool = ProcessPool.of(2).retrying(2)) {
                assertEquals(6, total(pool, List.of("a", "bb", "ccc")));
                assertEquals(7, pool.call(() -> 7));
                assertEquals(8, pool.submit(() -> 8).get());
            }
        });
    }

    @Test
    void callbackOfAPoolsResultRunsInItsTurn() {
        simulate(() -> {
            try (ProcessPool pool = ProcessPool.of(1)) {
                assertEquals(3, pool.supplyAsync(() -> 1).thenApply(n -> n + 2).getNow(0));
            }
        });
    }

    @Test
    void bodyThatThrowsHasTheExitCodeOne() {
        simulate(() -> {
            try (JvmProcess child = JvmProcess.spawn(() -> {
                throw new IllegalStateException("as it must be");
            })) {
                assertEquals(1, child.join());
            }
        });
    }

    @Test
    void whatEndsItIsTold() {
        simulate(() -> {
            JvmProcess terminated = JvmProcess.spawn(() -> sleep(Duration.ofHours(1)));
            JvmProcess killed = JvmProcess.spawn(() -> sleep(Duration.ofHours(1)));
            assertEquals(OptionalInt.empty(), terminated.joinWithin(Duration.ofMillis(1)));
            terminated.terminate();
            killed.kill();
            assertEquals(143, terminated.join());
            assertEquals(137, killed.join());
            assertFalse(killed.isAlive());
        });
    }

    @Test
    void cancelledCloseEndsIt() {
        simulate(() -> {
            JvmProcess child = JvmProcess.spawn(() -> sleep(Duration.ofHours(1)));
            moveOnAfter(Duration.ofMillis(1), child::close);
            assertEquals(OptionalInt.of(143), child.exitCode());
        });
    }

    @Test
    void cancelThatHasEndedItPassesOn() {
        simulate(() -> {
            JvmProcess child = JvmProcess.spawn(() -> sleep(Duration.ofHours(1)));
            assertFalse(moveOnAfter(Duration.ofMillis(1), child::close));
        });
    }

    @Test
    void whatCannotTravelIsRefused() {
        simulate(() -> {
            Thread thread = Thread.currentThread();
            assertThrows(CannotTravelException.class, () -> JvmProcess.spawn(() -> thread.isAlive()));
        });
    }

    @Test
    void sharedMemoryIsThereForAll() {
        simulate(() -> {
            try (SharedLongs sum = SharedLongs.create(1)) {
                try (JvmProcess one = JvmProcess.spawn(() -> sum.addAndGet(0, 1));
                        JvmProcess other = JvmProcess.spawn(() -> sum.addAndGet(0, 2))) {
                    assertTrue(one.pid() > 0);
                    assertTrue(other.pid() > 0);
                }
                assertEquals(3, sum.get(0));
            }
        });
    }
}
