package dev.heddle;

import dev.heddle.internal.CancelChecks;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.TaskResources;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.diagnosis.DiagnosisAccess;
import dev.heddle.internal.loop.EndListener;
import dev.heddle.internal.loop.EndListeners;
import dev.heddle.internal.pool.WorkerThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
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
 * <p>A task always runs to its first waiting call, also when it was cancelled before, so that it can release what it
 * was given. Tasks that it {@linkplain Heddle#spawn spawned} end before it does.
 *
 * <p>{@link Thread#interrupt} of its thread cancels a task that waits, or is about to run. One that comes while
 * it computes counts at its next waiting call; a wait of the JDK that it meets first fails with it. An {@link
 * InterruptedException} by itself does not: where nobody has interrupted the task it is a failure, of another perhaps. A
 * thread has one flag: an interrupt that meets the cancel of a scope in a wait of the JDK counts as that cancel.
 *
 * <p>Threads: the methods here may be called from any task or thread. What a task waits for it waits for on its own
 * loop.
 *
 * @param <T> what the body gives
 */
public final class Task<T> implements Joinable<T> {

    /** The state of a task in its life. */
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

    /** Among the checks: none since the last wait, so that what fails now is the call that waited. */
    private static final int WAITED = 4;

    private static final State[] STATES = State.values();

    /** So many owners are asked what a task is about; a handler's tasks are a few levels deep. */
    private static final int MAX_LABEL_DEPTH = 32;

    static {
        TaskAccess.install(new KernelTaskAccess());
        DiagnosisAccess.install(new KernelDiagnosisAccess());
    }

    private final long id;
    private final @Nullable String name;
    private final TaskGroup owner;
    private final @Nullable StackTraceElement spawnedAt;

    /** The innermost scope that the task is in now. */
    CancelScope scope;

    /** The wait that the task is in, if it is one of ours; a task that waits without one is inside foreign code. */
    @Nullable Waiter waiting;

    /**
     * A Callable of the result or an Action while that is to run or runs; not wrapped, since each frame of a parked
     * task costs heap. From the end the result, or the failure.
     */
    private @Nullable Object bodyOrOutcome;

    private @Nullable Fiber fiber;
    private @Nullable EndListeners listeners;

    /** What few tasks have; apart, since there may be a million. */
    private @Nullable Rare rare;

    /** Whether it has checked for a cancel, and was told of one by who looks for that; see {@link CancelChecks}. */
    private byte checks;

    /** The calls that have failed at once since it last waited, as far as {@link RefusedCalls#MANY}. */
    private byte refused;

    /** The loop's coarse time when it was spawned. */
    private final int spawnedTime;

    private volatile boolean failureSeen;

    /** The number of its {@link State}. */
    private volatile byte state;

    static <T> Task<T> of(
            TaskGroup owner, @Nullable String name, Callable<? extends T> body, @Nullable StackTraceElement spawnedAt) {
        return new Task<>(owner, name, body, spawnedAt);
    }

    static Task<Void> of(TaskGroup owner, @Nullable String name, Action body, @Nullable StackTraceElement spawnedAt) {
        return new Task<>(owner, name, body, spawnedAt);
    }

    private Task(TaskGroup owner, @Nullable String name, Object body, @Nullable StackTraceElement spawnedAt) {
        Loop loop = owner.loop;
        this.id = loop.nextTaskId();
        this.name = name;
        this.owner = owner;
        this.bodyOrOutcome = body;
        this.spawnedAt = spawnedAt;
        this.scope = new CancelScope(loop, this, owner.scope(), false);
        this.fiber = new Fiber(loop, this, name);
        this.spawnedTime = loop.scheduler.coarseTime();
    }

    /** The running task. */
    static Task<?> current() {
        Task<?> task = currentOrNull();
        if (task == null) {
            throw new IllegalStateException(
                    "no task is running here: call this inside Heddle.run(...) or a task, not in "
                            + Thread.currentThread() + LiveLoops.wayIn());
        }
        return task;
    }

    /** The task that lives, or lived, on a thread; empty for every other thread. Any thread may ask. */
    public static Optional<Task<?>> ofThread(Thread thread) {
        Fiber fiber = Fiber.of(thread);
        return fiber == null ? Optional.empty() : Optional.ofNullable(fiber.task);
    }

    static @Nullable Task<?> currentOrNull() {
        Fiber fiber = Fiber.of(Thread.currentThread());
        return fiber == null ? null : fiber.task;
    }

    /** The task that the calling code works for: its own, or the one that has given it to a thread; null if none. */
    static @Nullable Task<?> servedOrNull() {
        Task<?> own = currentOrNull();
        Task<?> offloader = own == null ? OffloadThreads.offloader() : own;
        return offloader == null ? WorkerThreads.submitter() : offloader;
    }

    // ---- for users ----

    @Override
    public T join() {
        Outcome<T> outcome = awaitOutcome();
        if (outcome instanceof Outcome.Cancelled<T>(String reason)) {
            throw new TaskCancelledException(reason, loop().failureBehind(root().effectiveReason()));
        }
        return outcome.get();
    }

    @Override
    public Outcome<T> awaitOutcome() {
        if (!isDone()) {
            JoinWait.await(this);
        }
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
            root().cancel(reason);
        }
    }

    /**
     * Cancels the task, and lets it end as failed: with this failure, which its joiners and its group get. It is no
     * more abrupt than {@link #cancel()}: the task sees a {@link CancelledException} at each wait and ends in its own
     * time. One that ends with a result or another failure all the same keeps that. Does nothing if the task has ended
     * or was cancelled before.
     */
    public void fail(Throwable failure) {
        Objects.requireNonNull(failure);
        loop().scheduler.inLoop(() -> {
            if (!isDone() && !root().isEffectivelyCancelled()) {
                rare().givenFailure = failure;
                root().cancelHere("made to fail: " + Throwables.text(failure));
            }
        });
    }

    @Override
    public boolean isDone() {
        return STATES[state].compareTo(State.SUCCEEDED) >= 0;
    }

    /** Where the task is in its life. A look at it changes nothing: a failure that nobody joins is reported all the same. */
    public State state() {
        return STATES[state];
    }

    @SuppressWarnings("EnumOrdinal") // never leaves the JVM
    private void become(State next) {
        state = (byte) next.ordinal();
    }

    @Override
    public Optional<Throwable> failure() {
        if (state() != State.FAILED) {
            return Optional.empty();
        }
        failureSeen = true;
        return Optional.ofNullable(peekFailure());
    }

    /**
     * Calls back when the task has ended, in the order of registration, as callbacks of the task's loop; also if it has
     * ended already. On the calling thread if the loop has ended too. A callback that throws is reported and stops no
     * other.
     *
     * @return takes the callback back
     */
    public Handle onDone(Consumer<? super Task<T>> callback) {
        Objects.requireNonNull(callback);
        DoneCallback listener = new DoneCallback(loop(), () -> callback.accept(this), this::removeListener);
        if (!loop().scheduler.inLoop(() -> addListener(listener))) {
            awaitEndOfLoop();
            listener.handle.call();
        }
        return listener.handle;
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> future = CompletionStages.future(this, this::cancel);
        failureSeen = true; // whoever holds the future gets the failure
        Handle link = onDone(
                task -> CompletionStages.settle(future, task.ended(), loop().failureBehind(root().effectiveReason())));
        CompletionStages.whenLeft(this, future, link::cancel);
        return future;
    }

    /** The name given at the spawn, or {@code task-17}. */
    public String name() {
        return name == null ? "task-" + id : name;
    }

    /** The name given at the spawn; null if none was. */
    @Nullable String givenName() {
        return name;
    }

    /** Numbers the tasks of a loop in the order of their spawning, from 1. */
    public long id() {
        return id;
    }

    /** The loop that the task lives on. */
    public Loop loop() {
        return owner.loop;
    }

    /** The task whose code spawned this one or opened its group; empty for those that the loop owns. */
    public Optional<Task<?>> parent() {
        return Optional.ofNullable(root().parentTask());
    }

    /** Where the task was spawned, as far as known. */
    public Optional<StackTraceElement> spawnedAt() {
        return Optional.ofNullable(spawnedAt);
    }

    /** The tasks that this one has spawned, that end with it, and that have not ended. On its loop. */
    public List<Task<?>> owned() {
        return rare == null || rare.children == null ? List.of() : rare.children.tasks();
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

    /**
     * How long the task has been waiting: the time since it last began to run, give or take some ten milliseconds, and
     * counting to 248 days. A wait that looks around now and then counts from its begin. Empty if it runs, is ready to
     * run, or has ended. For reports: keeping it costs a task nothing.
     */
    public Optional<Duration> waitingTime() {
        long nanos = waitedNanos();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /** The nanoseconds for which it has waited, coarsely; -1 if it does not. Any thread. */
    long waitedNanos() {
        Fiber thread = fiber;
        long nanos = thread == null ? -1 : thread.suspendedNanos();
        Rare mine = rare;
        return nanos < 0 || mine == null || mine.paused == null || mine.paused != waiting
                ? nanos
                : Math.max(nanos, loop().scheduler.nanosSinceCoarse(mine.pausedSince));
    }

    /**
     * A wait has met its limit, and may be taken up again, as by who looks at something meanwhile.
     *
     * @param waiter null if it is over
     * @param begun the loop's coarse time when it began, or was taken up again
     */
    void pausedIn(@Nullable Waiter waiter, int begun) {
        if (waiter != null && rare().paused != waiter) {
            rare().pausedSince = begun;
        }
        if (rare != null) {
            rare.paused = waiter;
        }
    }

    /** A clean-up behind its cancel has no deadline of its own any more. On the loop. */
    void excuseEnds() {
        rare().excuseEnded = loop().scheduler.coarseTime();
    }

    /** For how long, coarsely, it has had no leave to go on: since its cancel, or the last clean-up. On the loop. */
    long nanosWithoutExcuse() {
        long since = scope.nanosSinceCancel();
        return rare == null || rare.excuseEnded < 0
                ? since
                : Math.min(since, loop().scheduler.nanosSinceCoarse(rare.excuseEnded));
    }

    /** The nanoseconds since it was spawned, coarsely. Any thread. */
    long ageNanos() {
        return loop().scheduler.nanosSinceCoarse(spawnedTime);
    }

    /** As {@link #spawnedAt()}; null if it is not known. */
    @Nullable StackTraceElement spawnedAtOrNull() {
        return spawnedAt;
    }

    /** The stack of the task, if it is alive. */
    public StackTraceElement[] stackTrace() {
        Fiber thread = fiber;
        return thread == null ? new StackTraceElement[0] : StackTraces.of(thread.thread);
    }

    @Override
    public String toString() {
        return "task " + name() + " (" + loop().name() + ", " + state().name().toLowerCase(Locale.ROOT) + ")";
    }

    // ---- life ----

    void start() {
        VirtualThreads.start(Objects.requireNonNull(fiber).thread);
    }

    /** Somebody else starts its thread. Any thread. */
    void threadStarts() {
        owner.takeIn(this);
    }

    /** Whether it has a turn to come or has had one, also where its start has failed behind that; on its loop. */
    boolean isStarted() {
        Fiber own = Objects.requireNonNull(fiber);
        return own.thread.getState() != Thread.State.TERMINATED
                && (state() != State.PENDING || loop().scheduler.isReady(own));
    }

    /** The task's whole life, on its own thread. */
    void live() {
        if (isDone()) {
            return; // It came while the loop ended, and has been told so; its thread has a turn all the same.
        }
        become(State.RUNNING);
        Object value = null;
        Throwable thrown = null;
        try {
            if (bodyOrOutcome instanceof Action action) {
                action.run();
            } else if (bodyOrOutcome instanceof Callable<?> callable) {
                value = callable.call();
            }
        } catch (Throwable e) {
            thrown = e;
        }
        bodyOrOutcome = null;
        try {
            thrown = endOwned(thrown);
        } catch (Throwable e) {
            thrown = e;
            loop().scheduler.escaped(e);
        }
        end(value, thrown);
    }

    private @Nullable Throwable endOwned(@Nullable Throwable thrown) {
        try {
            Rare more = rare;
            Throwable all = more == null || more.resources == null ? thrown : more.resources.closeAll(thrown);
            endThreads(scope);
            if (more != null && more.children != null) {
                more.children.endWithOwner();
            }
            return all;
        } finally {
            Objects.requireNonNull(fiber).endHolding();
        }
    }

    /** Whatever fails in here, the task ends, and who waits for it is told. */
    private void end(@Nullable Object value, @Nullable Throwable thrown) {
        State end;
        try {
            end = verdict(value, thrown);
        } catch (Throwable e) {
            end = State.FAILED;
            bodyOrOutcome = e;
            loop().scheduler.escaped(e);
        }
        fiber = null;
        rare = rare == null ? null : rare.atEnd();
        CancelScope root = root();
        root.dropDeadline();
        root.unlink();
        become(end);
        try {
            tellListeners();
        } finally {
            owner.ended(this);
        }
    }

    /** The state that the task ends in, with its outcome set. */
    private State verdict(@Nullable Object value, @Nullable Throwable thrown) {
        if (thrown == null) {
            bodyOrOutcome = value;
            return State.SUCCEEDED;
        }
        if (isOwnCancellation(thrown)) {
            loop().reportCarried(this, thrown);
            bodyOrOutcome = givenFailure();
            return bodyOrOutcome == null ? State.CANCELLED : State.FAILED;
        }
        bodyOrOutcome = thrown;
        SpawnTrace.addTo(thrown, this, spawnedAt);
        return State.FAILED;
    }

    /**
     * The loop has ended, and this task never will: it had no turn yet, or it ignores its cancel. Who waits for it is
     * told.
     */
    void endWithLoop() {
        try {
            root().cancelHere(loop().endReason());
            become(State.CANCELLED);
            if (fiber != null) {
                fiber.endHoldingWithLoop(waiting);
            }
            tellListeners();
        } catch (Throwable e) {
            loop().report("the end of " + loop().name() + " could not be told", e);
        } finally {
            become(State.CANCELLED);
        }
    }

    /** Whether it answers a cancel of this task, and is neither a failure of its own nor one that came from elsewhere. */
    boolean isOwnCancellation(Throwable thrown) {
        return root().isEffectivelyCancelled() ? answersCancel(thrown) : answersInterrupt(thrown);
    }

    /**
     * Whether it may be how code has answered the cancel that it is in: ours, or what foreign code makes of an
     * interrupt, if there was one.
     */
    boolean answersCancel(Throwable thrown) {
        boolean interrupted = rare != null && rare.everInterrupted;
        return Cancellation.isCancellation(thrown)
                && (interrupted || Thread.currentThread().isInterrupted() || Cancellation.isOurs(thrown));
    }

    /**
     * Foreign code may have consumed an interrupt that nobody but Thread.interrupt() sent; that cancels the task too. An
     * exception by itself says nothing: it may be how somebody else has failed.
     */
    boolean answersInterrupt(Throwable thrown) {
        boolean interrupted = rare != null && rare.interrupted;
        return (interrupted || Thread.currentThread().isInterrupted()) && Cancellation.isInterruptAnswer(thrown);
    }

    /** The failure that it shall end with; null if none was given. */
    @Nullable Throwable givenFailure() {
        return rare == null ? null : rare.givenFailure;
    }

    /** It goes on in foreign code, and its thread is interrupted; on the loop. */
    void resumesInterrupted() {
        if (waiting == null) {
            Rare mine = rare();
            mine.everInterrupted = true;
            mine.interrupted |= mine.foreignWait == null || !mine.foreignWait.hasSent();
        }
    }

    private void tellListeners() {
        if (listeners != null) {
            listeners.tell();
            listeners = null;
        }
    }

    // ---- the end, for others ----

    /** Tells somebody of the end; at once, if it was before. Any thread. */
    void listen(EndListener listener) {
        if (isDone() || !loop().scheduler.inLoop(() -> addListener(listener))) {
            awaitEndOfLoop();
            listener.ended();
        }
    }

    /** Where the loop takes no calls any more, it may be about to end the last of its tasks. */
    @SuppressWarnings("ThreadPriorityCheck") // a matter of microseconds
    private void awaitEndOfLoop() {
        while (!isDone()) {
            Thread.yield();
        }
    }

    /** Forgets somebody who was to be told. Any thread. */
    void unlisten(EndListener listener) {
        loop().scheduler.inLoop(() -> removeListener(listener));
    }

    /** On the loop, or before it has the task. */
    void addListener(EndListener listener) {
        if (isDone()) {
            listener.ended();
            return;
        }
        if (listeners == null) {
            listeners = new EndListeners();
        }
        listeners.add(listener);
    }

    /** On the loop. */
    private void removeListener(EndListener listener) {
        if (listeners != null) {
            listeners.remove(listener);
        }
    }

    /**
     * The outcome of an ended task, for the caller.
     *
     * @throws CancelledException if a cancel has reached both: it is the caller's first
     */
    Outcome<T> outcome() {
        if (state() == State.CANCELLED) {
            CancelScope.throwIfCancelled();
        }
        return ended();
    }

    /** How the task has ended; a failure counts as seen. */
    @SuppressWarnings({"unchecked", "NullAway"}) // what a body gave is a T; it may give null, and T then says so
    private Outcome<T> ended() {
        return switch (state()) {
            case SUCCEEDED -> new Outcome.Success<>((T) bodyOrOutcome);
            case FAILED -> new Outcome.Failure<>(failure().orElseThrow());
            case CANCELLED -> new Outcome.Cancelled<>("task " + name() + " was cancelled: " + cancelReason());
            case PENDING, RUNNING -> throw new IllegalStateException("not ended: " + this);
        };
    }

    String cancelReason() {
        String reason = root().effectiveReason();
        return reason == null ? INTERRUPTED : reason;
    }

    /** The failure, without counting as seen by anybody. */
    @Nullable Throwable peekFailure() {
        return state() == State.FAILED && bodyOrOutcome instanceof Throwable failure ? failure : null;
    }

    /** Whoever called run(...) gets the failure; nobody else needs to hear of it. */
    void failureIsForCaller() {
        failureSeen = true;
    }

    boolean isFailureSeen() {
        return failureSeen;
    }

    // ---- cancelling, on the loop ----

    /** What each waiting call begins with, on the task's own thread. */
    void throwIfCancelled() {
        noticeInterrupt();
        if (isCancelPending()) {
            throw deliverCancel();
        }
        if (owner.loop.scheduler.hasHadItsRun()) {
            giveWayAfterMany();
            if (isCancelPending()) {
                throw deliverCancel();
            }
        }
    }

    /** Lets the others run once. A deadline that is over then has cancelled, however late the loop's timers are. */
    @SuppressWarnings("ThreadPriorityCheck") // the loop is the scheduler, and its order is known
    void giveWay() {
        Thread.yield();
        lookAround();
    }

    /** Others have run: what they have cancelled, or time has, is seen. */
    void lookAround() {
        scope.expireOverdue();
        noticeInterrupt();
    }

    /** Many waiting calls in a row had no need to wait: all was ready, or each has failed. */
    private void giveWayAfterMany() {
        if (refused < RefusedCalls.MANY) {
            giveWay();
        } else {
            spinGuard().checked();
        }
    }

    /**
     * A call fails because of what it is made on, maybe at once; on the task's own thread. May give way, where many
     * have failed without a look for a cancel.
     */
    void noteRefused(Throwable refusal) {
        if ((checks & WAITED) != 0 && refusal instanceof ClosedException closed) {
            closed.endsWait();
        }
        if (refused < RefusedCalls.MANY) {
            refused++;
        } else {
            spinGuard().refused(refusal);
            loop().scheduler.endRun();
        }
    }

    /** The cancel of a wait, on the task's own thread. */
    @SuppressWarnings("ThreadPriorityCheck") // as in giveWay()
    CancelledException deliverCancel() {
        CancelledException delivered = cancelledException(null); // with the reason of now
        CancelScope told = scope.outermostCancelled();
        int before = told.note(CancelScope.DELIVERED);
        if ((before & CancelScope.DELIVERED) != 0) {
            spinGuard().pauseBehind(told);
        } else if ((before & CancelScope.AT_ONCE) != 0) {
            Thread.yield(); // its time was up before the wait began, so nobody has had one
        }
        return delivered;
    }

    /** A group ends in a cancelled scope. Its failures come out, or its result, and the task may go on with another. */
    void endsGroupBehindCancel() {
        CancelScope met = scope.outermostCancelled();
        if ((met.note(CancelScope.SEEN_BY_GROUP) & CancelScope.MET) != 0) {
            spinGuard().pauseBehind(met);
        }
    }

    /** Whether it was reported that the task swallows the cancel that it sees. */
    boolean isToldToSwallow() {
        return rare != null && rare.spinGuard != null && rare.spinGuard.isToldToSwallow();
    }

    /** A wait is over, however. */
    void waited() {
        checks |= WAITED;
    }

    boolean isCancelPending() {
        checks = (byte) ((checks | CancelChecks.CHECKED) & ~WAITED);
        return scope.isEffectivelyCancelled();
    }

    int notedChecks() {
        return checks & ~WAITED;
    }

    void noteChecks(int notes) {
        checks = (byte) (notes | (checks & WAITED));
    }

    CancelledException cancelledException() {
        return cancelledException(null);
    }

    CancelledException cancelledException(@Nullable Throwable cause) {
        if (cause instanceof CancelledException already) {
            return already;
        }
        String reason = noteTold();
        return new CancelledException(
                reason == null ? INTERRUPTED : reason,
                cause == null ? loop().failureBehind(reason) : cause,
                loop().scheduler.givesCancelAStack());
    }

    /** The code that runs or waits is told of its cancel. Returns the reason. */
    @SuppressWarnings("ReferenceEquality") // this very cancel, not one that is called the same
    private @Nullable String noteTold() {
        String reason = scope.effectiveReason();
        if (reason == CancelChecks.REASON) {
            checks |= CancelChecks.TOLD;
        }
        return reason;
    }

    /** Wakes the task so that it sees its cancelled scope. A running or ready task sees it at its next wait anyway. */
    void wakeForCancel() {
        Fiber thread = fiber;
        if (thread == null || loop().scheduler.running() == thread) {
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
        if (refused != 0 && thread != null) {
            forgetRefusals(thread);
        }
        if (thread != null && waiting == null && scope.isEffectivelyCancelled() && thread.isSuspended()) {
            interruptForeignWait(thread);
        }
    }

    /** A task that waits does not spin. A pause because it does is no wait. */
    private void forgetRefusals(Fiber thread) {
        Waiter wait = waiting;
        boolean waits = wait == null ? thread.isSuspended() : !(wait.waitingFor() instanceof RefusedCalls);
        if (waits) {
            refused = 0;
            if (rare != null && rare.spinGuard != null) {
                rare.spinGuard.waited();
            }
        }
    }

    private void interruptForeignWait(Fiber thread) {
        ForeignWait wait = foreignWait();
        if (wait.isHeldBack()) {
            return;
        }
        CancelScope told = scope.outermostCancelled();
        boolean again = (told.note(CancelScope.DELIVERED) & CancelScope.DELIVERED) != 0;
        if (!again && loop().engine().isSimulated()) {
            ForeignWait.reportDeadlineAtSocket(this, thread.thread);
        }
        long pause = again ? spinGuard().nextPause(told) : 0;
        if (pause < Pace.MIN_PAUSE_NANOS) {
            noteTold();
            wait.interruptOnce(thread.thread);
        } else {
            wait.holdBack(loop().nanoTime() + pause);
        }
    }

    /** The pause before another interrupt is over; on the loop. */
    private void interruptHeldBack(ForeignWait wait) {
        Fiber thread = fiber;
        boolean known = rare != null && rare.foreignWait == wait;
        if (thread != null && known && isInForeignWait() && scope.isEffectivelyCancelled()) {
            noteTold();
            wait.interruptOnce(thread.thread);
        }
    }

    /**
     * Clears the thread's interrupt, on the task's own thread, before one of our waits. An interrupt of ours has done
     * its work; one from anybody else cancels the task.
     */
    void noticeInterrupt() {
        if (Thread.interrupted()) {
            interrupted();
        }
    }

    private void interrupted() {
        ForeignWait wait = rare == null ? null : rare.foreignWait;
        boolean ours = wait != null && (wait.takeSent() || scope.isEffectivelyCancelled());
        if (!ours) {
            root().cancelHere(INTERRUPTED);
        }
    }

    /** The cancel goes on as an InterruptedException; on the task's own thread. */
    void passOnAsInterrupt() {
        foreignWait().noteSent();
        rare().everInterrupted = true;
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
        if (rare != null && rare.foreignWait != null && !scope.isEffectivelyCancelled()) {
            if (rare.foreignWait.takeSent()) {
                Thread.interrupted();
            }
            rare.foreignWait.forget();
            rare.foreignWait = null;
        }
    }

    /** Whether the task is suspended in code that is not ours. */
    boolean isInForeignWait() {
        Fiber thread = fiber;
        return thread != null && waiting == null && thread.isSuspended();
    }

    // ---- owning ----

    /** What it runs; null when that has ended. On its loop. */
    @Nullable Object body() {
        return isDone() ? null : bodyOrOutcome;
    }

    /** The task's outermost scope; its own cancel goes here. Any thread. */
    CancelScope root() {
        CancelScope outermost = scope;
        while (!outermost.isRootOfTask()) {
            outermost = outermost.parentOrSelf();
        }
        return outermost;
    }

    private Rare rare() {
        if (rare == null) {
            rare = new Rare();
        }
        return rare;
    }

    private SpinGuard spinGuard() {
        Rare mine = rare();
        if (mine.spinGuard == null) {
            mine.spinGuard = new SpinGuard(this);
        }
        return mine.spinGuard;
    }

    private ForeignWait foreignWait() {
        Rare mine = rare();
        if (mine.foreignWait == null) {
            mine.foreignWait = new ForeignWait(loop(), this::interruptHeldBack);
        }
        return mine.foreignWait;
    }

    /** What a watcher keeps of it; null while nobody does. On its loop. */
    @Nullable Object note() {
        return rare == null ? null : rare.note;
    }

    void note(@Nullable Object note) {
        if (note != null || rare != null) {
            rare().note = note;
        }
    }

    /** Says what its code is about from now on; null for nothing. On its own thread. */
    void label(@Nullable String label) {
        if (label != null || rare != null) {
            rare().label = label;
        }
    }

    /** What its code is about, or else that of the tasks that it belongs to; null for nothing. Any thread. */
    @Nullable String label() {
        Task<?> task = this;
        for (int i = 0; i < MAX_LABEL_DEPTH && task != null; i++) {
            Rare its = task.rare;
            if (its != null && its.label != null) {
                return its.label;
            }
            task = task.root().parentTask();
        }
        return null;
    }

    /** What this task closes at its end; null if there is nothing. On its own thread. */
    @Nullable TaskResources resources() {
        return rare == null ? null : rare.resources;
    }

    void resources(TaskResources resources) {
        rare().resources = resources;
    }

    /** The group of the tasks that this task spawned by itself. */
    TaskGroup children() {
        Rare mine = rare();
        if (mine.children == null) {
            mine.children = TaskGroup.background(loop(), root());
        }
        return mine.children;
    }

    /** The group of the threads that a factory makes which was asked for in the innermost scope. */
    TaskGroup threads() {
        Rare mine = rare();
        for (TaskGroup group : mine.threads) {
            if (group.isRightBelow(scope)) {
                return group;
            }
        }
        if (mine.threads.isEmpty()) {
            mine.threads = new ArrayList<>(1);
        }
        TaskGroup group = TaskGroup.background(loop(), scope);
        mine.threads.add(group);
        return group;
    }

    /** The scope is about to be left: cancels and awaits the threads that were made for it. */
    void endThreads(CancelScope left) {
        Rare mine = rare;
        if (mine == null || mine.threads.isEmpty()) {
            return; // nearly always, and without an iterator
        }
        for (TaskGroup group : List.copyOf(mine.threads)) {
            if (group.isRightBelow(left)) {
                group.endWithOwner();
                mine.threads.remove(group);
            }
        }
    }

    /** The threads whose end it awaits in a scope of the JDK; empty if it waits otherwise. On its loop. */
    List<Thread> awaitedThreads() {
        Fiber own = fiber;
        if (rare == null || own == null || rare.threads.isEmpty() || !isInForeignWait()) {
            return List.of();
        }
        List<Thread> threads = new ArrayList<>();
        rare.threads.forEach(group -> threads.addAll(new TaskGroup.Ending(group).holders()));
        return threads.isEmpty() || !ForeignWait.isForThreads(StackTraces.of(own.thread)) ? List.of() : threads;
    }

    /** The thread that the task lives on; null when it has ended. */
    @Nullable Thread thread() {
        Fiber alive = fiber;
        return alive == null ? null : alive.thread;
    }

    /** Whether the task waits in code that is not ours, or has not begun; a glance from any thread. */
    boolean isSuspended() {
        Fiber alive = fiber;
        return alive != null && alive.isSuspended();
    }

    /** What few tasks have. */
    private static final class Rare {
        private @Nullable ForeignWait foreignWait;
        private @Nullable SpinGuard spinGuard;
        private @Nullable TaskGroup children;

        /** One for each scope in which a thread factory was asked for. */
        private List<TaskGroup> threads = List.of();

        /** What the task closes at its end, such as the generators that are open in it. */
        private @Nullable TaskResources resources;

        /** Whether somebody else's interrupt has ended a wait in foreign code, which may still tell of it. */
        private boolean interrupted;

        /** The same of anybody's interrupt, also of ours for a cancel. */
        private boolean everInterrupted;

        /** The failure that it shall end with, if one was given. */
        private @Nullable Throwable givenFailure;

        private @Nullable Object note;

        /** What its code says that it is about, such as a route. */
        private @Nullable String label;

        /** The wait that met its limit last and was not over then, and the loop's coarse time when it began. */
        private @Nullable Waiter paused;

        private int pausedSince;

        /** The loop's coarse time when a clean-up behind its cancel last had a deadline of its own; -1 for never. */
        private int excuseEnded = -1;

        /** What is left of it when the task has ended. */
        private @Nullable Rare atEnd() {
            foreignWait = null;
            spinGuard = null;
            children = null;
            threads = List.of();
            resources = null;
            givenFailure = null;
            paused = null;
            label = null;
            return note == null ? null : this;
        }
    }
}
