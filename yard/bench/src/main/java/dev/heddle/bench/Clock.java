package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A stopwatch of a round. On a machine that others use too, CPU time is steadier than the time on the wall. */
final class Clock {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final LongSupplier PROCESS = ofThisProcess();

    /** Who rests uses less than a tenth of the time between two looks. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private static final int MAX_LOOKS = 100;

    private static final Path STAT = Path.of("/proc/self/stat");

    /** The index of cutime after the name; cstime is the next. */
    private static final int CUTIME = 13;

    /** USER_HZ, which Linux shows to programs as 100 on all usual machines. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private Clock() {}

    /** That of the JDK comes in steps of 10 ms. */
    private static LongSupplier ofThisProcess() {
        try {
            return new ProcessClock(ProcessHandle.current().pid())::nanos;
        } catch (IllegalStateException | LinkageError e) {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime;
        }
    }

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
     *     for each operation
     */
    static double[] processNanosPer(int operations, Runnable work) {
        return nanosPer(operations, work, PROCESS);
    }

    private static double[] nanosPer(int operations, Runnable work, LongSupplier cpuNanos) {
        long cpu = cpuNanos.getAsLong();
        long wall = System.nanoTime();
        work.run();
        return new double[]{
                (double) (cpuNanos.getAsLong() - cpu) / operations, (double) (System.nanoTime() - wall) / operations
        };
    }

    static String minutesAndSeconds(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        return time.toMinutes() + " min " + time.toSecondsPart() + " s";
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

    /**
     * Waits until somebody does nothing, or for a moment at most, since a JVM may have something to do that takes
     * longer.
     *
     * @param cpuNanos the CPU time that it has used
     */
    static void awaitRest(LongSupplier cpuNanos) throws InterruptedException {
        awaitRest(cpuNanos, () -> Thread.sleep(LOOK_EVERY));
    }

    /** What passes between two looks. */
    interface Pause {
        void pass() throws InterruptedException;
    }

    static void awaitRest(LongSupplier cpuNanos, Pause pause) throws InterruptedException {
        for (int i = 0; i < MAX_LOOKS; i++) {
            long before = cpuNanos.getAsLong();
            pause.pass();
            if (cpuNanos.getAsLong() - before < LOOK_EVERY.toNanos() / 10) {
                return;
            }
        }
    }
}
