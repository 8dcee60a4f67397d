package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Time of the processor, and the end of work. */
final class ClockTest {

    private static final long BUSY_NANOS = 20_000_000;

    @Test
    void timeOfTheProcessIsFinerThanTheTickOfItsSystem() {
        double[] nanos = Clock.processNanosPer(1, () -> Math.max(1, 2));
        assertTrue(nanos[0] > 0 && nanos[1] > 0);
    }

    @Test
    void whoWorksIsWaitedForUntilItRests() throws InterruptedException {
        var used = new AtomicLong();
        var pauses = new AtomicInteger();
        Clock.awaitRest(used::get, () -> used.addAndGet(pauses.incrementAndGet() < 4 ? BUSY_NANOS : 0));
        assertEquals(4, pauses.get());
    }

    @Test
    void whoNeverRestsIsNotWaitedForForever() throws InterruptedException {
        var used = new AtomicLong();
        var pauses = new AtomicInteger();
        Clock.awaitRest(used::get, () -> {
            used.addAndGet(BUSY_NANOS);
            pauses.incrementAndGet();
        });
        assertEquals(100, pauses.get());
    }
}
