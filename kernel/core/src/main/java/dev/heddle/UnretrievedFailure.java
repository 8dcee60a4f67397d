package dev.heddle;

import dev.heddle.internal.loop.Timer;
import java.util.List;
import java.util.Objects;

/**
 * The failure of a background task that nobody has asked for. It is reported once, if that is still so after a second
 * or when the owner ends.
 */
final class UnretrievedFailure extends Timer {

    static final long PATIENCE_NANOS = 1_000_000_000L;

    private final Task<?> task;
    private final List<UnretrievedFailure> notes;

    UnretrievedFailure(Task<?> task, List<UnretrievedFailure> notes) {
        this.task = task;
        this.notes = notes;
    }

    @Override
    public void fire() {
        notes.remove(this);
        report(task);
    }

    /**
     * Reports the failure of a task if nobody has seen it; on its loop. A task whose wait its own side has ended, by
     * closing what it waited on, has ended as it should.
     */
    static void report(Task<?> task) {
        if (!task.isFailureSeen()) {
            task.failure();
            if (task.peekFailure() instanceof ClosedException closed && closed.isEndOfWait()) {
                return;
            }
            task.loop().report(task + " failed and nobody joined it", Objects.requireNonNull(task.peekFailure()));
        }
    }
}
