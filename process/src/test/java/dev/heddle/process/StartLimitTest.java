package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When workers that fail at their start may be started again. */
class StartLimitTest {

    private final StartLimit limit = new StartLimit("pool");
    private final IllegalStateException why = new IllegalStateException("no memory");

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            limit.failed(why);
        }
    }

    @Test
    void fewFailuresHoldNothingUp() {
        run(() -> {
            fail(2);
            limit.await(false);
        });
    }

    @Test
    void afterSomeInARowWhoHasNoFurtherTryIsToldWhyAtOnce() {
        run(() -> {
            fail(3);
            assertSame(why, assertThrows(BrokenException.class, () -> limit.await(false)).getCause());
        });
    }

    @Test
    void whoMayBeTriedAgainWaitsInsteadUntilTheNextStartOrItsCancel() {
        run(() -> {
            fail(3);
            assertFalse(moveOnAfter(Duration.ofMillis(1), () -> limit.await(true)));
        });
    }

    @Test
    void aWorkerThatGetsReadyEndsTheLimit() {
        run(() -> {
            fail(3);
            limit.succeeded();
            limit.await(false);
        });
    }
}
