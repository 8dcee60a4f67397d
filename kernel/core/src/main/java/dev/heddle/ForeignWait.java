package dev.heddle;

import dev.heddle.internal.StackTraces;
import dev.heddle.internal.loop.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a cancelled task inside code that is not ours: {@code Thread.sleep}, sockets and locks of the JDK.
 *
 * <p>Only an interrupt reaches such a wait, and the JDK forgets an interrupt once it was answered. To keep the rule
 * that a cancel comes again at every wait, each <em>new</em> wait is interrupted once. Which one is new? A wait on
 * another blocker is. On the same blocker, or without one, a wait that can answer an interrupt is new, because the last
 * one would have ended; one that cannot, such as {@code lock()}, may be the old one that parked again, and interrupting
 * it for ever would spin. The top of the stack tells which it is. Some waits answer by parking again, such as {@code
 * ForkJoinTask.join()} and the loops of libraries around {@code get()}; so interrupts come at the pace of a {@link
 * SwallowedCancel}.
 */
final class ForeignWait {

    /** Methods of the JDK that answer an interrupt by throwing: as of JDK 25. Others count as those that do not. */
    static final Set<String> INTERRUPTIBLE = Set.of(
            "sleep",
            "wait",
            "wait0",
            "await",
            "awaitNanos",
            "awaitUntil",
            "acquireInterruptibly",
            "acquireSharedInterruptibly",
            "tryAcquireNanos",
            "tryAcquireSharedNanos",
            "lockInterruptibly",
            "put",
            "take",
            "offer",
            "poll",
            "transfer",
            "exchange",
            "get",
            "awaitDone",
            "waitFor");

    /** Methods of the JDK that keep an interrupt for later; those above may call these inside. */
    static final Set<String> UNINTERRUPTIBLE = Set.of("lock", "acquireUninterruptibly", "awaitUninterruptibly",
            "writeLock", "readLock");

    /** What {@code StructuredTaskScope} keeps its threads in. */
    private static final String FLOCK = "jdk.internal.misc.ThreadFlock";

    private final Loop loop;
    private final HeldBack heldBack;

    private boolean interrupted;
    private boolean sent;
    private @Nullable Object blocker;

    /**
     * @param again on the loop, when the pause before another interrupt is over
     */
    ForeignWait(Loop loop, Consumer<ForeignWait> again) {
        this.loop = loop;
        this.heldBack = new HeldBack(() -> again.accept(this));
    }

    /** Whether the next interrupt waits for its time. */
    boolean isHeldBack() {
        return heldBack.isQueued();
    }

    /** Has the next interrupt wait for a time of the loop. */
    void holdBack(long untilNanos) {
        loop.scheduler.addTimer(heldBack, untilNanos);
    }

    /** The scope of the waits is left. */
    void forget() {
        if (heldBack.isQueued()) {
            loop.scheduler.removeTimer(heldBack);
        }
    }

    /** Interrupts a suspended thread unless its wait is the one that was interrupted last. On the loop. */
    void interruptOnce(Thread thread) {
        Object now = LockSupport.getBlocker(thread);
        if (!interrupted || (now != null && now != blocker) || answersInterrupts(List.of(thread.getStackTrace()))) {
            interrupted = true;
            sent = true;
            blocker = now;
            thread.interrupt();
        }
    }

    /** Code that knows interrupts only was told of the cancel by an exception; it may set the interrupt again. */
    void noteSent() {
        sent = true;
    }

    /** Whether an interrupt of ours may still be set on the thread. */
    boolean hasSent() {
        return sent;
    }

    /** The same; asking clears the note. */
    boolean takeSent() {
        boolean was = sent;
        sent = false;
        return was;
    }

    /** Whether it is the wait of a scope of the JDK for the end of its threads. */
    static boolean isForThreads(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (!frame.getClassName().startsWith("java.")) {
                return frame.getClassName().equals(FLOCK);
            }
        }
        return false;
    }

    /** Whether an interrupt ends the wait with this stack. */
    static boolean answersInterrupts(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith("sun.nio.ch.")) {
                return true; // sockets and channels, which an interrupt closes
            }
            if (frame.getClassName().equals(FLOCK)) {
                return frame.getMethodName().equals("awaitAll"); // its close() keeps an interrupt for later
            }
            if (!frame.getClassName().startsWith("java.") || UNINTERRUPTIBLE.contains(frame.getMethodName())) {
                return false;
            }
            if (INTERRUPTIBLE.contains(frame.getMethodName())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reports a task of a simulation that a deadline cancels while it waits at a socket of the system: what comes from
     * there takes no virtual time, so the clock has jumped to the deadline.
     */
    static void reportDeadlineAtSocket(Task<?> task, Thread thread) {
        CancelScope expired = task.scope.expired();
        StackTraceElement[] stack = thread.getStackTrace();
        if (expired == null || !isAtSocket(stack)) {
            return;
        }
        var struck = new DeadlineExceededException("a real answer takes no virtual time, so the clock has jumped to the"
                + " deadline; code that asks something real is for run(...), without a simulation");
        struck.setStackTrace(stack);
        task.loop().report("the deadline of " + expired.task + " has struck while " + task
                + " waited for something real", struck);
    }

    private static boolean isAtSocket(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .findFirst()
                .filter(frame -> frame.getClassName().startsWith("sun.nio.ch."))
                .isPresent();
    }

    /** A wait in foreign code, for people. */
    static String describe(Thread thread) {
        Object blocker = LockSupport.getBlocker(thread);
        for (StackTraceElement frame : StackTraces.of(thread)) {
            if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")) {
                return thread.getState().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " at " + frame
                        + (blocker == null ? "" : " on " + blocker);
            }
        }
        return "waiting" + (blocker == null ? "" : " on " + blocker);
    }

    /** The timer of an interrupt that is held back. */
    private static final class HeldBack extends Timer {
        private final Runnable over;

        HeldBack(Runnable over) {
            this.over = over;
        }

        @Override
        public void fire() {
            over.run();
        }
    }
}
