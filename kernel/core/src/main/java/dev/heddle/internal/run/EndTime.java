package dev.heddle.internal.run;

import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that the end of a loop may take, from a signal or a close on, and how it is shared out: most of it is for what
 * stops in order, such as a server with its grace, and the rest for the clean-up of what ends behind that.
 *
 * <p>Threads: any.
 */
public final class EndTime {

    /** The part of the time that is kept for all other tasks, however long the main task takes. */
    private static final int RESERVED = 4;

    private final LongSupplier clock;
    private final long allNanos;

    /** When the end is over at the latest, on the engine's clock; null before it is near. */
    private final AtomicReference<@Nullable Long> latest = new AtomicReference<>();

    /**
     * Makes one.
     *
     * @param clock the engine's, in nanoseconds
     */
    public EndTime(LongSupplier clock, Duration shutdownTimeout) {
        this.clock = clock;
        this.allNanos = Durations.toNanos(shutdownTimeout);
    }

    /** When an end that begins now would be over at the latest, on the engine's clock. */
    public long fromNow() {
        return clock.getAsLong() + allNanos;
    }

    /** Begins the end, which may take until then if nobody has begun it before; gives what counts. */
    public long begin(long endBy) {
        latest.compareAndSet(null, endBy);
        Long decided = latest.get();
        return decided == null ? endBy : decided;
    }

    /** Begins the end now, if nobody has before; gives when it is over at the latest. */
    public long begin() {
        Long begun = latest.get();
        return begun == null ? begin(fromNow()) : begun;
    }

    /** When it is over at the latest, on the engine's clock; null before it has begun. */
    public @Nullable Long latest() {
        return latest.get();
    }

    /** What is kept for the tasks beside the main one. */
    public long reserve() {
        return allNanos / RESERVED;
    }

    /**
     * How long somebody who begins now may take to stop in order: all but the reserve, or half of what is left where
     * others have used up most of it; {@code Long.MAX_VALUE} before the end has begun.
     */
    public long forOrder() {
        Long endBy = latest.get();
        if (endBy == null) {
            return Long.MAX_VALUE;
        }
        long left = Math.max(0, endBy - clock.getAsLong());
        return Math.max(left - reserve(), left / 2);
    }

    /** What {@link #forOrder} is for who begins with the end. */
    public long allForOrder() {
        return allNanos - reserve();
    }
}
