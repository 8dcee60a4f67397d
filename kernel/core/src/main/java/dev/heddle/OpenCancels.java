package dev.heddle;

import static java.util.stream.Collectors.joining;

import dev.heddle.internal.Durations;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.WaitTexts;
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
 * The cancels of a loop that have not had their effect yet, in the order of their next look. What takes too long is
 * reported once for each task, with what it waits for and where: it does not listen, or its clean-up is slow. A
 * clean-up with a deadline of its own has its time, and what comes behind it has as much as a body has.
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

    /** The one to look at next, for the watchdog. */
    private volatile @Nullable OpenCancel nearest;

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
        long now = loop.nanoTime();
        open.addLast(new OpenCancel(scope, now, now));
        nearest = open.peekFirst();
    }

    /** Whether a cancel may be looked at yet. */
    boolean areAny() {
        return !open.isEmpty();
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
        OpenCancel first = nearest;
        if (first == null) {
            return Long.MAX_VALUE;
        }
        long left = PATIENCE_NANOS - (loop.nanoTime() - first.lookedNanos);
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
                && now - first.lookedNanos >= PATIENCE_NANOS; first = open.peekFirst()) {
            open.removeFirst();
            CancelScope scope = first.get();
            if (scope != null && scope.isInUse()) {
                reportLate(scope, first, now);
            }
            dropEffective();
        }
        nearest = open.peekFirst();
    }

    /** Reports whose time is over, and looks again at those who had leave to go on until a while ago. */
    private void reportLate(CancelScope scope, OpenCancel cancel, long now) {
        List<Task<?>> late = new ArrayList<>();
        boolean again = false;
        for (Task<?> task : scope.tasksInside(LoopView.MAX_TASKS)) {
            if (isCancelled(task, scope)) {
                if (isExcused(task) || task.nanosWithoutExcuse() < PATIENCE_NANOS) {
                    again = true;
                } else {
                    late.add(task);
                }
            }
        }
        if (again) {
            open.addLast(new OpenCancel(scope, cancel.sinceNanos, now));
        }
        List<Task<?>> culprits = new ArrayList<>(late);
        culprits.removeIf(OpenCancels::waitsForOthers);
        for (Task<?> task : (culprits.isEmpty() && !again ? late : culprits).stream().limit(MAX_REPORTED).toList()) {
            // In a callback, since it calls code of users.
            loop.scheduler.schedule(new LoopCallback(loop, () -> report(task, scope, cancel.sinceNanos)));
        }
    }

    private static boolean isCancelled(Task<?> task, CancelScope cancelled) {
        return task == cancelled.task || task.root().isEffectivelyCancelled();
    }

    /** Whether a cancelled task has leave to go on: a clean-up with a deadline of its own has. */
    private static boolean isExcused(Task<?> task) {
        return !task.scope.isEffectivelyCancelled() && task.scope.hasDeadline();
    }

    private static boolean waitsForOthers(Task<?> task) {
        Waiter waiter = task.waiting;
        return waiter != null && waiter.waitingFor() instanceof TaskGroup.Ending;
    }

    /** Whether it was said of all these, but those that wait for others, that they swallow their cancel. */
    static boolean areTold(List<Task<?>> tasks) {
        List<Task<?>> culprits = tasks.stream().filter(task -> !waitsForOthers(task)).toList();
        return !culprits.isEmpty() && culprits.stream().allMatch(Task::isToldToSwallow);
    }

    private void report(Task<?> task, CancelScope scope, long sinceNanos) {
        Thread thread = task.thread();
        if (thread == null || !scope.isInUse() || !scope.isAround(task.scope)) {
            return; // it has moved on meanwhile
        }
        long now = loop.nanoTime();
        if (isExcused(task)) {
            open.addLast(new OpenCancel(scope, sinceNanos, now));
            nearest = open.peekFirst();
            return;
        }
        if (task.isToldToSwallow() || !reported.add(task.scope)) {
            return;
        }
        Waiter waiter = task.waiting;
        StackTraceElement[] stack = StackTraces.of(runner(waiter, thread));
        Duration since = Duration.ofNanos(now - sinceNanos).truncatedTo(ChronoUnit.SECONDS);
        loop.report(
                task + " was cancelled " + Durations.words(since) + " ago (" + scope.reason().orElse("")
                        + ") and has not ended: " + WaitTexts.doing(task, stack),
                new UnheardCancelException("the stack of the task that was cancelled and has not ended", stack));
    }

    /** Whose stack shows what is going on: that of a worker that runs a body for the task, or the task's own. */
    private static Thread runner(@Nullable Waiter waiter, Thread thread) {
        List<Thread> holders = waiter != null && waiter.waitingFor() instanceof HeldResource held
                ? held.holders()
                : List.of();
        return holders.stream().filter(holder -> Fiber.of(holder) == null).findFirst().orElse(thread);
    }

    /** Says why tasks are left behind at the end of a loop: a task that has heard no cancel does not ignore it. */
    static String leftBehind(List<Task<?>> tasks) {
        List<Task<?>> unheard = tasks.stream().filter(task -> task.scope.reasonInTask() == null).toList();
        if (unheard.isEmpty()) {
            return "these tasks ignore their cancel and are left behind";
        }
        return "its time was over, and tasks are left behind that no cancel has reached behind a shield: "
                + unheard.stream().limit(MAX_REPORTED).map(Task::toString).collect(joining(", "))
                + (unheard.size() > MAX_REPORTED ? " and " + (unheard.size() - MAX_REPORTED) + " more" : "");
    }

    /** Gives a report of tasks the stack of the first that keeps the others, and those of the workers they wait for. */
    static void addStacks(List<Task<?>> tasks, Throwable report) {
        tasks.stream()
                .filter(task -> !waitsForOthers(task))
                .findFirst()
                .ifPresent(task -> report.setStackTrace(task.stackTrace()));
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

        /** When it was looked at last, or began. */
        final long lookedNanos;

        OpenCancel(CancelScope scope, long sinceNanos, long lookedNanos) {
            super(scope);
            this.sinceNanos = sinceNanos;
            this.lookedNanos = lookedNanos;
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
