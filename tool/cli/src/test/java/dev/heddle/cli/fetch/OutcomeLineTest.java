package dev.heddle.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The line of one outcome, as text and as JSON. */
final class OutcomeLineTest {

    private static final FetchOutcome FINE = new FetchOutcome(0, "http://h/", 200, 1536, 34_499_999, null, null);
    private static final FetchOutcome FAILED = new FetchOutcome(1, "http://h/\u001b", 0, 0, 0, "no \"host\"", null);

    @Test
    void jsonHasTheFiveFieldsOnOneLine() {
        assertEquals(
                "{\"url\":\"http://h/\",\"status\":200,\"bytes\":1536,\"millis\":34,\"error\":null}\n",
                OutcomeLine.JSON.of(FINE));
    }

    @Test
    void jsonOfAFailureHasNoStatus() {
        assertEquals(
                "{\"url\":\"http://h/\\u001b\",\"status\":null,\"bytes\":0,\"millis\":0,\"error\":\"no \\\"host\\\"\"}\n",
                OutcomeLine.JSON.of(FAILED));
    }

    @Test
    void jsonNamesTheSavedFile() {
        FetchOutcome saved = new FetchOutcome(0, "http://h/", 200, 1, 0, null, "000001-h");

        assertEquals(
                "{\"url\":\"http://h/\",\"status\":200,\"bytes\":1,\"millis\":0,\"error\":null,\"file\":\"000001-h\"}\n",
                OutcomeLine.JSON.of(saved));
    }

    @Test
    void textIsInColumns() {
        assertEquals("200    1.5 KiB      34 ms  http://h/\n", OutcomeLine.TEXT.of(FINE));
    }

    @Test
    void textOfAFailureEndsWithItsReasonAndIsSafe() {
        assertEquals("---        0 B     0.0 ms  http://h/?  no \"host\"\n", OutcomeLine.TEXT.of(FAILED));
    }

    @Test
    void onlyAWholeReplyBelow400IsFine() {
        assertTrue(FINE.isFine());
        assertTrue(new FetchOutcome(0, "u", 399, 0, 0, null, null).isFine());
        assertFalse(new FetchOutcome(0, "u", 400, 0, 0, null, null).isFine());
        assertFalse(new FetchOutcome(0, "u", 200, 5, 0, "cut off", null).isFine());
        assertFalse(FAILED.isFine());
    }
}
