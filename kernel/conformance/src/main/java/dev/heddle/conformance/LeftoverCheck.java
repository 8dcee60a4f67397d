package dev.heddle.conformance;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.heddle.Heddle;
import dev.heddle.LoopStatistics;
import dev.heddle.io.BufferStatistics;
import dev.heddle.io.Buffers;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The checks of what code may leave behind by mistake. {@link LeavesNothing} looks at the process after each test;
 * {@link #check} looks at one loop, from inside.
 *
 * <pre>{@code
 * Heddle.run(() -> {
 *     whatIsTested();
 *     LeftoverCheck.check();      // the last line of the main task: nothing else lives now
 * });
 * }</pre>
 *
 * <p>Threads: {@link #check} is for a task, the rest for any thread.
 */
public final class LeftoverCheck {

    /** How long things may take to end: far more than they need. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private LeftoverCheck() {}

    /**
     * Waits a while until nothing but the calling task lives in its loop: no other task, no timer, no buffer held by a
     * stream. A task that failed unseen keeps a timer for a second, so this may take as long.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @throws AssertionError if something is left; says what
     */
    public static void check() {
        checkTasksAndBuffers();
        await(() -> timers());
    }

    /** As {@link #check}, for tests in which tasks fail, without the second that this takes. */
    static void checkTasksAndBuffers() {
        await(() -> tasksAndBuffers());
    }

    /** Waits until no more descriptors are open than before; engines may close a little later. */
    static void awaitDescriptors(long before) {
        await(() -> openDescriptors() > before ? openDescriptors() + " descriptors, there were " + before : "");
    }

    private static void await(Supplier<String> left) {
        for (int i = 0; !left.get().isEmpty(); i++) {
            if (i == PATIENCE.toMillis()) {
                throw new AssertionError("left over in " + Heddle.currentLoop() + ": " + left.get());
            }
            Heddle.sleep(Duration.ofMillis(1));
        }
    }

    private static String timers() {
        int timers = Heddle.currentLoop().statistics().timers();
        return timers == 0 ? "" : timers + " timers";
    }

    private static String tasksAndBuffers() {
        LoopStatistics loop = Heddle.currentLoop().statistics();
        BufferStatistics buffers = Buffers.statistics();
        List<String> left = new ArrayList<>();
        if (loop.aliveTasks() > 1) {
            left.add("tasks: " + Heddle.currentLoop().allTasks());
        }
        if (buffers.borrowed() > 0) {
            left.add(buffers.borrowed() + " buffers held by streams");
        }
        return String.join(", ", left);
    }

    /** The descriptors that this process has open, where the system tells them; else a constant. */
    static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** The off-heap memory of direct buffers, in bytes. */
    static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
                .stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
