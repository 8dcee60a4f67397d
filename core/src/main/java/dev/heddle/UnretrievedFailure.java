package dev.heddle;

import java.util.List;
import java.util.Objects;

/** A background task failed: if nobody asks for the failure within a second, or until the owner ends, it is reported once. */
final class UnretrievedFailure extends Timer {

    static final long PATIENCE_NANOS = 1_000_000_000L;

    private final Task<?> task;
    private final List<UnretrievedFailure> notes;

    UnretrievedFailure(Task<?> task, List<UnretrievedFailure> notes) {
        this.task = task;
        this.notes = notes;
    }

    @Override
    void fire() {
        notes.remove(this);
        if (!task.isFailureSeen()) {
            task.failure();
            task.loop().report(task + " failed and nobody joined it", Objects.requireNonNull(task.peekFailure()));
        }
    }
}
