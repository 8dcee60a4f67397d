package dev.heddle.engine;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import org.junit.jupiter.api.Test;

/** The wait of one task for one event, used again and again; no wake is kept. */
final class WaitSlotTest {

    private final WaitSlot slot = new WaitSlot("reading from ", "a wire");

    @Test
    void itIsUsedAgainAndAgain() {
        ManualEngine.run(() -> {
            for (int round = 0; round < 3; round++) {
                Task<Void> waiting = spawn(slot::await);
                checkpoint();
                assertTrue(slot.isAwaited());
                assertTrue(slot.wake());
                waiting.join();
                assertFalse(slot.isAwaited());
            }
        });
    }

    @Test
    void wakeIsNotKeptAndASecondOneWakesNobody() {
        ManualEngine.run(() -> {
            assertFalse(slot.wake());
            Task<Void> waiting = spawn(slot::await);
            checkpoint();
            assertTrue(slot.wake());
            assertFalse(slot.wake());
            waiting.join();
            assertFalse(Heddle.moveOnAfter(ofSeconds(1), slot::await));
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelledWaitLeavesNothingBehind() {
        ManualEngine.run(() -> {
            Task<Void> cancelled = spawn(slot::await);
            checkpoint();
            cancelled.cancel();
            cancelled.awaitOutcome();
            assertFalse(slot.isAwaited());
            assertFalse(slot.wake());
            Task<Void> next = spawn(slot::await);
            checkpoint();
            assertTrue(slot.wake());
            next.join();
        });
    }

    @Test
    void whatIsWaitedForShowsInReports() {
        ManualEngine.run(() -> {
            Task<Void> waiting = spawn(slot::await);
            checkpoint();
            assertTrue(currentLoop().waitReport().toString().contains("reading from a wire"));
            slot.nowDoing("writing to ");
            assertTrue(currentLoop().waitReport().toString().contains("writing to a wire"));
            slot.wake();
            waiting.join();
        });
    }
}
