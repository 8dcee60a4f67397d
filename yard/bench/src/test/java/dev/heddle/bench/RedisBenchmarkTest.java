package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What redis-benchmark prints is read as numbers, or is a failure. */
final class RedisBenchmarkTest {

    private static final String OUTPUT = """
            WARNING: Could not fetch server CONFIG
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
            "SET","100000.00","0.3","0.1","0.3","0.4","0.5","2.0"
            "GET","50000.00","0.3","0.1","0.3","0.4","0.5","2.0"
            """;

    @Test
    void rateIsThatOfBothTestsTogether() {
        // A second for the one, two for the other.
        assertEquals(new RedisBenchmark(200_000, 200_000 / 3.0), RedisBenchmark.parse(OUTPUT, 100_000));
    }

    @Test
    void testThatDidNotEndIsAFailure() {
        String bad = OUTPUT.substring(0, OUTPUT.indexOf("\"GET\""));
        assertThrows(IllegalArgumentException.class, () -> RedisBenchmark.parse(bad, 100_000));
    }

    @Test
    void refusedCommandIsAFailure() {
        String bad = OUTPUT + "Error from server: ERR unknown command\n";
        assertThrows(IllegalArgumentException.class, () -> RedisBenchmark.parse(bad, 100_000));
    }
}
