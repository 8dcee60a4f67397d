package dev.heddle.observe.internal;

import dev.heddle.internal.sight.LoopSight;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The time that loops have used of the processors: that of the threads that drive them, on which their tasks run.
 *
 * <p>Threads: any that is not a loop's.
 */
final class BusyTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private BusyTime() {}

    /** Nanoseconds of the processor that the driver of a loop has used; -1 where that is not known. */
    static long of(LoopSight loop) {
        Thread driver = loop.driver();
        return driver == null || driver.isVirtual() || !THREADS.isThreadCpuTimeSupported()
                ? -1
                : THREADS.getThreadCpuTime(driver.threadId());
    }
}
