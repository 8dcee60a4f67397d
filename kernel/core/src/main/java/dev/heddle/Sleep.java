package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.loop.Timer;
import java.time.Duration;

/** A sleeping task's timer and its wait. */
final class Sleep extends Timer {

    private final long nanos;
    private final Waiter waiter = new Waiter(this);

    private Sleep(long nanos) {
        this.nanos = nanos;
    }

    static void sleep(Task<?> task, Duration duration) {
        long nanos = Durations.toNanos(duration);
        if (nanos == 0) {
            Heddle.checkpoint();
            return;
        }
        CancelScope.throwIfCancelled();
        Loop loop = task.loop();
        var sleep = new Sleep(nanos);
        loop.scheduler.addTimer(sleep, loop.nanoTime() + nanos);
        try {
            sleep.waiter.await();
        } finally {
            loop.scheduler.removeTimer(sleep);
        }
    }

    @Override
    public void fire() {
        waiter.complete();
    }

    @Override
    public String toString() {
        return "sleeping " + Durations.words(Duration.ofNanos(nanos));
    }
}
