package dev.heddle.process;

import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            assertTrue(limit.tryStart());
        });
    }

    @Test
    void afterSomeInARowThereIsNoneAndWhoHasNoFurtherTryIsToldWhy() {
        Sim.run(1, () -> {
            fail(3);
            assertFalse(limit.tryStart());
            assertSame(why, limit.broken().getCause());
        });
    }

    @Test
    void oneIsTriedEachSecond() {
        Sim.run(1, () -> {
            fail(3);
            sleep(Duration.ofMillis(1));
            assertEquals(Duration.ofMillis(999), limit.pause());
            sleep(limit.pause());
            assertTrue(limit.tryStart());
            assertFalse(limit.tryStart());
        });
    }

    @Test
    void firstOneThatIsTooManyIsTold() {
        Sim.run(1, () -> {
            fail(2);
            assertTrue(limit.failed(why));
            assertFalse(limit.failed(why));
        });
    }

    @Test
    void workerThatGetsReadyEndsTheLimit() {
        Sim.run(1, () -> {
            fail(3);
            limit.succeeded();
            assertTrue(limit.tryStart());
        });
    }
}
