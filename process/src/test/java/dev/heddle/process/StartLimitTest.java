package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
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
    void fewFailuresHoldNothingUp() throws InterruptedException {
        fail(2);
        limit.await(false);
    }

    @Test
    void afterSomeInARowWhoHasNoFurtherTryIsToldWhyAtOnce() {
        fail(3);
        assertSame(why, assertThrows(BrokenException.class, () -> limit.await(false)).getCause());
    }

    @Test
    void whoMayBeTriedAgainWaitsInsteadUntilTheNextStartOrItsCancel() {
        fail(3);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> limit.await(true));
        assertFalse(Thread.interrupted());
    }

    @Test
    void aWorkerThatGetsReadyEndsTheLimit() throws InterruptedException {
        fail(3);
        limit.succeeded();
        limit.await(false);
    }
}
