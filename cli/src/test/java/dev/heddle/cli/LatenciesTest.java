package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void withoutTimesAllIsZero() {
        Latencies latencies = new Latencies();

        assertEquals(0, latencies.percentileNanos(0.5));
        assertEquals(0, latencies.maxNanos());
        assertEquals(0, latencies.count());
    }

    @Test
    void oneTimeIsEveryPercentile() {
        Latencies latencies = new Latencies();
        latencies.add(123_456_789);

        assertEquals(123_456_789, latencies.percentileNanos(0.01));
        assertEquals(123_456_789, latencies.percentileNanos(1.0));
    }

    @Test
    void everyPercentileIsRightWithinOneHundredth() {
        Random random = new Random(7);
        long[] times = new long[10_000];
        Latencies latencies = new Latencies();
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) Math.exp(random.nextDouble() * 43);
            latencies.add(times[i]);
        }
        Arrays.sort(times);

        for (int percent = 1; percent <= 100; percent++) {
            long exact = times[times.length * percent / 100 - 1];
            long told = latencies.percentileNanos(percent / 100.0);
            assertTrue(told >= exact && told - exact <= exact / 100.0 + 1, percent + " %: " + told + " for " + exact);
        }
    }

    @Test
    void theExtremesHaveAPlace() {
        Latencies latencies = new Latencies();
        latencies.add(-5);
        latencies.add(0);
        latencies.add(Long.MAX_VALUE);

        assertEquals(0, latencies.percentileNanos(0.5));
        assertEquals(Long.MAX_VALUE, latencies.percentileNanos(1.0));
        assertEquals(Long.MAX_VALUE, latencies.maxNanos());
    }
}
