package dev.heddle.sim;

import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Deadlines inside of deadlines. */
final class TimeoutsScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(20);

    private static Duration least(Duration... durations) {
        Duration least = durations[0];
        for (Duration each : durations) {
            least = each.compareTo(least) < 0 ? each : least;
        }
        return least;
    }

    @Test
    void nearestDeadlineEndsTheWaitExactlyThenWithoutStalls() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Duration outer = random.upTo(MOMENT);
            Duration middle = random.upTo(MOMENT);
            Duration inner = random.upTo(MOMENT);
            Duration work = random.upTo(MOMENT);
            String ending;
            try {
                ending = timeout(outer, () -> moveOnAfter(middle, () -> timeout(inner, () -> {
                    sleep(work);
                    return "done";
                })).orElse("moved on"));
            } catch (DeadlineExceededException e) {
                ending = "exceeded";
            }
            Duration first = least(outer, middle, inner, work);
            assertEquals(first, Sim.current().elapsed());
            assertTrue(first.equals(work) || !ending.equals("done"), ending);
            assertTrue(!ending.equals("moved on") || first.equals(middle), ending);
        });
    }

    @Test
    void bodyThatIsDoneLateKeepsItsResultAndAnythingElseIsTold() {
        FaultPlan stalls = FaultPlan.NONE.withStalls(0.4, MOMENT);
        Seeds.run(SimOptions.DEFAULT.withFaults(stalls), sim -> {
            Duration limit = sim.random().upTo(MOMENT);
            Duration work = sim.random().upTo(MOMENT);
            boolean[] done = new boolean[1];
            Optional<String> result = moveOnAfter(limit, () -> {
                sleep(work);
                done[0] = true;
                return "done";
            });
            assertEquals(done[0], result.isPresent());
            assertTrue(sim.elapsed().compareTo(least(limit, work)) >= 0, "never early");
        });
    }

    @Test
    void shieldedCleanUpHasItsOwnTimeAndTheDeadlineIsStillTold() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Duration limit = random.upTo(MOMENT);
            Duration cleanUp = random.upTo(MOMENT);
            boolean exceeded = false;
            try {
                timeout(limit, () -> {
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        shield(() -> sleep(cleanUp));
                    }
                });
            } catch (DeadlineExceededException e) {
                exceeded = true;
            }
            assertTrue(exceeded);
            assertEquals(limit.plus(cleanUp), Sim.current().elapsed());
            assertTrue(currentTask().waitingFor().isEmpty());
        });
    }
}
