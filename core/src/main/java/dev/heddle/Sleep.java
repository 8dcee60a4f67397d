package dev.heddle;

import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A sleeping task's timer, which is its wait as well: only the loop's own timers end it, on the thread that runs the
 * task, so it takes no atomic step. In one object and few frames, since a million may sleep.
 */
final class Sleep extends Timer implements Wait {

    private final long nanos;
    private final Thread thread;

    private Sleep(long nanos) {
        this.nanos = nanos;
        this.thread = Thread.currentThread();
    }

    static void sleep(Task<?> task, Duration duration) {
        long nanos = Durations.toNanos(duration);
        if (nanos == 0) {
            Heddle.checkpoint();
            return;
        }
        task.throwIfCancelled();
        Loop loop = task.loop();
        var sleep = new Sleep(nanos);
        loop.scheduler.addTimer(sleep, loop.nanoTime() + nanos);
        task.waiting = sleep;
        LockSupport.park();
        sleep.sleepOn(task);
    }

    /** What follows the first park, in a method of its own for the reason that {@link Waiter} has. */
    private void sleepOn(Task<?> task) {
        try {
        task.noticeInterrupt();
        while (isQueued()) {
            if (task.isCancelPending()) {
                throw task.cancelledException();
            }
            LockSupport.park();
            task.noticeInterrupt();
        }
        } finally { task.waiting = null; task.loop().scheduler.removeTimer(this); }
    }

    @Override
    void fire() {
        LockSupport.unpark(thread);
    }

    @Override
    public boolean isOpen() {
        return isQueued();
    }

    @Override
    public String toString() {
        return "sleeping " + Durations.words(Duration.ofNanos(nanos));
    }
}
