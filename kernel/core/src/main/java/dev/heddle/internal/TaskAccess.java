package dev.heddle.internal;

import dev.heddle.CancelScope;
import dev.heddle.Task;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The access of Heddle's own packages to what a task hides from users. The kernel alone implements it.
 *
 * <p>Keep it in a constant: then a call is compiled as what stands behind it.
 *
 * <p>Threads: the task's own.
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

    /** The innermost cancel scope that a task is in. */
    public abstract CancelScope scope(Task<?> task);

    /** What a task closes at its end; null if there is nothing. */
    public abstract @Nullable TaskResources resources(Task<?> task);

    /** Has a task close something at its end, in place of what was set before. */
    public abstract void resources(Task<?> task, TaskResources resources);
}
