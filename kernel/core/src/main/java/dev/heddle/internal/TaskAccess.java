package dev.heddle.internal;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.GroupException;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import dev.heddle.Waiter;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The access of Heddle's own packages to what a task, and its waits, hide from users. The kernel alone implements it.
 *
 * <p>Keep it in a constant: then a call is compiled as what stands behind it.
 *
 * <p>Threads: the task's own, or the one that waits.
 */
public abstract class TaskAccess {

    private static @Nullable TaskAccess installed;

    /** Only the kernel makes one. */
    protected TaskAccess() {}

    /** Has the access be found; called by the kernel, before there is a task. */
    public static void install(TaskAccess access) {
        installed = access;
    }

    /** The access to the tasks of this process. */
    public static TaskAccess get() {
        try {
            MethodHandles.lookup().ensureInitialized(Task.class);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
        return Objects.requireNonNull(installed);
    }

    /** The running task; null outside of tasks. */
    public abstract @Nullable Task<?> current();

    /** The task that the calling code works for: its own, or the one that has given it to a thread; null if none. */
    public abstract @Nullable Task<?> served();

    /** A thread begins to work for a task, or ends that: told to who watches the task. On that thread. */
    public abstract void works(Task<?> task, Thread thread, boolean begins);

    /** The innermost cancel scope that a task is in. */
    public abstract CancelScope scope(Task<?> task);

    /** What a cancelled task throws, with a failure that its cancel has caused. */
    public abstract CancelledException cancelled(Task<?> task, @Nullable Throwable cause);

    /** Delivers the cancel of the running task: what it is to throw. */
    public abstract CancelledException deliverCancel(Task<?> task);

    /** Fails if the running task is cancelled; or a thread that is none was interrupted, as the JDK's interfaces promise. */
    public abstract void throwIfCancelledOrInterrupted() throws InterruptedException;

    /** Waits until completed, whatever happens; a cancel or an interrupt is told once. */
    public abstract void awaitDespiteCancel(Waiter waiter, Runnable onCancel);

    /** Waits until unparked, whatever happens; a cancel or an interrupt is told once. */
    public abstract void parkDespiteCancel(ParkingLot lot, Runnable onCancel);

    /** The failure of a group that has ended elsewhere, with each of its failures. */
    public abstract GroupException group(List<Throwable> failures);

    /** What a task closes at its end; null if there is nothing. */
    public abstract @Nullable TaskResources resources(Task<?> task);

    /** Has a task close something at its end, in place of what was set before. */
    public abstract void resources(Task<?> task, TaskResources resources);
}
