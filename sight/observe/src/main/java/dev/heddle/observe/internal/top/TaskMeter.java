package dev.heddle.observe.internal.top;

import com.sun.management.ThreadMXBean;
import dev.heddle.Loop;
import dev.heddle.internal.sight.Kernel;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The meter of all tasks of the process. It sets a {@link TaskClock} on each loop when somebody asks, makes a sample
 * each second on a thread of its own, and takes the clocks off when nobody has asked for a while. So it costs nothing
 * while nobody watches, and needs not be told of an end.
 *
 * <p>Threads: any that is not a loop's.
 */
public final class TaskMeter {

    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The first round is shorter, since somebody waits for it. */
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sampled = lock.newCondition();

    // Guarded by the lock.
    private @Nullable Thread thread;
    private @Nullable Sample latest;
    private long wantedUntil;

    /**
     * The latest sample. Waits for the first one some tenths of a second.
     *
     * @param keep how long the meter shall go on for who may ask again
     * @throws InterruptedException if the calling thread is interrupted while it waits
     */
    public Sample sample(Duration keep) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long until = System.nanoTime() + keep.toNanos();
            wantedUntil = thread == null ? until : Math.max(wantedUntil, until);
            while (latest == null) {
                if (thread == null) {
                    thread = Thread.ofPlatform().daemon().name("heddle-top").start(this::measure);
                }
                sampled.await();
            }
            return latest;
        } finally {
            lock.unlock();
        }
    }

    private void measure() {
        LongSupplier allocated = THREADS.isThreadAllocatedMemorySupported()
                ? THREADS::getCurrentThreadAllocatedBytes
                : () -> 0;
        Map<Loop, WatchedLoop> watched = new HashMap<>();
        try {
            long begun = System.nanoTime();
            var samples = new Samples(begun);
            long next = begun + FIRST_NANOS;
            do {
                watch(watched, allocated);
                boolean allMet = meet(watched.values(), next);
                sleepUntil(next);
                publish(samples.next(System.nanoTime(), allMet, tallies(watched.values())));
                next += ROUND_NANOS;
            } while (isWanted());
        } finally {
            watched.values().forEach(WatchedLoop::close);
            end();
        }
    }

    /** Begins with the loops that are new, and ends with those that have ended. */
    private static void watch(Map<Loop, WatchedLoop> watched, LongSupplier allocated) {
        List<Loop> live = Kernel.get().loops().stream()
                .filter(loop -> !loop.engine().isSimulated()) // a call from here would disturb its order
                .toList();
        watched.entrySet().removeIf(each -> {
            boolean ended = !live.contains(each.getKey());
            if (ended) {
                each.getValue().close();
            }
            return ended;
        });
        live.forEach(loop -> watched.computeIfAbsent(loop, its -> new WatchedLoop(Kernel.get(), its, allocated)));
    }

    /** Counts tasks that were there before; what a round has no time for the next one does. */
    private static boolean meet(Collection<WatchedLoop> watched, long until) {
        boolean all = true;
        for (WatchedLoop each : watched) {
            all &= each.meetUntil(until);
        }
        return all;
    }

    private static Map<String, Collection<KindTally>> tallies(Collection<WatchedLoop> loops) {
        Map<String, Collection<KindTally>> all = new LinkedHashMap<>();
        for (WatchedLoop each : loops) {
            all.computeIfAbsent(each.loop.name(), name -> new ArrayList<>()).addAll(each.clock.tallies());
        }
        return all;
    }

    private boolean isWanted() {
        lock.lock();
        try {
            return wantedUntil - System.nanoTime() > 0;
        } finally {
            lock.unlock();
        }
    }

    private void publish(Sample sample) {
        lock.lock();
        try {
            latest = sample;
            sampled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever still waits for a sample begins anew. */
    private void end() {
        lock.lock();
        try {
            thread = null;
            latest = null;
            sampled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void sleepUntil(long nanoTime) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; a round that ends early does no harm.
        }
    }
}
