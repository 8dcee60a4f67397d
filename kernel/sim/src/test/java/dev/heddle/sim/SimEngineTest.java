package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine tells its loop. */
final class SimEngineTest {

    private final SimEngine engine = new Sim(SimOptions.DEFAULT).engine();

    @Test
    void nothingCanHappenWithoutTimersEventsAndOutsideWork() {
        assertFalse(engine.poll(Long.MAX_VALUE, false));
    }

    @Test
    void lookWithoutWaitingLetsNoTimePass() {
        engine.context().after(1, () -> {});
        assertTrue(engine.poll(0, false));
        assertEquals(0, engine.nanoTime());
    }

    @Test
    void clockJumpsToTheTimeoutOrTheNextEventWhicheverIsFirst() {
        List<Long> times = new ArrayList<>();
        engine.context().after(50, () -> times.add(engine.nanoTime()));

        assertTrue(engine.poll(30, false));
        assertEquals(30, engine.nanoTime());
        assertEquals(List.of(), times);

        assertTrue(engine.poll(30, false));
        assertEquals(50, engine.nanoTime());
        assertEquals(List.of(50L), times);
    }

    @Test
    void withWorkOutsideTheClockStandsStillAndTheWaitIsReal() throws InterruptedException {
        engine.context().after(1, () -> {
            throw new AssertionError("time passed");
        });
        Thread outside = Thread.ofPlatform().start(engine::wake);
        assertTrue(engine.poll(Long.MAX_VALUE, true));
        outside.join();
        assertEquals(0, engine.nanoTime());
    }

    @Test
    void wakeUpBeforeAPollLetsNoTimePassInIt() {
        engine.wake();
        assertTrue(engine.poll(1_000, false));
        assertEquals(0, engine.nanoTime());
    }

    @Test
    void clocksStartWhereTheOptionsSay() {
        Instant start = Instant.parse("2031-02-03T00:00:00Z");
        SimEngine other = new Sim(SimOptions.DEFAULT.withStart(start).withClockOriginNanos(Long.MAX_VALUE)).engine();
        other.poll(5, false);
        assertEquals(Long.MAX_VALUE + 5, other.nanoTime());
        assertEquals(start.plusNanos(5), other.now());
    }

    @Test
    void timeoutBeyondTheEndOfTimeDoesNotOverflow() {
        SimEngine patient = new Sim(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofNanos(Long.MAX_VALUE - 1)))
                .engine();
        assertTrue(patient.poll(Long.MAX_VALUE - 2, false));
        assertFalse(patient.poll(Long.MAX_VALUE - 2, false));
    }

    @Test
    void limitOfTimeIsTheLastMomentThatCanBeReached() {
        SimEngine limited = new Sim(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofNanos(100))).engine();
        assertTrue(limited.poll(100, false));
        assertFalse(limited.poll(1, false));
        assertEquals(100, limited.nanoTime());
        assertTrue(limited.poll(1, false), "clean-up has some time left");
    }

    @Test
    void limitOfStepsIsTheLastStepAllowed() {
        SimEngine limited = new Sim(SimOptions.DEFAULT.withMaxSteps(2)).engine();
        limited.trace(1);
        limited.trace(2);
        assertTrue(limited.poll(0, false));
        assertNull(limited.limits().passed());
        limited.trace(3);
        assertTrue(limited.poll(0, false), "clean-up has some steps left");
        assertNotNull(limited.limits().passed());
        limited.trace(4);
        assertTrue(limited.poll(0, false));
        limited.trace(5);
        assertThrows(SimLimitException.class, () -> limited.poll(0, false));
    }

    @Test
    void picksAreWithinBoundsAndReachEveryItem() {
        boolean[] seen = new boolean[5];
        for (int i = 0; i < 1000; i++) {
            seen[engine.pick(5)] = true;
        }
        for (boolean each : seen) {
            assertTrue(each);
        }
    }
}
