package dev.heddle.observe.internal.trace;

import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tasks of a loop that were spawned or ran lately, ended ones too: a table with one place for each
 * rest of a task's number, which the next task of that rest takes over.
 *
 * <p>It keeps the texts and not the tasks, whose results could be large.
 *
 * <p>Threads: the loop's writes; any may read, and takes a name that is being replaced for unknown.
 */
final class TaskNames {

    private static final int PLACES = 1 << 16;

    private final long[] numbers = new long[PLACES];
    private final @Nullable String[] names = new String[PLACES];
    private final @Nullable StackTraceElement[] lines = new StackTraceElement[PLACES];

    /** Notes a task that may have no place yet. */
    void noteIfNew(Task<?> task) {
        if (numbers[place(task.id())] != task.id()) {
            note(task);
        }
    }

    /** Notes a task. */
    void note(Task<?> task) {
        int place = place(task.id());
        numbers[place] = 0;
        VarHandle.storeStoreFence();
        names[place] = Kernel.get().givenName(task);
        lines[place] = task.spawnedAt().orElse(null);
        VarHandle.storeStoreFence();
        numbers[place] = task.id();
    }

    /** The name that a task was given; null if none was or it is not known any more. Any thread. */
    @Nullable String name(long task) {
        int place = place(task);
        return isThere(place, task) ? checked(place, task, names[place]) : null;
    }

    /** Where a task was spawned; null if it is not known, or not any more. Any thread. */
    @Nullable String line(long task) {
        int place = place(task);
        StackTraceElement line = isThere(place, task) ? checked(place, task, lines[place]) : null;
        return line == null ? null : line.toString();
    }

    private boolean isThere(int place, long task) {
        boolean there = numbers[place] == task;
        VarHandle.loadLoadFence();
        return there;
    }

    private <T> @Nullable T checked(int place, long task, @Nullable T read) {
        VarHandle.loadLoadFence();
        return numbers[place] == task ? read : null;
    }

    private static int place(long task) {
        return (int) task & PLACES - 1;
    }
}
