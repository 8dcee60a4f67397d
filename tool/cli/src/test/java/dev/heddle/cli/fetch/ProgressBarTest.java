package dev.heddle.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The bar tells how far the run is and never fills the last column. */
final class ProgressBarTest {

    private final Tally tally = new Tally();

    private void done(int count, int status) {
        for (int i = 0; i < count; i++) {
            tally.begin();
            tally.add(new FetchOutcome(i, "u", status, 1024, 1, null, null));
        }
        tally.tick(1_000_000_000L);
    }

    @Test
    void lineTellsHowFarItIs() {
        done(50, 200);

        assertEquals(
                "[####################--------------------] 50% 50/100  50/s  50 KiB  7 running  1.00 s left",
                tally.line(100, 7, 119));
    }

    @Test
    void timeThatIsLeftIsNotGuessedTooEarly() {
        done(19, 200);
        assertFalse(tally.line(1000, 7, 119).contains("left"));

        done(1, 200);
        assertTrue(tally.line(1000, 7, 119).endsWith("49.0 s left"));
    }

    @Test
    void withoutATotalThereIsNoBar() {
        done(50, 200);

        assertEquals("50  50/s  50 KiB  7 running", tally.line(0, 7, 119));
    }

    @Test
    void troubleShows() {
        done(3, 200);
        done(2, 500);

        assertEquals("5  5.0/s  5.0 KiB  0 running  2 not ok", tally.line(0, 0, 119));
    }

    @Test
    void estimateThatWasTooLowIsCorrected() {
        done(50, 200);

        assertTrue(tally.line(20, 0, 119).contains("100% 50/50"));
    }

    @Test
    void lineNeverReachesTheLastColumn() {
        done(123_456, 200);
        for (int columns = 0; columns < 200; columns++) {
            int length = tally.line(1_000_000, 100, columns - 1).length();
            assertTrue(length <= Math.max(0, columns - 1), columns + ": " + length);
        }
    }
}
