package dev.heddle.http.internal.cache;

/**
 * An estimate of how often each of very many keys was asked for lately: four rows of small counters, of which the
 * smallest counts (a count-min sketch), halved when all together have grown large, so that what was wanted yesterday
 * is forgotten. As in TinyLFU (Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy",
 * 2017).
 *
 * <p>Not safe for threads.
 */
final class FrequencySketch {

    private static final int ROWS = 4;

    /** A power of two. */
    private static final int COLUMNS = 16 * 1024;

    /** What a counter stays at: more says nothing more. */
    private static final int MAX = 15;

    private static final int HALVED_AFTER = 10 * COLUMNS;

    private static final int[] SEEDS = {0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F};

    private final byte[][] counters = new byte[ROWS][COLUMNS];
    private int counted;

    /** Counts one more. */
    void count(String key) {
        int hash = key.hashCode();
        for (int row = 0; row < ROWS; row++) {
            int at = column(hash, row);
            if (counters[row][at] < MAX) {
                counters[row][at]++;
            }
        }
        if (++counted == HALVED_AFTER) {
            halve();
        }
    }

    /** How often, or a little more; 15 for as often or oftener. */
    int of(String key) {
        int hash = key.hashCode();
        int least = MAX;
        for (int row = 0; row < ROWS; row++) {
            least = Math.min(least, counters[row][column(hash, row)]);
        }
        return least;
    }

    private void halve() {
        counted /= 2;
        for (byte[] row : counters) {
            for (int i = 0; i < COLUMNS; i++) {
                row[i] >>= 1;
            }
        }
    }

    private static int column(int hash, int row) {
        int mixed = (hash ^ (hash >>> 15)) * SEEDS[row];
        return (mixed ^ (mixed >>> 16)) & (COLUMNS - 1);
    }
}
