package dev.heddle.internal.sight;

import dev.heddle.Task;
import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * A task at one moment: references and numbers only, so that a loop tells it in no time.
 *
 * @param parent the number of the task that owns it; 0 if the loop does
 * @param depth how many scopes are around the code that it runs now, its own one included
 * @param group how deep in the code of its owner the group is that it is in; 0 if its owner spawned it by itself
 * @param service whether it serves the other tasks of the group
 * @param waiter what it waits in, if that is a wait of ours
 * @param suspended whether it waits at all: one that does without a waiter is in code that is not ours, or has not begun
 * @param ageNanos since it was spawned, coarsely
 * @param deadlineNanos until the nearest deadline around it, or -1 if there is none
 * @param cancelReason why it is cancelled, also where a shield keeps that from the code that it runs now; null if it is not
 * @param cancelledNanos for how long it has been cancelled; 0 if it is not
 */
public record TaskSight(
        Task<?> task,
        long parent,
        int depth,
        int group,
        boolean service,
        @Nullable Waiter waiter,
        boolean suspended,
        long ageNanos,
        long deadlineNanos,
        @Nullable String cancelReason,
        long cancelledNanos) {}
