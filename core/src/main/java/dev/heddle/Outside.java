package dev.heddle;

import java.util.HashSet;
import java.util.Set;

/** What on this loop may be woken from outside the loop; only a simulated engine asks. Loop's thread only. */
final class Outside {

    /** Offloaded bodies that run on other threads. */
    int offloaded;

    /** Completion stages that are awaited; what completes them may be a task of this loop, or not. */
    int stages;

    private final Set<Task<?>> inForeignCode = new HashSet<>();

    /** A task has suspended in code that is not ours. */
    void enter(Task<?> task) {
        inForeignCode.add(task);
    }

    void leave(Task<?> task) {
        inForeignCode.remove(task);
    }

    /** Whether real time or another thread is sure to wake a task. */
    boolean willWake() {
        if (offloaded > 0) {
            return true;
        }
        for (Task<?> task : inForeignCode) {
            if (task.isInTimedForeignWait()) {
                return true;
            }
        }
        return false;
    }

    /** Whether something outside may wake a task, though nothing says that it will. */
    boolean mayWake() {
        return stages > 0;
    }
}
