package dev.heddle;

import dev.heddle.internal.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * The generators and coroutines that belong to one task, or to one thread outside of loops.
 *
 * <p>A task closes those that are still open when it ends, newest first, as nested try blocks would. A thread has no
 * such moment, so a thread keeps no list.
 */
final class OpenGenerators {

    private static final ThreadLocal<OpenGenerators> OF_THREAD = ThreadLocal
            .withInitial(() -> new OpenGenerators(null));

    private final Thread thread = Thread.currentThread();
    private final @Nullable Task<?> task;
    private @Nullable OpenGenerator newest;
    private @Nullable Coroutines coroutines;

    OpenGenerators(@Nullable Task<?> task) {
        this.task = task;
    }

    /** Those of the running task or thread. */
    static OpenGenerators current() {
        Task<?> task = Task.currentOrNull();
        return task == null ? OF_THREAD.get() : task.bodies();
    }

    Coroutines coroutines() {
        if (coroutines == null) {
            coroutines = new Coroutines(this);
        }
        return coroutines;
    }

    boolean isHere() {
        return Thread.currentThread() == thread;
    }

    /** The innermost cancel scope of the task; null if this is none. */
    @Nullable CancelScope scope() {
        return task == null ? null : task.scope;
    }

    void requireHere(Object body) {
        if (!isHere()) {
            Task<?> caller = Task.currentOrNull();
            throw new IllegalStateException(
                    body + " belongs to " + this + ", where it began, and cannot move to "
                            + (caller == null ? Thread.currentThread() : caller)
                            + "; to hand values over to others, use a channel");
        }
    }

    /** Whoever waits, or is another generator, inside a scope of the body would be cancelled with it (PEP 789). */
    void requireScope(@Nullable CancelScope expected, String doing) {
        if (task != null && task.scope != expected) {
            throw new IllegalStateException(
                    "cannot " + doing
                            + " inside a group, timeout or other cancel scope that the body has opened: the code "
                            + "that goes on would be in that scope too. Leave the scope first, open it around the code that "
                            + "resumes this, or let a task of the group send to a channel");
        }
    }

    void add(OpenGenerator body) {
        if (task == null) {
            return;
        }
        OpenGenerator last = newest;
        body.older = last;
        if (last != null) {
            last.newer = body;
        }
        newest = body;
    }

    void remove(OpenGenerator body) {
        OpenGenerator before = body.older;
        OpenGenerator after = body.newer;
        if (before != null) {
            before.newer = after;
        }
        if (after != null) {
            after.older = before;
        } else if (newest == body) {
            newest = before;
        }
        body.older = null;
        body.newer = null;
    }

    /**
     * Closes all, at the end of the task's body.
     *
     * @param thrown what the body threw
     * @return what the task fails with: what the body threw, or else the first failure here
     */
    @Nullable Throwable closeAll(@Nullable Throwable thrown) {
        Throwable first = thrown;
        OpenGenerator body = newestSuspended();
        while (body != null) {
            try {
                body.close();
            } catch (Throwable e) {
                body.abandon();
                first = first == null ? e : both(first, e);
            }
            body = newestSuspended();
        }
        return first;
    }

    /** A failure of a clean-up hides a cancel, as it does when a finally block throws it, but no other failure. */
    private static Throwable both(Throwable first, Throwable second) {
        if (first == second) {
            return first;
        }
        if (Cancellation.isCancellation(first) && !Cancellation.isCancellation(second)) {
            second.addSuppressed(first);
            return second;
        }
        first.addSuppressed(second);
        return first;
    }

    private @Nullable OpenGenerator newestSuspended() {
        OpenGenerator body = newest;
        while (body != null && !body.isSuspended()) {
            body = body.older;
        }
        return body;
    }

    @Override
    public String toString() {
        return task == null ? thread.toString() : task.toString();
    }
}
