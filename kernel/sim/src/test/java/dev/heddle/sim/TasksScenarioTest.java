package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Trees of tasks, joined in any order. */
final class TasksScenarioTest {

    @Test
    void sumOfATreeIsRightAndNothingOutlivesItsOwner() {
        SimOptions stalling = SimOptions.DEFAULT.withFaults(FaultPlan.NONE.withStalls(0.05, Duration.ofSeconds(1)));
        Seeds.run(stalling, sim -> {
            assertEquals(leaves(3), sum(sim, 3));
            assertEquals(List.of(currentTask()), currentLoop().allTasks());
        });
    }

    private static int leaves(int depth) {
        return depth == 0 ? 1 : 3 * leaves(depth - 1);
    }

    private static int sum(Sim sim, int depth) {
        if (depth == 0) {
            return 1;
        }
        List<Task<Integer>> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(spawn(() -> {
                pause(sim.random());
                return sum(sim, depth - 1);
            }));
        }
        int total = 0;
        while (!children.isEmpty()) {
            total += children.remove(sim.random().below(children.size())).join();
        }
        return total;
    }

    private static void pause(SimRandom random) {
        switch (random.below(3)) {
            case 0 -> checkpoint();
            case 1 -> sleep(random.upTo(Duration.ofMillis(3)));
            default -> {}
        }
    }

    @Test
    void tasksLeftBehindByTheirOwnerAreCancelledAndSeeTheirEnd() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            int[] open = new int[1];
            Task<Void> owner = spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    spawn(() -> {
                        open[0]++;
                        try {
                            sleep(Duration.ofDays(1));
                        } finally {
                            open[0]--;
                        }
                    });
                    pause(random);
                }
            });
            owner.join();
            assertEquals(0, open[0]);
            assertTrue(Sim.current().elapsed().compareTo(Duration.ofDays(1)) < 0);
        });
    }

    @Test
    void everyoneWhoAsksForAResultGetsTheSameOne() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Task<String> task = spawn(() -> {
                pause(random);
                return "result";
            });
            List<String> called = new ArrayList<>();
            task.onDone(ended -> called.add(ended.join()));
            List<Task<String>> joiners = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                joiners.add(spawn(() -> {
                    pause(random);
                    return task.join();
                }));
            }
            CompletableFuture<String> future = task.toCompletableFuture();
            for (Task<String> each : joiners) {
                assertEquals("result", each.join());
            }
            Sim.current().awaitIdle();
            assertEquals("result", future.getNow("not there"));
            assertEquals(List.of("result"), called);
        });
    }
}
