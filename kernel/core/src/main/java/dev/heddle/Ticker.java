package dev.heddle;

import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * A source of periodic ticks for the work of a task.
 *
 * <pre>{@code
 * Ticker ticker = Ticker.every(Duration.ofSeconds(1));
 * while (true) {
 *     ticker.awaitTick();
 *     measure();
 * }
 * }</pre>
 *
 * <p>The ticks are at the start plus one period, plus two periods, and so on: they do not drift, however long the work
 * between them takes. What happens when it takes longer than a period, {@link Missed} says.
 *
 * <p>Threads: tasks of the loop where it was made, one at a time.
 *
 * <p>Cancellation: a cancelled {@link #awaitTick} has taken no tick.
 *
 * <p>To test code that uses it, run it in the simulator: periods then take no time.
 */
public final class Ticker {

    /** The rule for a tick that is not awaited before the next one. */
    public enum Missed {
        /** Leaves out what was missed and stays at the multiples of the period. */
        SKIP,
        /** Gives the missed ticks one right after the other, until it has caught up. */
        BURST,
        /** Counts anew: the next tick is a full period after the late one. */
        DELAY
    }

    private final Loop loop;
    private final long periodNanos;
    private final Missed missed;
    private final double jitter;

    /** When the next tick would be without jitter. */
    private long regularNanos;

    private long dueNanos;
    private boolean awaited;

    private Ticker(Loop loop, long periodNanos, Missed missed, double jitter) {
        this.loop = loop;
        this.periodNanos = periodNanos;
        this.missed = missed;
        this.jitter = jitter;
        schedule(loop.nanoTime() + periodNanos);
    }

    /**
     * Makes a ticker that starts now, with the first tick after one period. Missed ticks are skipped.
     *
     * @throws IllegalArgumentException if the period is not positive
     * @throws IllegalStateException if the caller is not on a loop
     */
    public static Ticker every(Duration period) {
        Checks.positive("period", period);
        return new Ticker(Heddle.currentLoop(), Durations.toNanos(period), Missed.SKIP, 0);
    }

    /** A ticker like this one that starts now and does as told with missed ticks. */
    public Ticker withMissed(Missed missed) {
        loop.requireHere("make tickers of it");
        return new Ticker(loop, periodNanos, Objects.requireNonNull(missed), jitter);
    }

    /**
     * A ticker like this one that starts now and moves each tick by a random time, so that many tickers do not all tick
     * at once. The times that are moved stay regular, so it does not drift either.
     *
     * @param fraction the most that a tick moves, forth or back, as a part of the period: 0 to 0.5
     * @throws IllegalArgumentException if the fraction is not within 0 and 0.5
     */
    public Ticker withJitter(double fraction) {
        Checks.fraction("fraction", fraction, 0.5);
        loop.requireHere("make tickers of it");
        return new Ticker(loop, periodNanos, missed, fraction);
    }

    /**
     * Waits for the next tick, never less. If it is due already, the other tasks run once before this returns.
     *
     * <p>Cancellation: a cancelled call has taken no tick.
     *
     * @return by how many full periods the tick comes late, 0 if it is in time. So many ticks {@link Missed#SKIP}
     *     leaves out now, and {@link Missed#BURST} still has to give.
     * @throws BusyException if another task waits for this ticker
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if the caller is no task of the loop where the ticker was made
     */
    public long awaitTick() {
        loop.requireHere("wait for this ticker");
        Task.current().throwIfCancelled();
        if (awaited) {
            throw new BusyException("another task is waiting for this " + this);
        }
        awaited = true;
        try {
            long left = dueNanos - loop.nanoTime();
            if (left > 0) {
                new Waiter(this).awaitWithin(Duration.ofNanos(left));
            } else {
                Heddle.checkpoint();
            }
        } finally {
            awaited = false;
        }
        return take();
    }

    /** When the next tick is due, on the engine's clock. */
    long dueNanos() {
        return dueNanos;
    }

    /** Takes the tick that is due, and tells by how many periods it is late. */
    long take() {
        long now = loop.nanoTime();
        long late = Math.max(0, now - regularNanos) / periodNanos;
        schedule(
                switch (missed) {
                    case SKIP -> regularNanos + (late + 1) * periodNanos;
                    case BURST -> regularNanos + periodNanos;
                    case DELAY -> now + periodNanos;
                });
        return late;
    }

    private void schedule(long nanos) {
        regularNanos = nanos;
        dueNanos = jitter == 0 ? nanos : nanos + (long) (periodNanos * jitter * plusMinusOne());
    }

    /** A random number from -1 to 1. */
    private double plusMinusOne() {
        return loop.engine().random() * 0x1p-63;
    }

    @Override
    public String toString() {
        return "tick every " + Durations.words(Duration.ofNanos(periodNanos));
    }
}
