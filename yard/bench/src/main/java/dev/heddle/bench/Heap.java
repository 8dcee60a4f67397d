package dev.heddle.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** The use of the heap, now and at its highest. */
final class Heap {

    private static final double MEGA = 1_000_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private Heap() {}

    /** Bytes that all threads have ever taken, those that have ended and the carriers of virtual ones included. */
    static long allocated() {
        return THREADS.getTotalThreadAllocatedBytes();
    }

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
