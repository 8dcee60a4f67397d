package dev.heddle.sim;

import static dev.heddle.Heddle.currentTask;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import org.junit.jupiter.api.Test;

/** Reports name the line of the user's code, not one of the simulator. */
final class SpawnLineTest {

    private static StackTraceElement mine() {
        return line(currentTask());
    }

    private static StackTraceElement line(Task<?> task) {
        return task.spawnedAt().orElseThrow();
    }

    private static int here() {
        return StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }

    private static void assertHere(int line, StackTraceElement spawned) {
        assertEquals(SpawnLineTest.class.getName() + ":" + line,
                spawned.getClassName() + ":" + spawned.getLineNumber());
    }

    @Test
    void mainTaskIsFromTheLineThatRanTheSimulation() {
        for (int i = 0; i < 5; i++) {
            int line = here() + 1;
            assertHere(line, Sim.run(1, () -> mine()));
            int other = here() + 1;
            Sim.run(SimOptions.DEFAULT, sim -> assertHere(other, mine()));
            int third = here() + 1;
            Sim.seeds(1, 1, () -> assertHere(third, mine()));
            int fourth = here() + 1;
            Sim.inEveryOrder(() -> assertHere(fourth, mine()));
        }
    }

    @Test
    void taskOfAHostIsFromTheLineThatSpawnedIt() {
        Sim.run(1, () -> {
            SimHost host = Sim.current().network().host("server");
            for (int i = 0; i < 5; i++) {
                int line = here() + 1;
                Task<Void> one = host.spawn(() -> {});
                int other = here() + 1;
                Task<Integer> two = host.spawn(() -> 2);
                assertHere(line, line(one));
                assertHere(other, line(two));
            }
        });
    }
}
