package dev.heddle.quic.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs of datagrams, and the time between them. */
final class PaceTest {

    private static final int DATAGRAM = QuicheConfig.MAX_DATAGRAM_BYTES;
    private static final long BEGUN = -7; // times of a loop may be below 0

    /** The bytes of a window, and the round trip in milliseconds. */
    private static Pace pace(int window, double roundTrip) {
        var pace = new Pace(() -> roundTrip * 1_000_000 / window);
        pace.begin(BEGUN);
        return pace;
    }

    /** Sends as many as may leave at a time. */
    private static int run(Pace pace, long now, int most) {
        int count = 0;
        while (count < most && pace.waitNanos(now) == 0) {
            pace.left(now, DATAGRAM);
            count++;
        }
        return count;
    }

    @Test
    void windowLeavesInRunsOfFourBeforeItsRoundTripIsOver() {
        Pace pace = pace(100 * DATAGRAM, 1_000);
        long now = BEGUN;
        int left = 0;
        while (left < 100) {
            int run = run(pace, now, 1_000);
            assertEquals(4, run);
            left += run;
            now += pace.waitNanos(now);
        }
        assertEquals(800, Duration.ofNanos(now - BEGUN).toMillis());
    }

    @Test
    void fastWindowLeavesAMillisecondAtATime() {
        Pace pace = pace(1_000 * DATAGRAM, 10);
        assertEquals(125, run(pace, BEGUN, 1_000));
        assertEquals(1_000_000, pace.waitNanos(BEGUN), 10);
    }

    @Test
    void windowOfAShortRoundTripIsNotHeld() {
        Pace pace = pace(10 * DATAGRAM, 0.2);
        for (long now = BEGUN; now < 10_000_000; now += 200_000) {
            assertEquals(10, run(pace, now, 10));
            pace.rest();
        }
    }

    @Test
    void lateTimerIsMadeGoodUpToARun() {
        Pace pace = pace(100 * DATAGRAM, 1_000);
        run(pace, BEGUN, 100);
        long late = BEGUN + pace.waitNanos(BEGUN) + Duration.ofMillis(16).toNanos();
        assertEquals(6, run(pace, late, 100));
        late += pace.waitNanos(late) + Duration.ofSeconds(10).toNanos();
        assertEquals(8, run(pace, late, 100));
    }

    @Test
    void silenceIsNotMadeGood() {
        Pace pace = pace(100 * DATAGRAM, 1_000);
        assertEquals(3, run(pace, BEGUN, 3));
        pace.rest();
        assertEquals(4, run(pace, BEGUN + Duration.ofSeconds(10).toNanos(), 100));
    }

    @Test
    void whatIsSentAtOnceIsTakenFromWhatFollows() {
        Pace pace = pace(100 * DATAGRAM, 1_000);
        run(pace, BEGUN, 100);
        long before = pace.waitNanos(BEGUN);
        long then = BEGUN + before;
        for (int i = 0; i < 4; i++) {
            pace.left(BEGUN, DATAGRAM);
        }
        assertTrue(pace.waitNanos(then) > 0, "they count");
    }

    @Test
    void nothingIsPacedWhileNoRoundTripIsKnown() {
        var before = new Pace(() -> 1_000_000);
        assertEquals(100, run(before, BEGUN, 100));
        assertEquals(100, run(pace(DATAGRAM, 0), BEGUN, 100));
    }
}
