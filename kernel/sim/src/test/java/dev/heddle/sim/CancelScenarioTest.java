package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Cancels at any moment: of scopes, of tasks, from inside and outside. */
final class CancelScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(10);

    @Test
    void whatATaskTookItGivesBackWhenverItIsCancelled() {
        SimOptions stalling = SimOptions.DEFAULT.withFaults(FaultPlan.NONE.withStalls(0.1, MOMENT));
        Seeds.run(stalling, sim -> {
            int[] open = new int[1];
            int[] cleaned = new int[1];
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                tasks.add(spawn(() -> {
                    open[0]++;
                    try {
                        while (true) {
                            sleep(sim.random().upTo(MOMENT));
                        }
                    } finally {
                        shield(() -> sleep(sim.random().upTo(MOMENT)));
                        open[0]--;
                        cleaned[0]++;
                    }
                }));
            }
            for (Task<Void> each : tasks) {
                sleep(sim.random().upTo(MOMENT));
                each.cancel("its turn");
            }
            for (Task<Void> each : tasks) {
                assertThrows(TaskCancelledException.class, each::join);
            }
            assertEquals(0, open[0]);
            assertEquals(5, cleaned[0]);
        });
    }

    @Test
    void cancelThatIsSwallowedComesAgainAtEveryWaitUntilTheScopeIsLeft() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            int[] caught = new int[1];
            boolean done = CancelScope.open(scope -> {
                Task<Void> canceller = spawn(() -> {
                    sleep(random.upTo(MOMENT));
                    scope.cancel("enough");
                });
                while (!canceller.isDone()) {
                    try {
                        sleep(random.upTo(MOMENT));
                    } catch (CancelledException swallowed) {
                        break;
                    }
                }
                for (int i = 0; i < 5; i++) {
                    try {
                        checkpoint();
                    } catch (CancelledException swallowed) {
                        caught[0]++;
                    }
                }
                assertTrue(scope.isCancelled());
            });
            assertTrue(done);
            assertEquals(5, caught[0]);
            checkpoint();
        });
    }

    @Test
    void permitOfTheJdkIsNeverLostToACancel() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Semaphore permits = new Semaphore(2);
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(spawn(() -> {
                    permits.acquire();
                    try {
                        sleep(random.upTo(MOMENT));
                    } finally {
                        permits.release();
                    }
                }));
            }
            for (int i = 0; i < 3; i++) {
                sleep(random.upTo(MOMENT));
                tasks.get(random.below(tasks.size())).cancel("changed its mind");
            }
            sleep(Duration.ofHours(1));
            tasks.forEach(each -> assertTrue(each.isDone()));
            assertEquals(2, permits.availablePermits());
        });
    }

    @Test
    void cancellingTwiceKeepsTheFirstReasonAndAfterTheEndDoesNothing() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Task<String> task = spawn(() -> {
                try {
                    sleep(random.upTo(MOMENT));
                    return "done";
                } catch (CancelledException e) {
                    return e.getMessage();
                }
            });
            sleep(random.upTo(MOMENT));
            boolean before = !task.isDone();
            task.cancel("first");
            task.cancel("second");
            String result = task.join();
            assertFalse(result.contains("second"), result);
            assertTrue(before || result.equals("done"), result);
        });
    }
}
