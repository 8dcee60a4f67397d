package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/** Takes the time of a round. On a machine that others use too, CPU time is steadier than the time on the wall. */
final class Clock {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Clock() {}

    /**
     * Runs work on the calling thread.
     *
     * @return the CPU time of the calling thread and the time on the wall, both nanoseconds for each operation
     */
    static double[] threadNanosPer(int operations, Runnable work) {
        return nanosPer(operations, work, THREADS::getCurrentThreadCpuTime);
    }

    /**
     * Runs work on any threads of this process.
     *
     * @return the CPU time of the process, collector and compiler included, and the time on the wall, both nanoseconds for
     *     each operation; the first comes in steps of the system's clock tick, usually 10 ms
     */
    static double[] processNanosPer(int operations, Runnable work) {
        return nanosPer(operations, work, PROCESS::getProcessCpuTime);
    }

    private static double[] nanosPer(int operations, Runnable work, LongSupplier cpuNanos) {
        long cpu = cpuNanos.getAsLong();
        long wall = System.nanoTime();
        work.run();
        return new double[] {
            (double) (cpuNanos.getAsLong() - cpu) / operations, (double) (System.nanoTime() - wall) / operations
        };
    }
}
