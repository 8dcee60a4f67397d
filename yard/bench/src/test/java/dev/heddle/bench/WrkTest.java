package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What wrk prints is read as numbers, or is a failure. */
final class WrkTest {

    private static final String OUTPUT = """
            Running 3s test @ http://127.0.0.1:8080/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   163.69ms  299.74ms   1.18s    84.53%
                Req/Sec     3.72k     2.64k   10.97k    75.00%
              Latency Distribution
                 50%   15.69ms
                 75%   91.56ms
                 90%  715.46ms
                 99%    1.11s
              7712 requests in 3.12s, 0.96MB read
            Requests/sec:   2472.32
            Transfer/sec:    313.87KB
            """;

    @Test
    void readsTheTotalTheRateAndThePercentile() {
        assertEquals(new Wrk(7712, 2472.32, 1110), Wrk.parse(OUTPUT));
    }

    @Test
    void readsEachUnitOfTime() {
        assertEquals(0.25, Wrk.parse(OUTPUT.replace("1.11s", "250.00us")).p99Millis());
        assertEquals(62.75, Wrk.parse(OUTPUT.replace("1.11s", "62.75ms")).p99Millis());
    }

    @Test
    void answersThatAreNoSuccessAreAFailure() {
        String bad = OUTPUT + "  Non-2xx or 3xx responses: 12\n";
        assertThrows(IllegalArgumentException.class, () -> Wrk.parse(bad));
    }

    @Test
    void brokenConnectionsAreAFailure() {
        String bad = OUTPUT + "  Socket errors: connect 0, read 3, write 0, timeout 0\n";
        assertThrows(IllegalArgumentException.class, () -> Wrk.parse(bad));
    }

    @Test
    void noAnswerAtAllIsAFailure() {
        assertThrows(IllegalArgumentException.class,
                () -> Wrk.parse(OUTPUT.replace("7712 requests", "0 requests")));
    }

    @Test
    void outputWithoutNumbersIsAFailure() {
        assertThrows(IllegalArgumentException.class, () -> Wrk.parse("unable to connect"));
    }
}
