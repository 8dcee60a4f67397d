package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The stack of a task's spawning, which rides along with the task's failure as a suppressed one, so that the same trace
 * shows where the task came from.
 */
final class SpawnTrace extends Throwable {

    private static final long serialVersionUID = 1L;
    private static final int MAX = 8;

    private SpawnTrace(Task<?> task, @Nullable StackTraceElement line) {
        super("task " + task.name() + " on " + task.loop().name() + " was spawned", null, false, true);
        setStackTrace(line == null ? new StackTraceElement[0] : new StackTraceElement[]{line});
    }

    /** Adds the note. A failure that travels through many tasks keeps the first few. */
    static void addTo(Throwable failure, Task<?> task, @Nullable StackTraceElement line) {
        int notes = 0;
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof SpawnTrace) {
                notes++;
            }
        }
        if (notes < MAX) {
            failure.addSuppressed(new SpawnTrace(task, line));
        }
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
