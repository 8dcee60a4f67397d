package dev.heddle.internal.diagnosis;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.WaitReport;
import dev.heddle.Waiter;
import dev.heddle.internal.loop.Schedulable;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The access of diagnosis to the kernel, which alone implements it: glances from other threads, walks in slices on a
 * loop, and a report's way to its failure handler.
 *
 * <p>Threads: any, unless a method says otherwise.
 */
public abstract class DiagnosisAccess {

    private static @Nullable DiagnosisAccess installed;

    /** Only the kernel makes one. */
    protected DiagnosisAccess() {}

    /** Has the access be found; called by the kernel, before there is a task. */
    public static void install(DiagnosisAccess access) {
        installed = access;
    }

    static DiagnosisAccess get() {
        try {
            MethodHandles.lookup().ensureInitialized(Task.class);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
        return Objects.requireNonNull(installed);
    }

    // ---- tasks and their threads ----

    /** The task that lives on a thread; null if that is none of a task. */
    public abstract @Nullable Task<?> task(Thread thread);

    /** The thread of a task; null when it has ended. */
    public abstract @Nullable Thread thread(Task<?> task);

    /** Whether a task waits in code that is not ours, or has not begun. */
    public abstract boolean isSuspended(Task<?> task);

    /** The threads whose end a task awaits in a scope of the JDK; on its loop, or while that sleeps. */
    public abstract List<Thread> awaitedThreads(Task<?> task);

    /** Whether the innermost scope of a task, or one around it, has a deadline. */
    public abstract boolean hasDeadline(Task<?> task);

    /** What a loop runs on a thread, for people. */
    public abstract String what(Thread thread);

    /** What a thread of a loop does, in a word; null if a loop has not made it. */
    public abstract @Nullable String state(Thread thread);

    // ---- waits ----

    /** The wait of a task; null if it is in no wait of ours. */
    public abstract @Nullable Waiter waiter(Task<?> task);

    /** What somebody waits for. */
    public abstract Object waitingFor(Waiter waiter);

    /** The kind of what somebody waits for with a waiter. */
    public abstract WaitReport.Kind kind(Object waitingFor);

    /** Whether an interrupt ends the wait with a stack, in code that is not ours. */
    public abstract boolean answersInterrupts(List<StackTraceElement> stack);

    // ---- loops ----

    /** Whether a thread is the own of a loop. */
    public abstract boolean isLoopsOwn(Thread thread);

    /** The thread of what a loop runs; null if it runs nothing. */
    public abstract @Nullable Thread running(Loop loop);

    /** A number that changes with what a loop runs. */
    public abstract long beat(Loop loop);

    /** The turns of a loop so far. */
    public abstract long turns(Loop loop);

    /** Whether a loop sleeps. */
    public abstract boolean isAsleep(Loop loop);

    /** The turn in which a loop sleeps, -1 if it does not. While it does, others may read what it owns. */
    public abstract long turnAsleep(Loop loop);

    /** The turn in which a loop asks its engine, -1 if it does not. */
    public abstract long turnPolling(Loop loop);

    /** How many nanoseconds the engine may wait that is being asked. */
    public abstract long pollLimit(Loop loop);

    /** The oldest items that other threads have left for a loop, at most so many. */
    public abstract List<Schedulable> left(Loop loop, int max);

    /** The stack of the thread that drives a loop. */
    public abstract StackTraceElement[] driverStack(Loop loop);

    /** Looks at the cancels of a loop that are overdue; gives the nanoseconds until the next look. */
    public abstract long lookAtCancels(Loop loop);

    /** Looks whether the host of a loop stands in line for a lock behind a task that only it can run, and runs that. */
    public abstract void lookAtHost(Loop loop);

    /** The tasks of a loop, at most so many; on the loop. */
    public abstract List<Task<?>> tasks(Loop loop, int max);

    /**
     * Shows the cancel scopes of a loop to a visitor, owners before what they own, until it says no: of each the task whose
     * own it is, if it is one's. On the loop, or while it sleeps.
     */
    public abstract void visitScopes(Loop loop, Predicate<@Nullable Task<?>> visitor);

    /**
     * Begins a walk through the tasks of a loop.
     *
     * @param look what to tell of a task; null for nothing. On the loop
     */
    public abstract <T> LoopWalk<T> walk(Loop loop, Function<Task<?>, @Nullable T> look);

    /** Has a loop make a short call of ours, below the tasks; whether it lives. */
    public abstract boolean inLoop(Loop loop, Runnable call);

    /** Has a loop run a callback, which may call code of users. */
    public abstract void callBack(Loop loop, Runnable callback);

    /** Tells the failure handler of a loop. */
    public abstract void report(Loop loop, String what, Throwable failure);
}
