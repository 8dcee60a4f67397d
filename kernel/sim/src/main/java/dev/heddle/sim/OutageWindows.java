package dev.heddle.sim;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The times during which something is down by the fault plan. They are drawn as they are asked for and are no events,
 * so that a plan alone never keeps a run alive that waits for nothing else.
 */
final class OutageWindows {

    private final SimRandom random;
    private final Runnable struck;
    private final Supplier<Duration> every;
    private final Supplier<Duration> length;
    private long startNanos;
    private long endNanos;

    /**
     * @param every the mean time between two, zero for none; asked again each time, since plans change
     * @param length how long each is
     * @param struck hears of each moment that is asked for in one
     */
    OutageWindows(SimRandom random, Supplier<Duration> every, Supplier<Duration> length, Runnable struck) {
        this.random = random;
        this.struck = struck;
        this.every = every;
        this.length = length;
    }

    /** When the spell of this moment ends, or the moment itself if there is none. Moments must not go back. */
    long end(long nowNanos) {
        long everyNanos = every.get().toNanos();
        long lengthNanos = length.get().toNanos();
        if (everyNanos == 0 || lengthNanos == 0) {
            return nowNanos;
        }
        while (endNanos <= nowNanos) {
            // Even over twice the mean: never more than that apart, so a run of some length surely meets one.
            startNanos = endNanos + 1 + random.below(2 * everyNanos);
            endNanos = startNanos + lengthNanos;
        }
        if (nowNanos < startNanos) {
            return nowNanos;
        }
        struck.run();
        return endNanos;
    }
}
