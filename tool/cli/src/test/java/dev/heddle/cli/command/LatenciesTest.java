package dev.heddle.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Percentiles of times, right within one hundredth and in bounded memory. */
final class LatenciesTest {

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
    void extremesHaveAPlace() {
        Latencies latencies = new Latencies();
        latencies.add(-5);
        latencies.add(0);
        latencies.add(Long.MAX_VALUE);

        assertEquals(0, latencies.percentileNanos(0.5));
        assertEquals(Long.MAX_VALUE, latencies.percentileNanos(1.0));
        assertEquals(Long.MAX_VALUE, latencies.maxNanos());
    }

    @Test
    void twoTogetherAreAsIfAllTimesHadBeenAddedToOne() {
        Latencies one = new Latencies();
        Latencies other = new Latencies();
        for (int i = 1; i <= 100; i++) {
            (i % 3 == 0 ? one : other).add(i);
        }
        one.addAll(other);

        assertEquals(100, one.count());
        assertEquals(100, one.maxNanos());
        assertEquals(50, one.percentileNanos(0.5));
        assertEquals(51, one.meanNanos());
    }

    @Test
    void timesUpToABoundAreCounted() {
        Latencies latencies = new Latencies();
        latencies.add(100);
        latencies.add(1_000_000);
        latencies.add(5_000_000_000L);

        assertEquals(0, latencies.countUpTo(99));
        assertEquals(1, latencies.countUpTo(100));
        assertEquals(2, latencies.countUpTo(1_000_000));
        assertEquals(2, latencies.countUpTo(4_000_000_000L));
        assertEquals(3, latencies.countUpTo(Long.MAX_VALUE));
    }
}
