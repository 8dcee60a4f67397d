package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/**
 * The notes of a task about its checks for a cancel: for assertions about checkpoints.
 *
 * <p>Threads: the task's own.
 */
public interface CancelChecks {

    /** The note that the task has checked for a cancel, if only behind a shield. */
    int CHECKED = 1;

    /** The note that it was told of a cancel with the {@link #REASON}, by an exception or an interrupt. */
    int TOLD = 2;

    /** Why whoever asks for the notes cancels a scope. */
    String REASON = "a look whether the code checks for a cancel";

    /**
     * Those of the calling task.
     *
     * @throws IllegalStateException if the caller is no task
     */
    static CancelChecks ofCaller() {
        Thread thread = Thread.currentThread();
        if (thread.isVirtual() && VirtualThreads.schedulerOf(thread) instanceof CancelChecks checks
                && checks.areOf(thread)) {
            return checks;
        }
        throw new IllegalStateException("no task is running here, but " + thread);
    }

    /** Whether they are those of the task on a thread, which may only have inherited them. */
    boolean areOf(Thread thread);

    /** The notes until now. */
    int noted();

    /** Takes these for the notes until now. */
    void note(int notes);

    /** Why the calling code is cancelled; null if it is not. */
    @Nullable String reason();
}
