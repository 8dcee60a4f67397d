package dev.heddle.sim;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.List;

/**
 * A stream of random numbers of a simulation, all of them from its seed.
 *
 * <p>SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014), written out here because
 * the JDK promises the numbers of no generator from one release to the next, and a seed must replay on all of them.
 *
 * <p>Threads: tasks of one loop, or one thread.
 */
public final class SimRandom {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    SimRandom(long seed) {
        state = seed;
    }

    /** Any number, all 64 bits random. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * A number from 0 to {@code bound - 1}.
     *
     * @param bound at least 1
     */
    public int below(int bound) {
        return (int) below((long) bound);
    }

    /**
     * A number from 0 to {@code bound - 1}.
     *
     * @param bound at least 1
     */
    public long below(long bound) {
        Checks.atLeast("bound", bound, 1);
        return Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** A number from 0 up to but without 1. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /**
     * Whether something happens this time.
     *
     * @param probability from 0, never, to 1, always
     */
    public boolean chance(double probability) {
        return nextDouble() < probability;
    }

    /**
     * A time from zero to {@code limit}, both included.
     *
     * @param limit not negative, less than 292 years
     */
    public Duration upTo(Duration limit) {
        return Duration.ofNanos(upToNanos(limit.toNanos()));
    }

    /**
     * One of the elements.
     *
     * @param elements at least one
     */
    public <T> T oneOf(List<? extends T> elements) {
        return elements.get(below(elements.size()));
    }

    /** A stream of its own, so that more draws from one do not change the other. */
    SimRandom split() {
        return new SimRandom(mix(nextLong() ^ GOLDEN_GAMMA));
    }

    /** A number from 0 to the limit, both included; draws nothing for 0. */
    long upToNanos(long limitNanos) {
        return limitNanos == 0 ? 0 : below(limitNanos == Long.MAX_VALUE ? limitNanos : limitNanos + 1);
    }

    /** Spreads every bit over all 64: the finaliser of SplitMix64. */
    static long mix(long bits) {
        long z = bits;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
