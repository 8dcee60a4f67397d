package dev.heddle;

import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Durations;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.loop.Timer;
import dev.heddle.internal.sight.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A part of a task's code that can be cancelled as one, with the tasks of the groups inside.
 *
 * <p>Cancellation is a state, not an event (Trio's design): once a scope is cancelled, every waiting call inside it
 * throws {@link CancelledException} until the scope is left. Catching the exception clears nothing. Code that must wait
 * while it cleans up does so inside {@link Heddle#shield}. Code that catches it and waits again gives way before each
 * further one, is held back for up to 50 ms, and is reported once.
 *
 * <p>Scopes form a tree: the body of a scope, the groups that it opened with their tasks, the scopes inside those.
 * Cancelling marks the whole tree below, down to shields, and wakes each task in it once. From there the tasks see the
 * mark themselves, so nothing is delivered twice and nothing spins.
 *
 * <pre>
 *   open ──cancel(), deadline, or an outer scope──▶ cancelled ──left──▶ gone
 * </pre>
 *
 * <p>Threads: {@link #cancel} may be called from any thread and takes effect on the scope's loop. All else is for tasks
 * of that loop; the deadline of a scope also for events of a guest loop's host. To test code that uses scopes, run it
 * in the simulator: deadlines then take no real time.
 */
public final class CancelScope {

    /** A body that is given its scope. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {

        /** Does the work inside the scope. */
        T run(CancelScope scope) throws Exception;
    }

    /** A body without a result that is given its scope. */
    @FunctionalInterface
    public interface VoidBody extends Body<@Nullable Void> {

        /** Does the work inside the scope. */
        void accept(CancelScope scope) throws Exception;

        @Override
        default @Nullable Void run(CancelScope scope) throws Exception {
            accept(scope);
            return null;
        }
    }

    /**
     * Most scopes inside each other in one task; well before its stack is full, since that could tear a group apart. A
     * stack of more than half a region of G1 cannot be suspended: 512 KiB on a small heap, some 400 groups.
     */
    static final int MAX_NESTED = 250;

    private static final String DEADLINE = "deadline";

    private static final int EXPIRED = 1;

    /** The deadline was over when it was set, so nobody has had a turn before it cancelled. */
    static final int AT_ONCE = 2;

    /** A wait of the task has thrown the cancel. */
    static final int DELIVERED = 4;

    /** A group of the task has ended since, which throws no cancel where its tasks have ended in another way. */
    static final int SEEN_BY_GROUP = 8;

    /** Something of the task has met the cancel that reaches this scope. */
    static final int MET = DELIVERED | SEEN_BY_GROUP;

    /** The task whose code is inside. For a task's root scope, the task itself; null only for a loop's root. */
    final @Nullable Task<?> task;

    private final Loop loop;
    private final @Nullable CancelScope parent;
    private final boolean shield;

    /** How many scopes of the same task are around this one. */
    private short depth;

    private @Nullable CancelScope firstChild;
    private @Nullable CancelScope nextSibling;

    /** For the first child it is the last; null when this is not in the tree. */
    private @Nullable CancelScope previousSibling;

    /** The cancel of this scope itself, or else that of one around it which code inside sees; null while there is none. */
    private @Nullable Cancel cancel;

    private @Nullable Deadline deadline;

    /** What has happened here, as a sum of the facts below; one byte, since each task has a scope. */
    private byte facts;

    CancelScope(Loop loop, @Nullable Task<?> task, @Nullable CancelScope parent, boolean shield) {
        this.loop = loop;
        this.task = task;
        this.parent = parent;
        this.shield = shield;
    }

    /** Hangs a new scope into the tree; on the loop. One that was cancelled before stays so. */
    CancelScope attach() {
        if (parent != null) {
            parent.link(this, null);
            if (!shield && cancel == null) {
                cancel = parent.cancel;
            }
        }
        return this;
    }

    /**
     * A scope inside the innermost one of a task.
     *
     * @throws IllegalStateException if there are too many around it
     */
    static CancelScope inside(Task<?> task, boolean shield) {
        int depth = task.scope.depth + 1;
        if (depth > MAX_NESTED) {
            throw new IllegalStateException(
                    "more than " + MAX_NESTED + " scopes and groups inside each other in " + task
                            + "; let tasks go on where this deep recursion is meant");
        }
        CancelScope scope = new CancelScope(task.loop(), task, task.scope, shield).attach();
        scope.depth = (short) depth;
        return scope;
    }

    /**
     * Runs a body in a scope of its own that the body, or whoever it gives the scope to, can cancel.
     *
     * <p>Cancellation: a cancel of this scope ends here; a cancel from outside passes on.
     *
     * @return the body's result; empty if this scope's cancel cut it off
     * @throws NullPointerException if the body gave null, which would look as if it was cut off
     */
    public static <T> Optional<T> open(Body<? extends T> body) {
        return orEmpty(openAndCall(body));
    }

    /**
     * Runs a body without a result in a scope of its own.
     *
     * @return whether the body was done; false if this scope's cancel cut it off
     */
    public static boolean open(VoidBody body) {
        return isDone(openAndCall(body));
    }

    /** The result of a scope where one that was cut off counts as none; failures that would be lost are reported. */
    static <T> Optional<T> orEmpty(@Nullable Object result) {
        if (!isDone(result)) {
            return Optional.empty();
        }
        if (result == null) {
            throw new NullPointerException("the body gave null, which would look as if it was cut off;"
                    + " cast a body without a result to Action, or write it as () -> { ... }");
        }
        @SuppressWarnings("unchecked")
        T value = (T) result;
        return Optional.of(value);
    }

    /** Whether the body of a scope was done; where it was cut off, failures that would be lost are reported. */
    static boolean isDone(@Nullable Object result) {
        if (result instanceof CutOff(Throwable by)) {
            Task<?> task = Task.current();
            task.loop().reportCarried(task, by);
            return false;
        }
        return true;
    }

    private static @Nullable Object openAndCall(Body<?> body) {
        CancelScope scope = inside(Task.current(), false);
        return scope.call(() -> body.run(scope));
    }

    /**
     * The innermost scope around the calling code.
     *
     * @throws IllegalStateException if the caller is no task
     */
    public static CancelScope current() {
        return Task.current().scope;
    }

    /**
     * Throws if the calling task is cancelled: the check that every waiting call begins with. For a thread that is no
     * task an interrupt is the cancel; so it throws in a body on a worker whose caller is cancelled.
     *
     * <p>It gives way only where a task would keep its loop to itself: behind many such checks in a row, and before it
     * throws the same cancel again.
     *
     * @throws CancelledException if an enclosing scope is cancelled, or a thread that is no task is interrupted, which
     *     it then still is
     */
    public static void throwIfCancelled() {
        Task<?> task = Task.currentOrNull();
        if (task != null) {
            task.throwIfCancelled();
        } else if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("the thread was interrupted");
        }
    }

    /** The same for methods of the JDK's interfaces, which promise another exception to threads that are no tasks. */
    static void throwIfCancelledOrInterrupted() throws InterruptedException {
        if (Task.currentOrNull() != null) {
            throwIfCancelled();
        } else if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /**
     * A cancel as the exception that code made for the JDK answers; for what shows itself to such code under an
     * interface of the JDK. That code may set the thread's interrupt again, as is its custom: in a task this means no
     * more than the cancel did.
     */
    public static InterruptedException asInterrupt(CancelledException cancel) {
        Task<?> task = Task.currentOrNull();
        if (task == null) {
            Thread.interrupted(); // answered by the exception, as the JDK does
        } else {
            task.passOnAsInterrupt();
        }
        var interrupt = new InterruptedException(cancel.getMessage());
        interrupt.initCause(cancel);
        return interrupt;
    }

    /** Cancels everything inside. The first reason stays; cancelling again does nothing. Any thread. */
    public void cancel(String reason) {
        Objects.requireNonNull(reason);
        loop.scheduler.inLoop(() -> cancelHere(reason));
    }

    /** Whether {@link #cancel} was called on this very scope or its deadline has passed. */
    public boolean isCancelled() {
        return own() != null;
    }

    /** The cancel of this scope itself; null while it is not cancelled. */
    private @Nullable Cancel own() {
        Cancel seen = cancel;
        return seen != null && seen.of == this ? seen : null;
    }

    /** Why this scope was cancelled; empty while it is not. */
    public Optional<String> reason() {
        return Optional.ofNullable(own()).map(Cancel::reason);
    }

    /** Whether the deadline passed while the scope was open. */
    public boolean hasExpired() {
        return (facts & EXPIRED) != 0;
    }

    /** Whether cancels from outside stop at this scope. */
    public boolean isShielded() {
        return shield;
    }

    /**
     * Sets or moves the deadline to this long from now. Zero or less cancels at the next turn of the loop at the
     * latest.
     */
    public void deadlineAfter(Duration duration) {
        long nanos = Durations.toNanos(duration);
        if (nanos > 0) {
            deadlineAt(loop.nanoTime() + nanos);
            return;
        }
        loop.checkHere("move a scope's deadline");
        if (!loop.scheduler.isHere()) {
            loop.scheduler.inLoop(() -> deadlineAfter(duration));
            return;
        }
        dropDeadline();
        if (!isCancelled()) {
            facts |= AT_ONCE;
            expire();
        }
    }

    /**
     * Sets or moves the deadline to a time of {@link Loop#nanoTime}. One that is over cancels at the next turn of the
     * loop at the latest.
     */
    public void deadlineAt(long nanoTime) {
        loop.checkHere("move a scope's deadline");
        if (!loop.scheduler.isHere()) { // an event of a guest loop's host, which may wait in its helper just now
            loop.scheduler.inLoop(() -> deadlineAt(nanoTime));
            return;
        }
        Deadline timer = deadline;
        dropDeadline();
        if (!isCancelled()) {
            deadline = timer == null ? new Deadline() : timer;
            loop.scheduler.addTimer(deadline, nanoTime);
        }
    }

    /** Takes the deadline away; a cancel that already happened stays. */
    public void clearDeadline() {
        loop.checkHere("take a scope's deadline away");
        if (deadline != null && !loop.scheduler.isHere()) {
            loop.scheduler.inLoop(this::dropDeadline);
        } else {
            dropDeadline();
        }
    }

    /** The same, on the loop. */
    void dropDeadline() {
        if (deadline != null) {
            loop.scheduler.removeTimer(deadline);
            deadline = null;
            endExcuse();
        }
    }

    /** A task that is cancelled around this shielded scope has no leave any more to go on here. */
    private void endExcuse() {
        if (cancel == null && task != null && loop.openCancels.areAny() && reasonInTask() != null) {
            task.excuseEnds();
        }
    }

    /**
     * The time left until the nearest deadline of this scope and those around it, up to a shield; empty for no limit.
     */
    public Optional<Duration> remaining() {
        loop.checkHere("ask for a scope's deadline");
        long left = nanosLeft(loop.nanoTime());
        return left < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(left));
    }

    // ---- inside the kernel ----

    /** Whether a deadline cancels what is inside, sooner or later; a glance from any thread. */
    boolean hasDeadline() {
        for (CancelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
            if (scope.deadline != null) {
                return true;
            }
        }
        return false;
    }

    /** The nanoseconds until the nearest deadline around code in here; -1 for none. On the loop. */
    long nanosLeft(long now) {
        long left = Long.MAX_VALUE;
        for (CancelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
            if (scope.hasExpired()) {
                return 0;
            }
            if (scope.deadline != null) {
                left = Math.min(left, Math.max(0, scope.deadline.deadlineNanos - now));
            }
        }
        return left == Long.MAX_VALUE ? -1 : left;
    }

    /** Why the task of this scope is cancelled, here or behind a shield around; null if it is not. On the loop. */
    @Nullable String reasonInTask() {
        CancelScope scope = this;
        while (scope.cancel == null && scope.parent != null && scope.parent.task == task) {
            scope = scope.parent;
        }
        return scope.effectiveReason();
    }

    /** How long ago, coarsely, code in here was cancelled; without end if it is not. On the loop. */
    long nanosSinceCancel() {
        return cancel == null ? Long.MAX_VALUE : loop.scheduler.nanosSinceCoarse(cancel.coarseTime);
    }

    /** For how long, coarsely, the task of this scope has been cancelled; 0 if it is not. On the loop. */
    @SuppressWarnings("ReferenceEquality") // the very cancel, not one that is called the same
    long nanosCancelled() {
        String reason = reasonInTask();
        for (CancelScope scope = reason == null ? null : this; scope != null; scope = scope.parent) {
            Cancel own = scope.own();
            if (own != null && own.reason == reason) {
                return loop.scheduler.sinceCoarse(own.coarseTime).toNanos();
            }
        }
        return 0;
    }

    /** How deep in its task's code the group is whose tasks hang below; 0 if these are spawned without one. */
    int groupDepth() {
        return parent != null && isGroupOfServices() ? parent.depth : depth;
    }

    /** Whether it is that of the services of a group, which hangs below the group's own. */
    boolean isGroupOfServices() {
        return task == null && shield && parent != null && parent.depth > 0;
    }

    /** Whether no other scope of its task is around this one. */
    boolean isRootOfTask() {
        return task != null && (parent == null || parent.task != task);
    }

    /** How many scopes of the same task are around this one. */
    int depth() {
        return depth;
    }

    @Nullable String effectiveReason() {
        Cancel seen = cancel;
        return seen == null ? null : seen.effectiveReason;
    }

    /** The scope whose deadline cancels code in here; null if nothing cancels it, or something else. */
    @Nullable CancelScope expired() {
        Cancel seen = cancel;
        return seen != null && seen.of.hasExpired() ? seen.of : null;
    }

    boolean isEffectivelyCancelled() {
        return cancel != null;
    }

    boolean isCancelledFromOutside() {
        return !shield && parent != null && parent.cancel != null;
    }

    /**
     * Runs a body inside this scope and leaves it.
     *
     * @return the body's result, or a {@link CutOff} if it ended by this scope's own cancel
     */
    @Nullable Object call(Callable<? extends @Nullable Object> body) {
        Task<?> owner = Task.current();
        owner.enter(this);
        try {
            return body.call();
        } catch (Throwable e) {
            return caught(owner, e);
        } finally {
            leave(owner);
        }
    }

    /**
     * The same under a deadline. A failure of the body's own that comes out behind the deadline has a note of it, since
     * code that swallows an interrupt, as drivers do, hides why it was cut off.
     */
    @Nullable Object callUntil(Duration duration, Callable<? extends @Nullable Object> body) {
        deadlineAfter(duration);
        try {
            return call(body);
        } catch (Throwable e) {
            if (hasExpired() && !Cancellation.isCancellation(e)) {
                e.addSuppressed(new DeadlineExceededException(
                        "behind a deadline of " + Durations.words(duration) + ", which may have cut this off"));
            }
            throw e;
        }
    }

    /** Decides about a throwable that leaves the scope: swallow the own cancel, pass on everything else. */
    private Object caught(Task<?> owner, Throwable e) {
        noticeInterruptIn(e);
        if (owner.answersCancel(e)) {
            if (isCancelledFromOutside()) {
                throw owner.cancelledException(e);
            }
            if (isCancelled()) {
                return new CutOff(e);
            }
        }
        throw Throwables.unchecked(e);
    }

    /** An interrupt that nobody of ours sent cancels the whole task. */
    void noticeInterruptIn(Throwable e) {
        if (cancel == null && task != null && task.answersInterrupt(e)) {
            task.root().cancelHere(Task.INTERRUPTED);
        }
    }

    private void leave(Task<?> owner) {
        if (firstChild != null) {
            owner.endThreads(this);
        }
        dropDeadline();
        unlink();
        if (parent != null) {
            owner.leaveTo(parent);
        }
    }

    /** On the loop. */
    void cancelHere(String reason) {
        if (own() != null) {
            return;
        }
        Cancel around = cancel;
        int time = loop.scheduler.coarseTime(); // no engine asked: it may have failed
        if (around == null) {
            endExcuse();
            spread(new Cancel(this, reason, time, reason));
            loop.openCancels.add(this);
        } else {
            cancel = new Cancel(this, reason, time, around.effectiveReason);
        }
        Events heard = Events.heard();
        if (heard != null) {
            heard.cancelled(loop, task, reason);
        }
    }

    /**
     * The outermost scope of the same task that is cancelled by what cancels this one, or by something around that: no
     * shield is between. Only where this one is cancelled.
     */
    CancelScope outermostCancelled() {
        CancelScope outermost = this;
        CancelScope around = parent;
        while (!outermost.shield && around != null && around.task == task && around.cancel != null) {
            outermost = around;
            around = outermost.parent;
        }
        return outermost;
    }

    /**
     * Notes that its task meets the cancel that reaches this scope: {@link #DELIVERED} by a wait, {@link #SEEN_BY_GROUP}
     * by a group's end.
     *
     * @return the facts before
     */
    int note(int meeting) {
        int before = facts;
        facts |= (byte) meeting;
        return before;
    }

    private void expire() {
        facts |= EXPIRED;
        cancelHere(DEADLINE);
    }

    /** Has the deadlines around the calling code that are over cancel, without waiting for their timers. */
    void expireOverdue() {
        if (loop.scheduler.timers() == 0) {
            return;
        }
        for (CancelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
            if (scope.deadline != null && loop.nanoTime() - scope.deadline.deadlineNanos >= 0) {
                scope.dropDeadline();
                scope.expire();
            }
        }
    }

    /** Marks the tree below, parents first, and wakes each task once. Walks without recursion: trees may be deep. */
    private void spread(Cancel cancel) {
        CancelScope scope = this;
        scope.mark(cancel);
        while (true) {
            CancelScope next = scope.firstChild;
            while (next == null || next.shield || next.cancel != null) {
                if (next != null) {
                    next = next.nextSibling;
                } else if (scope == this) {
                    return;
                } else {
                    next = scope.nextSibling;
                    scope = scope.parentOrSelf();
                }
            }
            scope = next;
            scope.mark(cancel);
        }
    }

    /** The task that the scopes around this one belong to; null at the loop's own. */
    @Nullable Task<?> parentTask() {
        for (CancelScope scope = parent; scope != null; scope = scope.parent) {
            if (scope.task != null) {
                return scope.task;
            }
        }
        return null;
    }

    CancelScope parentOrSelf() {
        return parent == null ? this : parent;
    }

    private void mark(Cancel cancel) {
        this.cancel = cancel;
        if (task != null && task.scope == this) {
            task.wakeForCancel();
        }
    }

    /** Hangs a new scope before one that is there, or behind all. */
    private void link(CancelScope child, @Nullable CancelScope behind) {
        CancelScope first = firstChild;
        if (first == null) {
            child.previousSibling = child;
            firstChild = child;
            return;
        }
        CancelScope next = behind == null ? first : behind;
        CancelScope previous = next.previousSibling;
        child.previousSibling = previous;
        child.nextSibling = behind;
        next.previousSibling = child;
        if (behind == first) {
            firstChild = child;
        } else if (previous != null) {
            previous.nextSibling = child;
        }
    }

    /** Takes this scope out of the tree. */
    void unlink() {
        CancelScope previous = previousSibling;
        CancelScope next = nextSibling;
        if (parent == null || previous == null) {
            return;
        }
        CancelScope first = parent.firstChild;
        if (first == this) {
            parent.firstChild = next;
        } else {
            previous.nextSibling = next;
        }
        CancelScope behind = next == null ? first : next;
        if (behind != null) {
            behind.previousSibling = previous;
        }
        previousSibling = null;
        nextSibling = null;
    }

    /** Whether code is inside, or may come; on the loop. */
    boolean isInUse() {
        return parent == null || previousSibling != null;
    }

    /** Whether this is in the tree below another, as it is now: no scope on the way there was left. On the loop. */
    boolean isBelow(CancelScope top) {
        CancelScope scope = this;
        while (scope != top && scope.parent != null && scope.isInUse()) {
            scope = scope.parent;
        }
        return scope == top;
    }

    /** Hangs a scope of nobody into the tree that keeps the place of this one, until it is unlinked. On the loop. */
    CancelScope bookmarkBefore() {
        return bookmark(this);
    }

    /** Hangs a scope of nobody into the tree that keeps the place behind this one and all below. On the loop. */
    CancelScope bookmarkBehind() {
        return bookmark(nextSibling);
    }

    private CancelScope bookmark(@Nullable CancelScope behind) {
        CancelScope around = parentOrSelf();
        var bookmark = new CancelScope(loop, null, around, true);
        around.link(bookmark, behind);
        return bookmark;
    }

    /** Whether a scope is this one or in the tree below. */
    boolean isAround(@Nullable CancelScope inner) {
        CancelScope scope = inner;
        while (scope != null && scope != this) {
            scope = scope.parent;
        }
        return scope == this;
    }

    /** The task whose code is inside and those in the tree below, owners first, but not more than told. */
    List<Task<?>> tasksInside(int most) {
        List<Task<?>> tasks = new ArrayList<>();
        if (task != null && !isRootOfTask()) {
            tasks.add(task);
        }
        collectTasks(tasks, most);
        return tasks;
    }

    /** The tasks whose root scopes hang right below, oldest first. */
    List<Task<?>> childTasks() {
        List<Task<?>> tasks = new ArrayList<>();
        for (CancelScope child = firstChild; child != null; child = child.nextSibling) {
            Task<?> rooted = child.rootedTask();
            if (rooted != null) {
                tasks.add(rooted);
            }
        }
        return tasks;
    }

    /** The task whose root scope this is; null if it is none. */
    @Nullable Task<?> rootedTask() {
        return isRootOfTask() ? task : null;
    }

    /** The tasks in the tree below, owners before what they own, but not more than told. */
    void collectTasks(List<Task<?>> tasks, int most) {
        for (CancelScope scope = this; scope != null && tasks.size() < most; scope = scope.nextBelow(this)) {
            Task<?> rooted = scope.rootedTask();
            if (rooted != null) {
                tasks.add(rooted);
            }
        }
    }

    /** Tells the tasks in the tree below that they will have no more turn, owners first. Takes no memory. */
    void endTasks() {
        for (CancelScope scope = this; scope != null; scope = scope.nextBelow(this)) {
            Task<?> rooted = scope.rootedTask();
            if (rooted != null) {
                rooted.endWithLoop();
            }
        }
    }

    /** The scope after this one in a walk through the tree below the top, parents first. */
    @Nullable CancelScope nextBelow(CancelScope top) {
        if (firstChild != null) {
            return firstChild;
        }
        for (CancelScope scope = this; scope != null && scope != top; scope = scope.parent) {
            if (scope.nextSibling != null) {
                return scope.nextSibling;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        String reason = effectiveReason();
        String state = reason == null ? "open" : "cancelled: " + reason;
        return "CancelScope[" + (task == null ? loop.name() : task.name()) + (shield ? ", shield, " : ", ") + state
                + "]";
    }

    /**
     * The cancel of a scope, with those inside that see it.
     *
     * @param effectiveReason what code inside is told: where the scope had been cancelled from outside before, that
     */
    private record Cancel(CancelScope of, String reason, int coarseTime, String effectiveReason) {}

    /** The scope's timer. */
    private final class Deadline extends Timer {
        @Override
        public void fire() {
            deadline = null;
            expire();
        }
    }
}
