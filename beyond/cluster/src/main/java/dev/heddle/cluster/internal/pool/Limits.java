package dev.heddle.cluster.internal.pool;

/** The sizes that follow from the longest body. */
final class Limits {

    /** What may stand around an encoded body or result: heads, names. */
    private static final int AROUND = 64 * 1024;

    private Limits() {}

    /** The longest message. */
    static int message(int maxBytes) {
        return (int) Math.min(Integer.MAX_VALUE - 64L, maxBytes + (long) AROUND);
    }
}
