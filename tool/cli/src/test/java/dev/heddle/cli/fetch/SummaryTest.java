package dev.heddle.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.Reasons;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The last lines of a run: counts, rate, latencies and reasons, in bounded memory. */
final class SummaryTest {

    private static final long MILLI = 1_000_000L;

    private final Tally tally = new Tally();

    private void add(int status, long bytes, long millis, @Nullable String error) {
        tally.begin();
        tally.add(new FetchOutcome(0, "http://h/", status, bytes, millis * MILLI, error, null));
    }

    @Test
    void summaryTellsCountsRateAndLatencies() {
        tally.start(1000 * MILLI);
        for (int i = 1; i <= 100; i++) {
            add(200, 1024, i, null);
        }
        tally.tick(3000 * MILLI);

        assertEquals(
                """
                        100 URLs in 2.00 s: 100 ok
                        rate     50/s, 100 KiB, 50 KiB/s
                        latency  p50 50 ms, p90 90 ms, p99 99 ms, max 100 ms
                        """,
                Summary.of(tally, "URL", false));
    }

    @Test
    void reasonsOfFailuresAreCounted() {
        add(200, 10, 5, null);
        add(404, 10, 5, null);
        add(0, 0, 5, "refused");
        add(0, 0, 5, "reset");
        add(200, 3, 5, "refused");
        tally.tick(1000 * MILLI);

        assertEquals(
                """
                        5 URLs in 1.00 s: 1 ok, 1 with an error status, 3 failed
                        rate     5.0/s, 23 B, 23 B/s
                        latency  p50 5.0 ms, p90 5.0 ms, p99 5.0 ms, max 5.0 ms
                        failed   2 x refused
                        failed   1 x reset
                        """,
                Summary.of(tally, "URL", false));
    }

    @Test
    void interruptedRunTellsWhatIsMissing() {
        add(200, 10, 5, null);
        tally.begin();
        tally.begin();
        tally.tick(1000 * MILLI);

        assertEquals(
                "interrupted: 2 URLs not finished",
                Summary.of(tally, "URL", true).lines().findFirst().orElseThrow());
    }

    @Test
    void interruptedRunThatMissesNothingSaysNoMore() {
        assertTrue(Summary.of(tally, "URL", true).startsWith("interrupted\n0 URLs in "));
    }

    @Test
    void runOfNothingHasASummaryToo() {
        assertEquals("0 URLs in 0.0 ms: 0 ok\nrate     -, 0 B, -\n", Summary.of(tally, "URL", false));
    }

    @Test
    void manyDifferentReasonsTakeBoundedMemory() {
        for (int i = 0; i < 10 * Reasons.MAX; i++) {
            add(0, 0, 1, "reason " + i);
        }

        assertEquals(Reasons.MAX + 1, tally.reasons(Integer.MAX_VALUE).size());
        assertEquals(new Reasons.Count("other reasons", 9L * Reasons.MAX), tally.reasons(1).getFirst());
        assertEquals(10L * Reasons.MAX, tally.failed());
    }

    @Test
    void reasonCannotWriteToTheTerminal() {
        add(0, 0, 1, "evil \u001b[31m");

        assertFalse(Summary.of(tally, "URL", false).contains("\u001b"));
    }
}
