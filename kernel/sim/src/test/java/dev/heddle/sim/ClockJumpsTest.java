package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlockException;
import dev.heddle.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jumps of the wall clock by plan. */
final class ClockJumpsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final FaultPlan JUMPS = FaultPlan.NONE.withClockJumps(Duration.ofMinutes(1), Duration.ofHours(1));

    /** How far the wall clock has jumped in each of so many seconds. */
    private static List<Duration> jumps(SimOptions options, int seconds) {
        List<Duration> jumps = new ArrayList<>();
        Sim.run(options, sim -> {
            for (int i = 0; i < seconds; i++) {
                Instant before = currentLoop().engine().now();
                sleep(SECOND);
                jumps.add(Duration.between(before, currentLoop().engine().now()).minus(SECOND));
            }
            assertEquals(SECOND.multipliedBy(seconds), sim.elapsed(), "sleeps do not notice");
        });
        return jumps;
    }

    @Test
    void wallClockJumpsBothWaysNowAndThenAndTimersDoNotNotice() {
        List<Duration> jumps = jumps(SimOptions.DEFAULT.withFaults(JUMPS), 3600);
        List<Duration> real = jumps.stream().filter(each -> !each.isZero()).toList();
        assertTrue(real.size() > 30 && real.size() < 120, () -> real.size() + " jumps in an hour");
        assertTrue(real.stream().anyMatch(Duration::isNegative) && real.stream().anyMatch(Duration::isPositive));
        assertTrue(real.stream().allMatch(each -> each.abs().compareTo(Duration.ofHours(1)) <= 0));
    }

    @Test
    void seedDrawsThem() {
        SimOptions options = SimOptions.DEFAULT.withFaults(JUMPS);
        assertEquals(jumps(options, 600), jumps(options, 600));
        assertNotEquals(jumps(options, 600), jumps(options.withSeed(1), 600));
        assertEquals(List.of(Duration.ZERO, Duration.ZERO), jumps(SimOptions.DEFAULT, 2));
    }

    @Test
    void planThatIsChangedHoldsFromThenOn() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Instant start = currentLoop().engine().now();
            sim.network().faults(JUMPS);
            sleep(Duration.ofHours(1));
            sleep(Duration.ofHours(1));
            Duration shift = Duration.between(start.plus(Duration.ofHours(2)), currentLoop().engine().now());
            assertNotEquals(Duration.ZERO, shift);
            sim.network().faults(FaultPlan.NONE);
            sleep(Duration.ofHours(1));
            assertEquals(start.plus(Duration.ofHours(3)).plus(shift), currentLoop().engine().now());
        });
    }

    @Test
    void planOfFaultsAloneKeepsNoDeadlockedRunAlive() {
        SimOptions rough = SimOptions.DEFAULT.withFaults(Seeds.ROUGH).withFailureHandler((what, failure) -> {});
        assertThrows(DeadlockException.class, () -> Sim.run(rough, sim -> new Waiter("nobody").await()));
    }
}
