package dev.heddle.cli.command;

/**
 * A histogram of times in constant memory.
 *
 * <p>Each power of two is cut into equal parts, so a percentile is right to within one part in {@value #PARTS} whatever
 * its size, as in Gil Tene's HdrHistogram. The largest time is kept exactly.
 */
public final class Latencies {

    private static final int PART_BITS = 7;
    private static final int PARTS = 1 << PART_BITS;

    private final long[] counts = new long[(Long.SIZE - PART_BITS) * PARTS];
    private long count;
    private long maxNanos;
    private double sumNanos;

    /** Adds one time; a negative one counts as 0. */
    public void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[index(value)]++;
        count++;
        maxNanos = Math.max(maxNanos, value);
        sumNanos += value;
    }

    /** Adds all times of another one. */
    public void addAll(Latencies others) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += others.counts[i];
        }
        count += others.count;
        maxNanos = Math.max(maxNanos, others.maxNanos);
        sumNanos += others.sumNanos;
    }

    public long count() {
        return count;
    }

    public long maxNanos() {
        return maxNanos;
    }

    /** The mean; 0 if there are no times. */
    public long meanNanos() {
        return count == 0 ? 0 : Math.round(sumNanos / count);
    }

    /** How many times are at most this one, to within the width of a part. */
    public long countUpTo(long nanos) {
        int last = index(Math.max(0, nanos));
        long sum = 0;
        for (int i = 0; i <= last; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * The time that the given share of all times do not exceed.
     *
     * @param share above 0 and up to 1
     * @return nanoseconds; 0 if there are no times
     */
    public long percentileNanos(double share) {
        // A share such as 0.14 is a little more in binary, which must not reach the next rank.
        long rank = Math.max(1, (long) Math.ceil(share * count - 1e-6));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && counts[i] > 0) {
                return Math.min(maxNanos, highest(i));
            }
        }
        return maxNanos;
    }

    private static int index(long value) {
        if (value < PARTS) {
            return (int) value;
        }
        int shift = Long.SIZE - Long.numberOfLeadingZeros(value) - 1 - PART_BITS;
        return (shift + 1) * PARTS + (int) (value >>> shift) - PARTS;
    }

    /** The largest value that falls into the given place. */
    private static long highest(int index) {
        if (index < PARTS) {
            return index;
        }
        int shift = index / PARTS - 1;
        return ((long) (index % PARTS + PARTS + 1) << shift) - 1;
    }
}
