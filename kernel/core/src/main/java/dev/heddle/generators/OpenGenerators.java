package dev.heddle.generators;

import dev.heddle.CancelScope;
import dev.heddle.Task;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Suspendable;
import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.TaskResources;
import dev.heddle.internal.VirtualThreads;
import org.jspecify.annotations.Nullable;

/**
 * The generators and coroutines that belong to one task, or to one thread outside of loops.
 *
 * <p>A task closes those that are still open when it ends, newest first, as nested try blocks would. A thread has no
 * such moment, so a thread keeps no list. What begins in the body of another one ends with that.
 */
final class OpenGenerators implements TaskResources {

    private static final TaskAccess TASKS = TaskAccess.get();

    private static final ThreadLocal<OpenGenerators> OF_THREAD = ThreadLocal
            .withInitial(() -> new OpenGenerators(null));

    private final Thread thread = Thread.currentThread();
    private final @Nullable Task<?> task;
    private final Open open = new Open();

    /** The newest of the bodies that run as plain calls in the innermost continuation. */
    @Nullable InPlace inPlace;

    private @Nullable Coroutines coroutines;

    OpenGenerators(@Nullable Task<?> task) {
        this.task = task;
    }

    /** Those of the running task or thread. */
    static OpenGenerators current() {
        Task<?> task = TASKS.current();
        return task == null ? OF_THREAD.get() : of(task);
    }

    private static OpenGenerators of(Task<?> task) {
        if (TASKS.resources(task) instanceof OpenGenerators known) {
            return known;
        }
        var made = new OpenGenerators(task);
        TASKS.resources(task, made);
        return made;
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
        return task == null ? null : TASKS.scope(task);
    }

    void requireHere(Object body) {
        if (!isHere()) {
            Task<?> caller = TASKS.current();
            throw new IllegalStateException(
                    body + " belongs to " + this + ", where it began, and cannot move to "
                            + (caller == null ? Thread.currentThread() : caller)
                            + "; to hand values over to others, use a channel");
        }
    }

    /** Whoever waits, or is another generator, inside a scope of the body would be cancelled with it (PEP 789). */
    void requireScope(@Nullable CancelScope expected, String doing) {
        if (task != null && TASKS.scope(task) != expected) {
            throw new IllegalStateException(
                    "cannot " + doing
                            + " inside a group, timeout or other cancel scope that the body has opened: the code "
                            + "that goes on would be in that scope too. Leave the scope first, open it around the code that "
                            + "resumes this, or let a task of the group send to a channel");
        }
    }

    /** A body begins: it is open until it ends, or the one around it does, or else the task. */
    void add(OpenGenerator body, @Nullable OpenGenerator around) {
        if (around != null) {
            around.inner().add(body);
        } else if (task != null) {
            open.add(body);
        }
    }

    /** A body has ended; one that has begun in it and runs goes on as if it had begun around it. */
    void remove(OpenGenerator body) {
        Open list = body.list;
        if (list != null) {
            list.remove(body);
        }
        body.leaveInner(list);
    }

    /** The generator or coroutine in whose body the calling code is. */
    @Nullable OpenGenerator around() {
        for (InPlace each = inPlace; each != null; each = each.outer) {
            if (each.isInBody()) {
                return each.generator;
            }
        }
        return VirtualThreads.hasAccess()
                && Suspendable.innermost() instanceof Suspendable strand
                && strand.whose() instanceof OpenGenerator body ? body : null;
    }

    /** Closes all, at the end of the task's body; see {@link Open#closeAll}. */
    @Override
    public @Nullable Throwable closeAll(@Nullable Throwable thrown) {
        return open.closeAll(thrown);
    }

    @Override
    public String toString() {
        return task == null ? thread.toString() : task.toString();
    }

    /** A list of open generators and coroutines that end with a body: that of their task, or of one of themselves. */
    static final class Open {

        private @Nullable OpenGenerator newest;

        void add(OpenGenerator body) {
            OpenGenerator last = newest;
            body.list = this;
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
            } else {
                newest = before;
            }
            body.list = null;
            body.older = null;
            body.newer = null;
        }

        /**
         * Closes all but those that run, newest first, as nested try blocks would.
         *
         * @param thrown what the body threw around which they were open
         * @return what that ends with: what it threw, or else the first failure here
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

        /** Gives what is left, which runs, to another list; null for none. */
        void moveTo(@Nullable Open other) {
            for (OpenGenerator body = newest; body != null; body = newest) {
                remove(body);
                if (other != null) {
                    other.add(body);
                }
            }
        }
    }
}
