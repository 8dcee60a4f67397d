package dev.heddle.bench;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use. */
final class Heap {

    private static final double MEGA = 1_000_000;

    private Heap() {}

    /** Bytes in use after a full collection. */
    static long usedAfterCollection() {
        // The first collection may leave what references of special kinds still held.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    static double megabytes(long bytes) {
        return bytes / MEGA;
    }
}
