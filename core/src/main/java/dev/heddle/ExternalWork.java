package dev.heddle;

import java.util.HashSet;
import java.util.Set;

/** The waits on a loop that may end from outside it; only a simulated engine asks. Loop's thread only. */
final class ExternalWork {

    /** Offloaded bodies that run on other threads. */
    int offloaded;

    /** Completion stages that are awaited; what completes them may be a task of this loop, or not. */
    int stages;

    private final Set<Task<?>> inForeignCode = new HashSet<>();

    private final Set<Task<?>> inOffloadedBody = new HashSet<>();

    /** A task runs an offloaded body itself; tells whether it is not inside of another. */
    boolean beginOffloaded(Task<?> task) {
        return inOffloadedBody.add(task);
    }

    void endOffloaded(Task<?> task) {
        inOffloadedBody.remove(task);
    }

    /** Whether a fiber runs an offloaded body itself, which may wait as it likes. */
    boolean isOffloaded(Fiber fiber) {
        return fiber.task != null && inOffloadedBody.contains(fiber.task);
    }

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
