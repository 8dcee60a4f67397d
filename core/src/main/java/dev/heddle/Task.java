package dev.heddle;

import dev.heddle.internal.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on a loop, as a virtual thread of its own, and its result.
 *
 * <pre>
 *   PENDING ──first turn──▶ RUNNING ──body and its own tasks ended──▶ SUCCEEDED | FAILED | CANCELLED
 * </pre>
 *
 * <p>A task always runs to its first waiting call, also when it was cancelled before, so that it can release what it was
 * given. Tasks that it {@linkplain Heddle#spawn spawned} end before it does.
 *
 * <p>Threads: the methods here may be called from any task or thread. What a task waits for it waits for on its own loop.
 *
 * @param <T> what the body gives
 */
public final class Task<T> {

    /** Where a task is in its life. */
    public enum State {
        /** Spawned, its first turn is still to come. */
        PENDING,
        /** Running or waiting. */
        RUNNING,
        /** Ended with a result. */
        SUCCEEDED,
        /** Ended with a failure. */
        FAILED,
        /** Ended by being cancelled. */
        CANCELLED
    }

    static final String INTERRUPTED = "interrupted by Thread.interrupt()";

    private final long id;
    private final @Nullable String name;
    private final TaskGroup owner;
    private final @Nullable StackTraceElement spawnedAt;

    /** The task's outermost scope; its own cancel goes here. */
    final CancelScope root;

    /** The innermost scope that the task is in now. */
    CancelScope scope;

    /** The wait that the task is in, if it is one of ours; a task that waits without one is inside foreign code. */
    @Nullable Waiter waiting;

    /** A Callable of the result or an Action; not wrapped, since each frame of a parked task costs heap. */
    private @Nullable Object body;

    private @Nullable Fiber fiber;
    private @Nullable ForeignWait foreignWait;
    private @Nullable TaskGroup children;
    private @Nullable List<Waiter> joiners;
    private @Nullable List<Consumer<? super Task<T>>> callbacks;

    /** The result if the task succeeded, the failure if it failed. */
    private @Nullable Object outcome;

    private volatile boolean failureSeen;
    private volatile State state = State.PENDING;

    static <T> Task<T> of(
            TaskGroup owner, @Nullable String name, Callable<? extends T> body, @Nullable StackTraceElement spawnedAt) {
        return new Task<>(owner, name, body, spawnedAt);
    }

    static Task<Void> of(TaskGroup owner, @Nullable String name, Action body, @Nullable StackTraceElement spawnedAt) {
        return new Task<>(owner, name, body, spawnedAt);
    }

    private Task(TaskGroup owner, @Nullable String name, Object body, @Nullable StackTraceElement spawnedAt) {
        Loop loop = owner.loop();
        this.id = loop.nextTaskId();
        this.name = name;
        this.owner = owner;
        this.body = body;
        this.spawnedAt = spawnedAt;
        this.root = new CancelScope(loop, this, owner.scope(), false);
        this.scope = root;
        this.fiber = new Fiber(loop, this, name);
    }

    /** The running task. */
    static Task<?> current() {
        Task<?> task = currentOrNull();
        if (task == null) {
            throw new IllegalStateException(
                    "no task is running here: call this inside Heddle.run(...) or a task, not in "
                            + Thread.currentThread());
        }
        return task;
    }

    static @Nullable Task<?> currentOrNull() {
        Fiber fiber = Fiber.current();
        return fiber == null ? null : fiber.task;
    }

    // ---- for users ----

    /**
     * Waits for the end and gives the result. An unchecked exception of the body is thrown as it is, a checked one as the
     * cause of a {@link TaskFailedException}. A task that has ended answers at once, even to a cancelled caller: its result
     * is committed. To wait for a time only: {@code timeout(duration, task::join)}.
     *
     * <p>Cancellation: a cancelled call leaves the task running.
     *
     * @throws TaskCancelledException if the task was cancelled
     * @throws CancelledException if the caller's scope is cancelled while waiting
     * @throws IllegalStateException if a task joins itself
     */
    public T join() {
        awaitEnd();
        return outcome();
    }

    /** Cancels the task and those it owns. Does nothing if it has ended. */
    public void cancel() {
        Task<?> canceller = currentOrNull();
        cancel("cancelled by " + (canceller == null ? Thread.currentThread().getName() : canceller.name()));
    }

    /** Cancels the task, with a reason that shows in its {@link CancelledException}. The first reason stays. */
    public void cancel(String reason) {
        Objects.requireNonNull(reason);
        if (!isDone()) {
            root.cancel(reason);
        }
    }

    /** Whether the task has ended. */
    public boolean isDone() {
        return state.compareTo(State.SUCCEEDED) >= 0;
    }

    public State state() {
        return state;
    }

    /**
     * Why the task failed; empty if it has not.
     */
    public Optional<Throwable> failure() {
        if (state != State.FAILED) {
            return Optional.empty();
        }
        failureSeen = true;
        return Optional.ofNullable(peekFailure());
    }

    /**
     * Calls back when the task has ended, in the order of registration, as callbacks of the task's loop; also if it has ended
     * already. On the calling thread if the loop has ended too. A callback that throws is reported and stops no other.
     */
    public void onDone(Consumer<? super Task<T>> callback) {
        Objects.requireNonNull(callback);
        boolean alive = loop().turns.inLoop(() -> {
            if (isDone()) {
                loop().runCallback(() -> callback.accept(this));
                return;
            }
            if (callbacks == null) {
                callbacks = new ArrayList<>(1);
            }
            callbacks.add(callback);
        });
        if (!alive) {
            new Handle(loop(), () -> callback.accept(this)).call();
        }
    }

    /** The task as a future, for code that wants one. Cancelling the future cancels the task. */
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> future = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                Task.this.cancel("its future was cancelled");
                return super.cancel(mayInterrupt);
            }
        };
        failureSeen = true; // whoever holds the future gets the failure
        onDone(task -> {
            switch (task.state) {
                case SUCCEEDED -> future.complete(task.outcome());
                case CANCELLED -> future.completeExceptionally(new CancellationException(task.cancelMessage()));
                case FAILED -> future.completeExceptionally(Objects.requireNonNull(task.peekFailure()));
                case PENDING, RUNNING -> throw new IllegalStateException("not ended: " + task);
            }
        });
        return future;
    }

    /** The name given at the spawn, or {@code task-17}. */
    public String name() {
        return name == null ? "task-" + id : name;
    }

    /** Numbers the tasks of a loop in the order of their spawning, from 1. */
    public long id() {
        return id;
    }

    /** The loop that the task lives on. */
    public Loop loop() {
        return owner.loop();
    }

    /** Where the task was spawned, as far as known. */
    public Optional<StackTraceElement> spawnedAt() {
        return Optional.ofNullable(spawnedAt);
    }

    /** What the task waits for, for people; empty if it runs, is ready to run, or has ended. */
    public Optional<String> waitingFor() {
        Waiter waiter = waiting;
        if (waiter != null) {
            return waiter.isOpen() ? Optional.of(waiter.toString()) : Optional.empty();
        }
        Fiber thread = fiber;
        return thread == null || !thread.isSuspended()
                ? Optional.empty()
                : Optional.of(ForeignWait.describe(thread.thread));
    }

    /** The stack of the task, if it is alive. */
    public StackTraceElement[] stackTrace() {
        Fiber thread = fiber;
        return thread == null ? new StackTraceElement[0] : thread.thread.getStackTrace();
    }

    @Override
    public String toString() {
        return "task " + name() + " (" + loop().name() + ", " + state.name().toLowerCase(Locale.ROOT) + ")";
    }

    // ---- life ----

    void start() {
        VirtualThreads.start(Objects.requireNonNull(fiber).thread);
    }

    /** The task's whole life, on its own thread. */
    void live() {
        state = State.RUNNING;
        Object value = null;
        Throwable thrown = null;
        try {
            if (body instanceof Action action) {
                action.run();
            } else if (body instanceof Callable<?> callable) {
                value = callable.call();
            }
        } catch (Throwable e) {
            thrown = e;
        }
        body = null;
        if (children != null) {
            children.endWithOwner();
        }
        end(value, thrown);
    }

    private void end(@Nullable Object value, @Nullable Throwable thrown) {
        State end;
        if (thrown == null) {
            end = State.SUCCEEDED;
            outcome = value;
        } else if (isOwnCancellation(thrown)) {
            end = State.CANCELLED;
        } else {
            end = State.FAILED;
            outcome = thrown;
            SpawnedHere.addTo(thrown, this, spawnedAt);
        }
        fiber = null;
        foreignWait = null;
        children = null;
        root.clearDeadline();
        root.unlink();
        state = end;
        wakeJoiners();
        callBack();
        owner.ended(this);
    }

    /** The loop ended before the task's first turn. */
    void endUnstarted() {
        root.cancelHere("the loop has ended");
        state = State.CANCELLED;
        wakeJoiners();
    }

    /** Foreign code may have consumed an interrupt that nobody but Thread.interrupt() sent; that cancels the task too. */
    boolean isOwnCancellation(Throwable thrown) {
        return Cancellation.isCancellation(thrown)
                && (root.isEffectivelyCancelled() || Cancellation.provesInterrupt(thrown));
    }

    private void wakeJoiners() {
        if (joiners != null) {
            for (Waiter joiner : joiners) {
                joiner.complete();
            }
            joiners = null;
        }
    }

    private void callBack() {
        if (callbacks != null) {
            for (Consumer<? super Task<T>> callback : callbacks) {
                loop().runCallback(() -> callback.accept(this));
            }
            callbacks = null;
        }
    }

    // ---- joining ----

    private void awaitEnd() {
        if (isDone()) {
            return;
        }
        Task<?> joiner = currentOrNull();
        if (joiner == this) {
            throw new IllegalStateException(this + " cannot join itself: it would wait for ever");
        }
        CancelScope.throwIfCancelled();
        Waiter waiter = new Waiter(new Joining(this));
        if (!loop().turns.inLoop(() -> addJoiner(waiter))) {
            waiter.complete();
        }
        try {
            waiter.await();
        } finally {
            if (!waiter.isCompleted()) {
                loop().turns.inLoop(() -> removeJoiner(waiter));
            }
        }
    }

    /** On the loop. */
    private void addJoiner(Waiter waiter) {
        if (isDone()) {
            waiter.complete();
            return;
        }
        if (joiners == null) {
            joiners = new ArrayList<>(1);
        }
        joiners.add(waiter);
    }

    private void removeJoiner(Waiter waiter) {
        if (joiners != null) {
            joiners.remove(waiter);
        }
    }

    /** The result of an ended task, or its failure. */
    @SuppressWarnings({"unchecked", "NullAway"}) // what a body gave is a T; it may give null, and T then says so
    T outcome() {
        return switch (state) {
            case SUCCEEDED -> (T) outcome;
            case FAILED -> {
                failureSeen = true;
                throw Failures.unchecked(Objects.requireNonNull(peekFailure()));
            }
            case CANCELLED -> throw new TaskCancelledException(cancelMessage());
            case PENDING, RUNNING -> throw new IllegalStateException("not ended: " + this);
        };
    }

    private String cancelMessage() {
        return "task " + name() + " was cancelled: " + cancelReason();
    }

    String cancelReason() {
        String reason = root.effectiveReason();
        return reason == null ? INTERRUPTED : reason;
    }

    /** The failure, without counting as seen by anybody. */
    @Nullable Throwable peekFailure() {
        return outcome instanceof Throwable failure && state == State.FAILED ? failure : null;
    }

    /** Whoever called run(...) gets the failure; nobody else needs to hear of it. */
    void failureIsForCaller() {
        failureSeen = true;
    }

    boolean isFailureSeen() {
        return failureSeen;
    }

    // ---- cancelling, on the loop ----

    /** On the task's own thread. */
    void throwIfCancelled() {
        noticeInterrupt();
        if (isCancelPending()) {
            throw cancelledException();
        }
    }

    boolean isCancelPending() {
        return scope.isEffectivelyCancelled();
    }

    CancelledException cancelledException() {
        return cancelledException(null);
    }

    CancelledException cancelledException(@Nullable Throwable cause) {
        if (cause instanceof CancelledException already) {
            return already;
        }
        String reason = scope.effectiveReason();
        return new CancelledException(reason == null ? INTERRUPTED : reason, cause);
    }

    /** Wakes the task so that it sees its cancelled scope. A running or ready task sees it at its next wait anyway. */
    void wakeForCancel() {
        Fiber thread = fiber;
        if (thread == null || loop().turns.running() == thread) {
            return;
        }
        if (waiting != null) {
            LockSupport.unpark(thread.thread);
        } else if (thread.isSuspended()) {
            interruptForeignWait(thread);
        }
    }

    /** The loop saw the task suspend: if it is cancelled and waits in foreign code, only an interrupt reaches it. */
    void suspended() {
        Fiber thread = fiber;
        if (thread != null && waiting == null && scope.isEffectivelyCancelled() && thread.isSuspended()) {
            interruptForeignWait(thread);
        }
    }

    private void interruptForeignWait(Fiber thread) {
        if (foreignWait == null) {
            foreignWait = new ForeignWait();
        }
        foreignWait.interruptOnce(thread.thread);
    }

    /**
     * Clears the thread's interrupt, on the task's own thread, before one of our waits. An interrupt of ours has done its
     * work; one from anybody else cancels the task.
     */
    void noticeInterrupt() {
        if (Thread.interrupted() && !isCancelPending() && (foreignWait == null || !foreignWait.takeSent())) {
            root.cancelHere(INTERRUPTED);
        }
    }

    /** Goes into an inner scope. */
    void enter(CancelScope inner) {
        scope = inner;
        forgetInterrupt();
    }

    /** Goes back to an outer scope. */
    void leaveTo(CancelScope outer) {
        scope = outer;
        forgetInterrupt();
    }

    /** An interrupt sent for a cancelled scope must not hit code behind its end, nor behind a shield in it. */
    private void forgetInterrupt() {
        if (foreignWait != null && !scope.isEffectivelyCancelled()) {
            if (foreignWait.takeSent()) {
                Thread.interrupted();
            }
            foreignWait = null;
        }
    }

    /** Whether the task is suspended in code that is not ours. */
    boolean isInForeignWait() {
        Fiber thread = fiber;
        return thread != null && waiting == null && thread.isSuspended();
    }

    /** Whether the task sleeps in foreign code that the real clock will wake. */
    boolean isInTimedForeignWait() {
        Fiber thread = fiber;
        return thread != null && waiting == null && thread.thread.getState() == Thread.State.TIMED_WAITING;
    }

    // ---- owning ----

    /** The group of the tasks that this task spawned by itself. */
    TaskGroup children() {
        if (children == null) {
            children = TaskGroup.background(loop(), root);
        }
        return children;
    }

    /** What a join waits for. */
    private record Joining(Task<?> task) {
        @Override
        public String toString() {
            return "joining " + task;
        }
    }
}
