package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Timers that are set and cancelled, in a world that stops now and then and whose wall clock jumps. */
final class TimersScenarioTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int TIMERS = 30;

    /** Many of these runs cross the end of the clock's range. */
    private static final SimOptions WRAPS = SimOptions.DEFAULT
            .withClockOriginNanos(Long.MAX_VALUE - SECOND.toNanos() / 2)
            .withFaults(FaultPlan.NONE.withClockJumps(SECOND.dividedBy(5), Duration.ofDays(1)));

    @Test
    void timersFireOnceNeverEarlyAndCancelledOnesNever() {
        Seeds.run(WRAPS, sim -> {
            int[] fired = new int[TIMERS];
            boolean[] cancelled = new boolean[TIMERS];
            List<Handle> handles = new ArrayList<>();
            for (int i = 0; i < TIMERS; i++) {
                int number = i;
                Duration delay = sim.random().upTo(SECOND);
                Duration due = sim.elapsed().plus(delay);
                handles.add(currentLoop().callLater(delay, () -> {
                    fired[number]++;
                    assertTrue(sim.elapsed().compareTo(due) >= 0);
                }));
                sleep(sim.random().upTo(SECOND.dividedBy(TIMERS)));
            }
            for (int i = 0; i < 10; i++) {
                int number = sim.random().below(TIMERS);
                cancelled[number] = !handles.get(number).isDone();
                handles.get(number).cancel();
            }
            sim.freeze(sim.random().upTo(SECOND.multipliedBy(3)));
            sleep(SECOND.multipliedBy(3));
            for (int i = 0; i < TIMERS; i++) {
                assertTrue(fired[i] == 1 || (fired[i] == 0 && handles.get(i).isDone()), "timer " + i);
                assertTrue(!cancelled[i] || fired[i] == 0, "timer " + i);
            }
            assertEquals(0, currentLoop().statistics().timers());
        });
    }

    @Test
    void sleepTakesExactlyItsTimeWhateverTheWallClockDoes() {
        Seeds.run(WRAPS, sim -> {
            for (int i = 0; i < 5; i++) {
                spawn(() -> {
                    for (int round = 0; round < 5; round++) {
                        Duration before = sim.elapsed();
                        Duration length = sim.random().upTo(SECOND);
                        sleep(length);
                        assertEquals(before.plus(length), sim.elapsed());
                    }
                });
            }
            sleep(SECOND.multipliedBy(10));
        });
    }
}
