package dev.heddle;

import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Throwables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The owner of tasks: {@link Heddle#group} opens one and ends when all its tasks have ended.
 *
 * <p>The first failure, of a task or of the body, cancels the rest; when all have ended, the failures come out together
 * as one {@link GroupException}. An {@link Error} comes out bare, with the others suppressed. A task that is cancelled
 * alone fails nobody. In a {@linkplain Heddle#tolerantGroup tolerant} group the failure of a task cancels nobody.
 *
 * <pre>
 *   OPEN ──body returned──▶ CLOSING ──last task ended──▶ CLOSED
 *     └──── a failure or cancel() cancels all inside; both states go on until the last task has ended
 * </pre>
 *
 * <p>Tasks may be spawned until the group is closed, so also by its own tasks while it closes.
 *
 * <p>Threads: tasks of the group's loop; {@link #cancel} from any thread.
 */
public final class TaskGroup {

    /** A group's body that gives a result. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {

        /** Spawns tasks and does what else is to be done. */
        T run(TaskGroup group) throws Exception;
    }

    /**
     * A group's body without a result. It extends the other form so that an expression which could be either, such as
     * {@code g -> items.forEach(...)}, is taken for this one.
     */
    @FunctionalInterface
    public interface VoidBody extends Body<@Nullable Void> {

        /** Spawns tasks and does what else is to be done. */
        void accept(TaskGroup group) throws Exception;

        @Override
        default @Nullable Void run(TaskGroup group) throws Exception {
            accept(group);
            return null;
        }
    }

    /** The body of a task that says when it is ready. */
    @FunctionalInterface
    public interface StartBody<T extends @Nullable Object> {

        /** Calls {@link StartSignal#started} when it is ready, and goes on. */
        void run(StartSignal<? super T> signal) throws Exception;
    }

    /** What becomes of the failure of a task. */
    private enum OnFailure {
        /** It cancels the others, and comes out in the end. */
        CANCEL,
        /** It comes out in the end, unless somebody has read it by then. */
        KEEP,
        /** It is reported, unless somebody reads it soon. */
        REPORT
    }

    /** Most failures that a tolerant group keeps to its end; of more, the oldest are reported. */
    static final int MAX_KEPT = 1_000;

    final Loop loop;
    private final CancelScope scope;
    private final OnFailure onFailure;

    /** The group whose services these are; null for all other groups. */
    private final @Nullable TaskGroup serviceOf;

    private int alive;

    /** Taken in, but perhaps not started and not given back yet; null but for want of memory or stack. */
    private @Nullable Task<?> unstarted;
    private boolean closed;
    private boolean sawCancelledTask;
    private @Nullable Waiter closing;
    private @Nullable TaskGroup services;
    private final List<Throwable> failures = new ArrayList<>(0);
    private final List<UnretrievedFailure> unseen = new ArrayList<>(0);

    /** The tasks whose failures are kept to the end. */
    private final ArrayDeque<Task<?>> tolerated = new ArrayDeque<>(0);

    private TaskGroup(Loop loop, CancelScope scope, OnFailure onFailure, @Nullable TaskGroup serviceOf) {
        this.loop = loop;
        this.scope = scope;
        this.onFailure = onFailure;
        this.serviceOf = serviceOf;
    }

    /** The group of tasks that somebody owns without waiting in a {@code group(...)}: their failures cancel nobody. */
    static TaskGroup background(Loop loop, @Nullable CancelScope parent) {
        return new TaskGroup(loop, new CancelScope(loop, null, parent, false).attach(), OnFailure.REPORT, null);
    }

    // ---- for users ----

    /**
     * Starts a task in this group.
     *
     * @throws IllegalStateException if the group has ended, or the caller is not on the group's loop; nothing is
     *     started
     */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        return spawnAs(null, body, body);
    }

    /** Starts a task without a result in this group. */
    public Task<Void> spawn(Action body) {
        return spawnAs(null, body);
    }

    /** Starts a task with a name in this group. */
    public <T> Task<T> spawn(String name, Callable<? extends T> body) {
        return spawnAs(Objects.requireNonNull(name), body, body);
    }

    /** Starts a task with a name and without a result in this group. */
    public Task<Void> spawn(String name, Action body) {
        return spawnAs(Objects.requireNonNull(name), body);
    }

    /**
     * Starts a task that serves the others: a heartbeat, a logger, a connection that all use. It is cancelled when the
     * body and all other tasks have ended, also when these were cancelled; until then no cancel of the group or from
     * outside reaches it. Its failure is the group's.
     *
     * @throws IllegalStateException if the group has ended, or the caller is not on the group's loop; nothing is
     *     started
     */
    public Task<Void> spawnService(Action body) {
        return spawnServiceAs(null, body);
    }

    /** Starts a task with a name that serves the others. */
    public Task<Void> spawnService(String name, Action body) {
        return spawnServiceAs(Objects.requireNonNull(name), body);
    }

    Task<Void> spawnServiceAs(@Nullable String name, Action body) {
        requireSpawnable(body);
        if (services == null) {
            services = new TaskGroup(loop, new CancelScope(loop, null, scope, true).attach(), onFailure, this);
        }
        return services.spawnAs(name, body);
    }

    /**
     * Starts a task and waits until it says that it is ready.
     *
     * <pre>{@code
     * int port = g.start(signal -> {
     *     Listener listener = Tcp.listen(0);
     *     signal.started(listener.port());
     *     listener.serve(...);
     * });
     * }</pre>
     *
     * <p>Cancellation: a cancelled call has cancelled the task and seen its end, unless it was ready before; then its
     * value is given.
     *
     * @return what the task handed over
     * @throws TaskCancelledException if the task was cancelled before it was ready
     * @throws IllegalStateException if the task ended before it was ready, or as {@link #spawn(Action)}; what it threw
     *     before it was ready comes out as a body's failure would, and does not fail the group
     */
    public <T extends @Nullable Object> T start(StartBody<T> body) {
        return startAs(null, body);
    }

    /** Starts a task with a name and waits until it says that it is ready. */
    public <T extends @Nullable Object> T start(String name, StartBody<T> body) {
        return startAs(Objects.requireNonNull(name), body);
    }

    private <T extends @Nullable Object> T startAs(@Nullable String name, StartBody<T> body) {
        requireSpawnable(body);
        CancelScope.throwIfCancelled();
        var signal = new StartSignal<T>();
        Task<Void> task = start(Task.of(this, name, () -> callStarting(body, signal), SpawnSite.of(body, loop)));
        Outcome<T> outcome = signal.await(task);
        if (!(outcome instanceof Outcome.Success)) {
            JoinWait.awaitDespiteCancel(task); // it may still have tasks of its own to end
        }
        if (outcome instanceof Outcome.Cancelled) {
            CancelScope.throwIfCancelled();
        }
        return outcome.get();
    }

    private static <T extends @Nullable Object> void callStarting(StartBody<T> body, StartSignal<T> signal)
            throws Exception {
        try {
            body.run(signal);
        } catch (Throwable e) {
            if (!signal.isOpen()) {
                throw e;
            }
            Throwable failure = failureBeforeReady(signal, e);
            if (failure == null) {
                throw e;
            }
            signal.failed(failure);
        }
        if (signal.isOpen()) {
            signal.failed(new IllegalStateException("the task ended without a call of started(...)"));
        }
    }

    /** What the starter gets of a throwable; null for a cancel of the task, which it is told. */
    private static @Nullable Throwable failureBeforeReady(StartSignal<?> signal, Throwable thrown) {
        Task<?> task = Task.current();
        if (!task.isOwnCancellation(thrown)) {
            return thrown;
        }
        Throwable given = task.givenFailure();
        if (given == null) {
            signal.cancelled("the task was cancelled before it was ready: " + task.cancelReason());
            return null;
        }
        task.loop().reportCarried(task, thrown);
        return given;
    }

    /**
     * Starts a task that runs a body again when it fails, each time in a task of its own. When the policy gives up, the
     * failure is the group's.
     *
     * @throws IllegalStateException if the group has ended, or the caller is not on the group's loop; nothing is
     *     started
     */
    public Task<Void> supervise(String name, RestartPolicy policy, Action body) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(body);
        return spawn("supervisor of " + name, () -> new Supervision(policy, name, body, loop).run());
    }

    /**
     * A part of this group that runs at most so many tasks at a time. Each call gives another.
     *
     * @param limit most tasks at a time, at least 1
     */
    public TaskPool pool(int limit) {
        return new TaskPool(this, limit);
    }

    /** Cancels all tasks of the group and its body. The group then ends without a failure. Any thread. */
    public void cancel(String reason) {
        scope.cancel(reason);
    }

    /** The tasks that have not ended, oldest first, services last. */
    public List<Task<?>> tasks() {
        loop.checkHere("list a group's tasks");
        return list();
    }

    /** How many tasks have not ended, services included. */
    public int size() {
        loop.checkHere("count a group's tasks");
        return count();
    }

    @Override
    public String toString() {
        return "group of " + count() + " tasks on " + loop.name();
    }

    // ---- inside the kernel ----

    private List<Task<?>> list() {
        List<Task<?>> tasks = scope.childTasks();
        if (services != null) {
            tasks.addAll(services.list());
        }
        return tasks;
    }

    private int count() {
        return alive + (services == null ? 0 : services.count());
    }

    CancelScope scope() {
        return scope;
    }

    /** Runs a body with a new group and waits for all of it. */
    static @Nullable Object run(Body<?> body) {
        return run(body, OnFailure.CANCEL);
    }

    /** Runs a body with a new group in which the failure of a task cancels nobody. */
    static @Nullable Object runTolerant(Body<?> body) {
        return run(body, OnFailure.KEEP);
    }

    private static @Nullable Object run(Body<?> body, OnFailure onFailure) {
        Task<?> owner = Task.current();
        var group = new TaskGroup(owner.loop(), CancelScope.inside(owner, false), onFailure, null);
        return group.scope.call(() -> group.fill(body));
    }

    private @Nullable Object fill(Body<?> body) {
        Object value = null;
        Throwable cancelled = null;
        try {
            value = body.run(this);
        } catch (Throwable e) {
            scope.noticeInterruptIn(e);
            if (scope.isEffectivelyCancelled() && Task.current().answersCancel(e)) {
                cancelled = e;
            } else {
                fail(e, "the group's body failed: " + Throwables.text(e));
            }
        }
        awaitTasks();
        stopServices();
        closed = true;
        takeTolerated();
        if (cancelled == null && scope.isCancelledFromOutside()) {
            Task.current().endsGroupBehindCancel();
        }
        if (!failures.isEmpty()) {
            if (cancelled != null) {
                loop.reportCarried(Task.current(), cancelled);
            }
            throw DistinctFailures.asOne(failures);
        }
        if (cancelled != null) {
            throw Throwables.unchecked(cancelled);
        }
        if (sawCancelledTask && scope.isCancelledFromOutside()) {
            throw Task.current().cancelledException();
        }
        return value;
    }

    <T> Task<T> spawnAs(@Nullable String name, Callable<? extends T> body, Object site) {
        requireSpawnable(body);
        return start(Task.of(this, name, body, SpawnSite.of(site, loop)));
    }

    Task<Void> spawnAs(@Nullable String name, Action body) {
        requireSpawnable(body);
        return start(Task.of(this, name, body, SpawnSite.of(body, loop)));
    }

    /** Starts a task that another was spawned for, from the line that spawned that one. */
    Task<Void> spawnFor(Task<?> other, String name, Action body) {
        return start(Task.of(this, name, body, other.spawnedAt().orElse(null)));
    }

    private void requireSpawnable(Object body) {
        Objects.requireNonNull(body);
        if (closed) {
            throw new IllegalStateException("this group has ended; spawn before the group(...) call returns");
        }
        loop.requireHere("spawn into a group");
    }

    /** Takes a new task in and has it ready for its first turn; on the loop. */
    <T> Task<T> start(Task<T> task) {
        giveBackUnstarted();
        unstarted = task;
        try {
            adopt(task);
            task.start();
            unstarted = null;
        } finally {
            if (unstarted != null) {
                giveBackUnstarted();
            }
        }
        return task;
    }

    /**
     * For want of memory or stack a task may have no thread; who spawned it is told. There may be no stack for this
     * either: then the next call of this group that has some does it, at the latest the one that waits for the tasks.
     */
    private void giveBackUnstarted() {
        Task<?> task = unstarted;
        if (task == null) {
            return;
        }
        if (task.root().isInUse() && !task.isStarted()) {
            task.root().unlink();
            alive--; // no call from here on, nor between the two in adopt: both are done, or neither
            loop.counters.ended++;
        }
        unstarted = null;
    }

    /** A thread that is a task of this group from its start, whoever starts it. */
    Thread threadFor(@Nullable String name, Runnable body) {
        Objects.requireNonNull(body);
        loop.requireHere("make a thread of its factory");
        requireUnleft();
        var code = new ThreadBody(body);
        return Objects.requireNonNull(Task.of(this, name, code, SpawnSite.of(code, loop)).thread());
    }

    private void requireUnleft() {
        if (closed) {
            throw new RejectedExecutionException(
                    "the scope has been left in which this thread factory was asked for; ask for another");
        }
    }

    /** Takes a task in whose thread is being started. Any thread. */
    void takeIn(Task<?> task) {
        if (loop.scheduler.isHere()) {
            requireUnleft();
        }
        if (!loop.scheduler.inLoop(() -> adopt(task))) {
            throw new RejectedExecutionException(loop.name() + " has ended; it takes no more threads");
        }
    }

    boolean isRightBelow(CancelScope around) {
        return scope.parentOrSelf() == around;
    }

    /** Takes a new task in, before its first turn; on the loop. */
    void adopt(Task<?> task) {
        if (closed) {
            task.endWithLoop();
            return;
        }
        task.root().attach();
        alive++; // see giveBackUnstarted
        loop.counters.spawned++;
        if (loop.recorder != null) {
            loop.recorder.spawned(task);
        }
        if (loop.instrument != null) {
            loop.instrument.spawned(task);
        }
    }

    /** A task of this group has ended; on the loop. */
    void ended(Task<?> task) {
        giveBackUnstarted();
        alive--;
        loop.counters.ended++;
        if (loop.recorder != null) {
            loop.recorder.ended(task, task.state());
        }
        if (loop.instrument != null) {
            loop.instrument.ended(task);
        }
        try {
            switch (task.state()) {
                case FAILED -> failed(task);
                case CANCELLED -> sawCancelledTask = true;
                case SUCCEEDED, PENDING, RUNNING -> {}
            }
        } finally {
            if (alive == 0 && closing != null) {
                closing.complete();
            }
        }
    }

    private void failed(Task<?> task) {
        Throwable failure = Objects.requireNonNull(task.peekFailure());
        TaskGroup owner = serviceOf == null ? this : serviceOf;
        if (onFailure == OnFailure.REPORT) {
            var note = new UnretrievedFailure(task, unseen);
            unseen.add(note);
            loop.scheduler.addTimer(note, loop.nanoTime() + UnretrievedFailure.PATIENCE_NANOS);
        } else if (onFailure == OnFailure.KEEP && failure instanceof Exception) {
            owner.tolerate(task);
        } else {
            task.failure();
            owner.fail(failure,
                    (serviceOf == null ? "" : "service ") + task.name() + " failed: " + Throwables.text(failure));
        }
    }

    private void tolerate(Task<?> task) {
        if (tolerated.size() == MAX_KEPT) {
            tolerated.removeIf(Task::isFailureSeen);
        }
        if (tolerated.size() == MAX_KEPT) {
            Task<?> oldest = tolerated.removeFirst();
            loop.scheduler.schedule(new LoopCallback(loop, () -> UnretrievedFailure.report(oldest)));
        }
        tolerated.addLast(task);
    }

    /** What nobody has read comes out. */
    private void takeTolerated() {
        for (Task<?> task : tolerated) {
            if (!task.isFailureSeen()) {
                task.failure().ifPresent(failures::add);
            }
        }
    }

    private void fail(Throwable failure, String reason) {
        failures.add(failure);
        scope.cancelHere(reason);
    }

    private void awaitTasks() {
        giveBackUnstarted();
        while (alive > 0) {
            closing = new Waiter(new Ending(this));
            closing.awaitDespiteCancel(() -> {});
        }
    }

    /** Services may have started more tasks while they stopped, and those more services. */
    private void stopServices() {
        while (services != null) {
            services.scope.cancelHere("the tasks that it serves have ended");
            services.awaitTasks();
            services.closed = true;
            services.scope.unlink();
            services = null;
            awaitTasks();
        }
    }

    /**
     * Ends a background group together with its owner: what is left is cancelled and awaited. On the owner's thread.
     */
    void endWithOwner() {
        giveBackUnstarted();
        if (alive > 0) {
            scope.cancelHere(Cancellation.OWNER_ENDED);
            awaitTasks();
        }
        close();
    }

    /** Nobody is left; failures that nobody asked for are reported now. */
    void close() {
        closed = true;
        if (services != null) {
            services.close();
        }
        for (UnretrievedFailure note : List.copyOf(unseen)) {
            loop.scheduler.removeTimer(note);
            note.fire();
        }
        scope.unlink();
    }

    /** The loop has ended: more tasks end at once. */
    void refuseMore() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isEmpty() {
        return count() == 0;
    }

    /** Whether all that services serve has ended. */
    boolean isServed() {
        return alive == 0;
    }

    /** Cancels the services of a group that nobody waits for in a {@code group(...)}, if it has any; on the loop. */
    boolean cancelServices(String reason) {
        if (services != null) {
            services.scope.cancelHere(reason);
        }
        return services != null;
    }

    static Callable<Void> asCallable(Action body) {
        Objects.requireNonNull(body);
        return () -> {
            body.run();
            return nothing();
        };
    }

    /** The one value of {@link Void}. */
    @SuppressWarnings("NullAway")
    private static Void nothing() {
        return null;
    }

    /** The body of a task that begins when somebody else starts its thread. */
    record ThreadBody(Runnable code) implements Action {

        @Override
        public void run() {
            code.run();
        }
    }

    /** What the owner of a group waits for. Any task can end the wait, since its failure cancels the others. */
    record Ending(TaskGroup group) implements HeldResource {

        /** With more tasks than this nobody wants to read who they are. */
        private static final int MAX_HOLDERS = 100;

        /** {@inheritDoc} To be asked on the group's loop, or while that sleeps. */
        @Override
        public List<Thread> holders() {
            List<Thread> threads = new ArrayList<>(0);
            if (group.count() <= MAX_HOLDERS) {
                for (Task<?> task : group.list()) {
                    Thread thread = task.thread();
                    if (thread != null) {
                        threads.add(thread);
                    }
                }
            }
            return threads;
        }

        @Override
        public String toString() {
            int alive = group.alive;
            return "the end of its " + alive + (alive == 1 ? " task" : " tasks");
        }
    }
}
