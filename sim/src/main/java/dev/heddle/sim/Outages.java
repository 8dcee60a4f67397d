package dev.heddle.sim;

/**
 * When a link is down by the fault plan. The times are drawn as they are asked for and are no events, so that a plan alone
 * never keeps a run alive that waits for nothing else.
 */
final class Outages {

    private final Links links;
    private final SimRandom random;
    private long startNanos;
    private long endNanos;

    Outages(Links links, SimRandom random) {
        this.links = links;
        this.random = random;
    }

    /** When the outage of this moment ends, or the moment itself if there is none. Moments must not go back. */
    long end(long nowNanos) {
        long everyNanos = links.faults().outageEvery().toNanos();
        long lengthNanos = links.faults().outageFor().toNanos();
        if (everyNanos == 0 || lengthNanos == 0) {
            return nowNanos;
        }
        while (endNanos <= nowNanos) {
            // Even over twice the mean: never more than that apart, so a run of some length surely meets one.
            startNanos = endNanos + 1 + random.below(2 * everyNanos);
            endNanos = startNanos + lengthNanos;
        }
        return nowNanos < startNanos ? nowNanos : endNanos;
    }
}
