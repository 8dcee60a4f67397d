package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client says of its requests' priorities, in fields and ahead of them. */
final class Http2PrioritiesTest {

    private static final Http2Priority SILENT = Http2Priority.DEFAULT;

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
            "u=0,              0, false",
            "'u=7, i',         7, true",
            "'i, u=5',         5, true",
            "'i=?0',           3, false",
            "'u=1;x=2, y=(a)', 1, false",
            "u=8,              3, false",
            "u=-1,             3, false",
            "u=1.5,            3, false",
            "'u=2, u=4',       4, false",
            "'i=1',            3, false",
            "'u=',             3, false",
            "'',               3, false",
            "none,             3, true",
    })
    void whatIsNotKnownIsPassedOver(String value, int urgency, boolean incremental) {
        Headers fields = value == null ? Headers.EMPTY : Headers.of("priority", value);
        assertEquals(new Http2Priority(urgency, incremental), new Http2Priorities().opened(0, fields, SILENT));
    }

    @Test
    void whatWasSaidAheadCountsOnceAndBeforeTheField() {
        var priorities = new Http2Priorities();
        priorities.keepLast(8, "u=6", 10);
        priorities.keepLast(8, "u=1", 10);
        assertEquals(new Http2Priority(1, false), priorities.opened(8, Headers.of("priority", "u=5"), SILENT));
        assertEquals(new Http2Priority(5, false), priorities.opened(8, Headers.of("priority", "u=5"), SILENT));
        assertEquals(SILENT, priorities.opened(12, Headers.EMPTY, SILENT));
    }

    @Test
    void ofManySaidAheadTheLastAreKept() {
        var priorities = new Http2Priorities();
        for (long id = 0; id < 4_000_000; id += 4) {
            priorities.keepLast(id, "u=1", 10);
        }
        long kept = 0;
        for (long id = 0; id < 4_000_000; id += 4) {
            kept += priorities.opened(id, Headers.EMPTY, SILENT).urgency() == 1 ? 1 : 0;
        }
        assertEquals(10, kept);
    }
}
