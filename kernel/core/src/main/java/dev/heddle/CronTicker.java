package dev.heddle;

import java.time.Duration;
import java.time.Instant;

/**
 * A source of ticks at times of the day and year, by the wall clock of the engine. {@link Cron#ticker} makes it.
 *
 * <p>What comes due while the work takes longer comes once, and late; the others are left out. A clock that is set back
 * gives no time twice, and one that is set forth is noticed within a minute.
 *
 * <p>Threads: tasks of the loop where it was made, one at a time. Cancellation: a cancelled {@link #awaitTick} has taken
 * no tick. To test code that uses it, run it in the simulator: a year then takes no time.
 */
public final class CronTicker {

    /** Longest wait between two looks at the clock, which may be set. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    private final Loop loop;
    private final Cron cron;

    /** No tick is at or before it. */
    private Instant last;

    private boolean awaited;

    CronTicker(Loop loop, Cron cron) {
        this.loop = loop;
        this.cron = cron;
        this.last = loop.engine().now();
    }

    /**
     * Waits for the next time, never less. If it is due already, the other tasks run once before this returns.
     *
     * <p>Cancellation: a cancelled call has taken no time; the next call waits for the same.
     *
     * @return the time that was due; the clock may show a later one
     * @throws BusyException if another task waits for this ticker
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if the caller is no task of the loop where the ticker was made
     */
    public Instant awaitTick() {
        loop.requireHere("wait for this ticker");
        Task.current().throwIfCancelled();
        if (awaited) {
            throw new BusyException("another task is waiting for this " + this);
        }
        awaited = true;
        try {
            Instant due = cron.next(last);
            Heddle.checkpoint();
            for (Instant now = loop.engine().now(); now.isBefore(due); now = loop.engine().now()) {
                Duration left = Duration.between(now, due);
                new Waiter(this).awaitWithin(left.compareTo(MAX_WAIT) < 0 ? left : MAX_WAIT);
            }
            Instant now = loop.engine().now();
            last = now.isAfter(due) ? now : due;
            return due;
        } finally {
            awaited = false;
        }
    }

    @Override
    public String toString() {
        return "tick at " + cron;
    }
}
