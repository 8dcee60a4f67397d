package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What the load generator prints is read as numbers, or is refused. */
final class LoadTest {

    private static final String OUTPUT = """
            {"connections":64,"idle":0,"bytes":64,"seconds":1.000,"messages":184115,"per_second":184115.0,\
            "server_cpu_ns":5105.5,"load_cpu_ns":5372.3,"p50_us":339.97,"p99_us":417.79,"p999_us":1859.58,"max_us":5258.23,\
            "unanswered":0,"answers":203117}
            """;

    @Test
    void readsTheRateTheCpuAndThePercentiles() {
        assertEquals(new Load(184_115, 5105.5, 339.97, 417.79, 1859.58, 203_117), Load.parse(OUTPUT));
    }

    @Test
    void anythingElseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Load.parse(OUTPUT.replace("p999_us", "p998_us")));
        assertThrows(IllegalArgumentException.class, () -> Load.parse(""));
    }
}
