package dev.heddle.internal.sight;

import dev.heddle.Task;
import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * A task that has not ended, as it was between two steps of its loop. Small, since there may be a million: what never
 * changes of a task is asked of it later.
 *
 * @param depth in how many scopes of its own it is
 * @param waiter what it waits in, if that is a wait of ours
 * @param suspended whether it waits at all: one that does without a waiter is in code that is not ours, or has not begun
 * @param limits what will end it; null for most, which have no deadline and are not cancelled
 */
public record TaskSight(
        Task<?> task, int depth, @Nullable Waiter waiter, boolean suspended, @Nullable Limits limits) {

    /**
     * What ends a task.
     *
     * @param deadlineNanos until the nearest deadline around it, or -1 if there is none
     * @param cancelReason why it is cancelled, also where a shield keeps that from the code that it runs now; null if it
     *     is not
     * @param cancelledNanos for how long it has been cancelled; 0 if it is not
     */
    public record Limits(long deadlineNanos, @Nullable String cancelReason, long cancelledNanos) {}

    /** The number of the task that owns it; 0 if that is the loop. */
    public long parent() {
        return Kernel.get().parent(task);
    }

    /** How deep in its owner's code the group is that it belongs to; 0 if it was spawned without one. */
    public int group() {
        return Kernel.get().group(task);
    }

    /** Whether it serves the other tasks of the group. */
    public boolean service() {
        return Kernel.get().isService(task);
    }

    /** The time until the nearest deadline around it, in nanoseconds; -1 if there is none. */
    public long deadlineNanos() {
        return limits == null ? -1 : limits.deadlineNanos;
    }

    /** The reason why it is cancelled; null if it is not. */
    public @Nullable String cancelReason() {
        return limits == null ? null : limits.cancelReason;
    }

    /** The nanoseconds for which it has been cancelled; 0 if it is not. */
    public long cancelledNanos() {
        return limits == null ? 0 : limits.cancelledNanos;
    }
}
