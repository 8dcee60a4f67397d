package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What h2load prints is read as numbers, or is a failure. */
final class H2LoadTest {

    private static final String OUTPUT = """
            starting benchmark...
            finished in 1.00s, 14265.00 req/s, 571.21KB/s
            requests: 14265 total, 15289 started, 14265 done, 14265 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 14265 2xx, 0 3xx, 0 4xx, 0 5xx
            traffic: 571.21KB (584922) total, 42.03KB (43038) headers (space savings 94.97%), 181.10KB (185445) data
                                 min         max         mean         sd        +/- sd
            time for request:     1.52ms    152.65ms     70.01ms     26.24ms    70.38%
            """;

    @Test
    void readsTheTotalTheRateAndTheBytes() {
        assertEquals(new H2Load(14_265, 14_265, 185_445), H2Load.parse(OUTPUT));
    }

    @Test
    void answersThatAreNoSuccessAreAFailure() {
        String bad = OUTPUT.replace("14265 succeeded, 0 failed", "14264 succeeded, 1 failed");
        assertThrows(IllegalArgumentException.class, () -> H2Load.parse(bad));
    }

    @Test
    void redirectIsNoSuccess() {
        String bad = OUTPUT.replace("14265 2xx, 0 3xx", "14264 2xx, 1 3xx");
        assertThrows(IllegalArgumentException.class, () -> H2Load.parse(bad));
    }

    @Test
    void nothingAtAllIsAFailure() {
        assertThrows(IllegalArgumentException.class,
                () -> H2Load.parse(OUTPUT.replace("14265 done, 14265 succ", "0 done, 0 succ")));
        assertThrows(IllegalArgumentException.class, () -> H2Load.parse("unable to connect"));
    }
}
