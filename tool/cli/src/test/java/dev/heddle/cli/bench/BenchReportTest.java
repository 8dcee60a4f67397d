package dev.heddle.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The report of a load: rates, statuses, percentiles and reasons, as text and as one line of JSON. */
final class BenchReportTest {

    private static final long MILLI = 1_000_000L;

    private static BenchOptions options(String... words) {
        return BenchOptions.parse(Stream.concat(Stream.of(words), Stream.of("http://h/")).toList());
    }

    /** A thousand replies: 900 of 1 ms, 90 of 20 ms, 10 of 300 ms. */
    private static BenchTally tally() {
        BenchTally tally = new BenchTally();
        for (int i = 0; i < 1_000; i++) {
            tally.reply(i < 990 ? 200 : 503, 1_000, i < 900 ? MILLI : i < 990 ? 20 * MILLI : 300 * MILLI, i < 999);
        }
        return tally;
    }

    @Test
    void textHasRatesStatusesPercentilesAndAHistogram() {
        assertEquals("""
                1,000 requests in 10.3 s over 50 connections: 990 ok, 10 with an error status
                rate     100/s, 977 KiB, 95 KiB/s
                status   2xx 990, 5xx 10
                latency  p50 1.00 ms, p90 1.00 ms, p99 20.1 ms, p99.9 300 ms, max 300 ms
                         mean 5.70 ms
                  to 1 ms    ####################################      90.0 %  900
                  to 2 ms                                               0.0 %  0
                  to 5 ms                                               0.0 %  0
                  to 10 ms                                              0.0 %  0
                  to 20 ms   ####                                       9.0 %  90
                  to 50 ms                                              0.0 %  0
                  to 100 ms                                             0.0 %  0
                  to 200 ms                                             0.0 %  0
                  to 500 ms                                             1.0 %  10
                """, new BenchReport(options("-z", "10"), tally(), 10_300 * MILLI, false).text());
    }

    @Test
    void failuresAndMissedRequestsAreToldWithTheirReasons() {
        BenchTally tally = tally();
        tally.failure("reset \u001b[31m", 0);
        tally.failure("reset \u001b[31m", 0);
        tally.failure("too late", 5);
        tally.missed(1_234);
        String text = new BenchReport(options("-r", "100"), tally, 10_000 * MILLI, false).text();

        assertTrue(text.startsWith("1,003 requests in 10.0 s over 50 connections, one due every 10.0 ms: "), text);
        assertTrue(text.contains(", 3 failed\n"), text);
        assertTrue(text.contains("\nfailed   2 x reset ?[31m\nfailed   1 x too late\n"), text);
        assertTrue(text.contains("\nmissed   1,234 requests, due while all connections were busy: "), text);
        assertTrue(text.contains("mean 5.70 ms, all from when each was due\n"), text);
    }

    @Test
    void runWithoutAReplyHasNoTimes() {
        BenchTally tally = new BenchTally();
        tally.failure("cannot connect to h:80: refused", 0);
        BenchReport report = new BenchReport(options("-n", "1"), tally, MILLI, false);

        assertFalse(report.text().contains("latency"), report.text());
        assertTrue(
                report.json().contains("\"errors\":{\"cannot connect to h:80: refused\":1},\"latencyMicros\":null}\n"),
                report.json());
    }

    @Test
    void jsonIsOneLine() {
        assertEquals("{\"url\":\"http://h/\",\"connections\":50,\"loops\":1,\"rate\":200,\"seconds\":10.000,"
                + "\"interrupted\":true,\"requests\":1000,\"ok\":990,\"failed\":0,\"missed\":0,"
                + "\"requestsPerSecond\":99.900,\"bytes\":1000000,\"bytesPerSecond\":100000.000,"
                + "\"status\":{\"other\":0,\"1xx\":0,\"2xx\":990,\"3xx\":0,\"4xx\":0,\"5xx\":10},\"errors\":{},"
                + "\"latencyMicros\":{\"mean\":5700.000,\"p50\":1003.519,\"p90\":1003.519,\"p99\":20054.015,"
                + "\"p99.9\":300000.000,\"max\":300000.000}}\n",
                new BenchReport(options("-r", "200"), tally(), 10_000 * MILLI, true).json());
    }

    @Test
    void talliesOfSeveralLoopsAddUp() {
        BenchTally both = new BenchTally();
        BenchTally other = new BenchTally();
        other.reply(302, 5, 400 * MILLI, true);
        other.reply(999, 5, MILLI, true);
        other.failure("x", 1);
        List.of(tally(), other).forEach(both::addAll);

        assertEquals(1_003, both.done());
        assertEquals(1_002, both.replies());
        assertEquals(1_000_011, both.bytes());
        assertEquals(400 * MILLI, both.latencies().maxNanos());
        assertEquals(1, both.ofClass(3));
        assertEquals(11, both.bad());
        assertEquals(1, both.failed());
    }
}
