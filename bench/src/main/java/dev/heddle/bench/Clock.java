package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Takes the time of a round. On a machine that others use too, CPU time is steadier than the time on the wall. */
final class Clock {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS = ManagementFactory
            .getPlatformMXBean(OperatingSystemMXBean.class);

    private static final Path STAT = Path.of("/proc/self/stat");

    /** The index of cutime after the name; cstime is the next. */
    private static final int CUTIME = 13;

    /** USER_HZ, which Linux shows to programs as 100 on all usual machines. */
    private static final long NANOS_PER_TICK = 10_000_000;

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
     * @return the CPU time of the process, collector and compiler included, and the time on the wall, both nanoseconds
     *     for each operation; the first comes in steps of the system's clock tick, usually 10 ms
     */
    static double[] processNanosPer(int operations, Runnable work) {
        return nanosPer(operations, work, PROCESS::getProcessCpuTime);
    }

    private static double[] nanosPer(int operations, Runnable work, LongSupplier cpuNanos) {
        long cpu = cpuNanos.getAsLong();
        long wall = System.nanoTime();
        work.run();
        return new double[]{
                (double) (cpuNanos.getAsLong() - cpu) / operations, (double) (System.nanoTime() - wall) / operations
        };
    }

    /**
     * The CPU time of all children of this process that have ended, in nanoseconds, in steps of the clock tick; zero
     * where the system does not tell. See proc_pid_stat(5), cutime and cstime.
     */
    static long childrenCpuNanos() {
        try {
            String line = Files.readString(STAT);
            // The name before it, in parentheses, may hold blanks.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[CUTIME]) + Long.parseLong(fields[CUTIME + 1])) * NANOS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }
}
