package dev.heddle.bench;

import java.util.Arrays;

/** The times of the look-ups of one round. Written by many threads, each look-up by one; read when all have ended. */
final class NameTimes {

    private static final double MOST = 0.99;

    private final long start = System.nanoTime();
    private final long[] nanosOfEach;

    NameTimes(int count) {
        nanosOfEach = new long[count];
    }

    void add(int index, long startOfIt) {
        nanosOfEach[index] = System.nanoTime() - startOfIt;
    }

    /** Ends the round. */
    NameClient.Answered done() {
        long all = System.nanoTime() - start;
        long[] sorted = nanosOfEach.clone();
        Arrays.sort(sorted);
        return new NameClient.Answered(all, sorted[(int) Math.ceil(MOST * sorted.length) - 1]);
    }
}
