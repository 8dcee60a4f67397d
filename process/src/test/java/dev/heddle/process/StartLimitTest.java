package dev.heddle.process;

import static dev.heddle.Heddle.measureTime;
import static dev.heddle.Heddle.moveOnAfter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import dev.heddle.sim.Sim;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When workers that fail at their start may be started again. */
final class StartLimitTest {

    private final StartLimit limit = new StartLimit("pool");
    private final IllegalStateException why = new IllegalStateException("no memory");

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            limit.failed(why);
        }
    }

    @Test
    void fewFailuresHoldNothingUp() {
        Sim.run(1, () -> {
            fail(2);
            limit.await(false);
        });
    }

    @Test
    void afterSomeInARowWhoHasNoFurtherTryIsToldWhyAtOnce() {
        Sim.run(1, () -> {
            fail(3);
            assertSame(why, assertThrows(BrokenException.class, () -> limit.await(false)).getCause());
        });
    }

    @Test
    void whoMayBeTriedAgainWaitsInsteadUntilTheNextStartOrItsCancel() {
        Sim.run(1, () -> {
            fail(3);
            assertFalse(moveOnAfter(Duration.ofMillis(1), () -> limit.await(true)));
            Duration waited = measureTime(() -> limit.await(true));
            assertEquals(Duration.ofMillis(999), waited);
            assertThrows(BrokenException.class, () -> limit.await(false));
        });
    }

    @Test
    void workerThatGetsReadyEndsTheLimit() {
        Sim.run(1, () -> {
            fail(3);
            limit.succeeded();
            limit.await(false);
        });
    }
}
