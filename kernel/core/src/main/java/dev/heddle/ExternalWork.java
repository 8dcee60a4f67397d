package dev.heddle;

import dev.heddle.internal.ThreadFacts;
import dev.heddle.internal.diagnosis.LoopView;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture.AsynchronousCompletionTask;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The waits on a loop that may end from outside it. A simulated engine asks, and of locks also the scheduler on a thread
 * that is lent. Loop's thread only.
 */
final class ExternalWork {

    /** Offloaded bodies that run on other threads. */
    int offloaded;

    /** Completion stages that are awaited; what completes them may be a task of this loop, or not. */
    int stages;

    private final Loop loop;

    private final Set<Fiber> inForeignCode = new HashSet<>();

    private final Set<Task<?>> inOffloadedBody = new HashSet<>();

    ExternalWork(Loop loop) {
        this.loop = loop;
    }

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

    /** A fiber has suspended in code that is not ours. */
    void enter(Fiber fiber) {
        inForeignCode.add(fiber);
    }

    /** It is in its turn, or would be if the engine did not keep it back. */
    void leave(Fiber fiber) {
        inForeignCode.remove(fiber);
    }

    /** Whether real time or another thread is sure to wake a fiber. */
    boolean willWake() {
        if (offloaded > 0) {
            return true;
        }
        for (Fiber fiber : inForeignCode) {
            if (willBeWoken(fiber.thread)) {
                return true;
            }
        }
        return false;
    }

    private boolean willBeWoken(Thread thread) {
        return switch (thread.getState()) {
            case TIMED_WAITING -> true;
            case BLOCKED -> wantsMonitorOfOther(thread);
            case WAITING -> switch (LockSupport.getBlocker(thread)) {
                case AbstractOwnableSynchronizer lock -> isOfOther(lock);
                case AsynchronousCompletionTask _ -> false; // a future's, which a task may complete as well
                case ForkJoinTask<?> _ -> true; // the workers of a pool are none of ours
                case null, default -> false;
            };
            case RUNNABLE -> true; // another thread has ended its wait and is about to say so
            case NEW, TERMINATED -> false;
        };
    }

    /** Whether a thread that has just suspended wants a lock that a thread outside has, or has just let go of. */
    boolean wantsLockOfOther(Thread thread) {
        return switch (thread.getState()) {
            case BLOCKED -> wantsMonitorOfOther(thread);
            case WAITING ->
                LockSupport.getBlocker(thread) instanceof AbstractQueuedSynchronizer lock
                        && isOfOther(lock)
                        && !isBehindOwn(thread, lock);
            // Ready again before anything else has run: it gave way to others, or another thread was that quick.
            case RUNNABLE ->
                LockSupport.getBlocker(thread) instanceof AbstractOwnableSynchronizer
                        || ThreadFacts.isUnblocked(thread);
            case NEW, TIMED_WAITING, TERMINATED -> false;
        };
    }

    /** Whether another one of the loop's own is before a thread in the line for a lock, and has to run first. */
    private boolean isBehindOwn(Thread thread, AbstractQueuedSynchronizer lock) {
        Thread first = lock.getFirstQueuedThread();
        Fiber fiber = first == null || first == thread ? null : Fiber.of(first);
        return fiber != null && fiber.loop == loop;
    }

    /** Whether the monitor that a thread wants is held by none of the loop's own, which may need time to pass. */
    private boolean wantsMonitorOfOther(Thread thread) {
        Object wanted = ThreadFacts.ofUnmounted(thread).blockedOn();
        if (wanted == null) {
            return thread.getState() != Thread.State.BLOCKED;
        }
        return LoopView.factsOfSuspended(loop).values().stream()
                .flatMap(facts -> facts.monitors().stream())
                .noneMatch(held -> held == wanted);
    }

    /** Whether a lock is held by none of the loop's own, or is just being released. */
    private boolean isOfOther(AbstractOwnableSynchronizer lock) {
        Thread owner = ThreadFacts.exclusiveOwner(lock);
        if (owner == null) {
            return lock.getClass().getNestHost() == ReentrantLock.class; // others are never owned, or are shared too
        }
        Fiber fiber = Fiber.of(owner);
        return fiber == null || fiber.loop != loop;
    }

    /** Whether something outside may wake a task, though nothing says that it will. */
    boolean mayWake() {
        return stages > 0;
    }

    /** Whether a task waits in code of the JDK for what nobody owns, which another thread may end: a future, a latch. */
    boolean waitsForUnknown() {
        return inForeignCode.stream().anyMatch(fiber -> isOfNobody(fiber.thread));
    }

    private static boolean isOfNobody(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && !(LockSupport.getBlocker(thread) instanceof AbstractOwnableSynchronizer lock
                        && ThreadFacts.exclusiveOwner(lock) != null);
    }
}
