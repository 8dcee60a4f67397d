package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.StackTraces;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The cancels of a loop that have not had their effect yet, oldest first. What takes too long is reported once for each
 * task, with what it waits for and where: it does not listen, or its clean-up is slow.
 *
 * <p>All waiting for the end of a cancelled body is structured and has no limit, so this is how somebody hears of it:
 * of a deadline or {@code moveOnAfter} that does not return, of a {@code close} or a signal that does not end the loop.
 *
 * <p>Threads: the loop's; the watchdog asks from its own by {@link #look}. A scope that was left may be here a little
 * longer, so it is held weakly.
 */
final class OpenCancels {

    /** How long a body may take to end. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Most tasks that one cancel is reported with. */
    private static final int MAX_REPORTED = 10;

    /** So many are kept before the first look for those that have had their effect behind one that has not. */
    private static final int FIRST_SWEEP = 64;

    private final Loop loop;
    private final ArrayDeque<OpenCancel> open = new ArrayDeque<>(2);

    /** The innermost scopes of the tasks that were reported: another wait of the same task is another story. */
    private final Set<CancelScope> reported = Collections.newSetFromMap(new WeakHashMap<>(2));

    private int sweepAt = FIRST_SWEEP;

    /** The first, for the watchdog. */
    private volatile @Nullable OpenCancel oldest;

    /** The one that the watchdog has asked about. */
    private @Nullable OpenCancel asked;

    OpenCancels(Loop loop) {
        this.loop = loop;
    }

    /** A scope is cancelled now. */
    void add(CancelScope scope) {
        dropEffective();
        if (open.size() >= sweepAt) {
            open.removeIf(OpenCancel::isEffective);
            sweepAt = Math.max(FIRST_SWEEP, open.size() * 2);
        }
        open.addLast(new OpenCancel(scope, loop.nanoTime()));
        oldest = open.peekFirst();
    }

    private void dropEffective() {
        for (OpenCancel first = open.peekFirst(); first != null && first.isEffective(); first = open.peekFirst()) {
            open.removeFirst();
        }
    }

    /**
     * Has the loop report what is overdue, at its next turn. The watchdog's thread.
     *
     * @return the nanoseconds until something may be overdue
     */
    long look() {
        OpenCancel first = oldest;
        if (first == null) {
            return Long.MAX_VALUE;
        }
        long left = PATIENCE_NANOS - (loop.nanoTime() - first.sinceNanos);
        if (left <= 0 && first != asked) {
            asked = first; // not again: a loop that is held does not answer, and is reported itself
            loop.scheduler.inLoop(this::reportOverdue);
        }
        return left > 0 ? left : PATIENCE_NANOS;
    }

    private void reportOverdue() {
        long now = loop.nanoTime();
        dropEffective();
        for (OpenCancel first = open.peekFirst(); first != null
                && now - first.sinceNanos >= PATIENCE_NANOS; first = open.peekFirst()) {
            open.removeFirst();
            CancelScope scope = first.get();
            if (scope != null && scope.isInUse()) {
                report(scope, Duration.ofNanos(now - first.sinceNanos));
            }
            dropEffective();
        }
        oldest = open.peekFirst();
    }

    private void report(CancelScope scope, Duration since) {
        List<Task<?>> late = scope.tasksInside(LoopView.MAX_TASKS);
        late.removeIf(task -> !isLate(task, scope));
        List<Task<?>> culprits = new ArrayList<>(late);
        culprits.removeIf(OpenCancels::waitsForOthers);
        String reason = scope.reason().orElse("");
        for (Task<?> task : (culprits.isEmpty() ? late : culprits).stream().limit(MAX_REPORTED).toList()) {
            if (reported.add(task.scope)) {
                // In a callback, since it calls code of users.
                loop.scheduler.schedule(new Handle(loop, () -> report(task, reason, since)));
            }
        }
    }

    /** Whether a task is cancelled and has no leave to go on; a clean-up with a deadline of its own has. */
    private static boolean isLate(Task<?> task, CancelScope cancelled) {
        boolean inside = task == cancelled.task || task.root.isEffectivelyCancelled();
        return inside && (task.scope.isEffectivelyCancelled() || !task.scope.hasDeadline());
    }

    private static boolean waitsForOthers(Task<?> task) {
        Waiter waiter = task.waiting;
        return waiter != null && waiter.waitingFor() instanceof TaskGroup.Ending;
    }

    private void report(Task<?> task, String reason, Duration since) {
        Thread thread = task.thread();
        if (thread == null) {
            return; // it has ended meanwhile
        }
        Waiter waiter = task.waiting;
        StackTraceElement[] stack = StackTraces.of(runner(waiter, thread));
        loop.report(
                task + " was cancelled " + Durations.words(since.truncatedTo(ChronoUnit.SECONDS))
                        + " ago (" + reason + ") and has not ended: " + WaitTexts.doing(task, stack),
                new UnheardCancelException("the stack of the task that was cancelled and has not ended", stack));
    }

    /** Whose stack shows what is going on: that of a worker that runs a body for the task, or the task's own. */
    private static Thread runner(@Nullable Waiter waiter, Thread thread) {
        List<Thread> holders = waiter != null && waiter.waitingFor() instanceof HasHolders held
                ? held.holders()
                : List.of();
        return holders.stream().filter(holder -> Fiber.of(holder) == null).findFirst().orElse(thread);
    }

    /** Adds the stacks of the workers that tasks wait for to a report of these tasks. */
    static void addRunners(List<Task<?>> tasks, Throwable report) {
        for (Task<?> task : tasks.stream().limit(MAX_REPORTED).toList()) {
            Thread thread = task.thread();
            Thread runner = thread == null ? null : runner(task.waiting, thread);
            if (runner != null && runner != thread) {
                report.addSuppressed(new UnheardCancelException(
                        "what runs for " + task + ", in thread " + runner.getName(), StackTraces.of(runner)));
            }
        }
    }

    private static final class OpenCancel extends WeakReference<CancelScope> {
        final long sinceNanos;

        OpenCancel(CancelScope scope, long sinceNanos) {
            super(scope);
            this.sinceNanos = sinceNanos;
        }

        boolean isEffective() {
            CancelScope scope = get();
            return scope == null || !scope.isInUse();
        }
    }

    /** Carries the stack of a task that is cancelled and does not end. */
    private static final class UnheardCancelException extends HeddleException {
        private static final long serialVersionUID = 1L;

        UnheardCancelException(String what, StackTraceElement[] stack) {
            super(what);
            setStackTrace(stack);
        }
    }
}
