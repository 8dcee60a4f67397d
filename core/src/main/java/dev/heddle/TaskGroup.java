package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The owner of tasks: {@link Heddle#group} opens one and ends when all its tasks have ended.
 *
 * <p>The first failure, of a task or of the body, cancels the rest; when all have ended, the failures come out together as
 * one {@link GroupException}. An {@link Error} comes out bare, with the others suppressed. A task that is cancelled alone
 * fails nobody.
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
     * A group's body without a result. It extends the other form so that an expression which could be either, such as {@code
     * g -> items.forEach(...)}, is taken for this one.
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

    private final Loop loop;
    private final CancelScope scope;
    private final boolean background;

    private int alive;
    private boolean closed;
    private boolean sawCancelledTask;
    private @Nullable Waiter closing;
    private final List<Throwable> failures = new ArrayList<>(0);
    private final List<UnseenFailure> unseen = new ArrayList<>(0);

    private TaskGroup(Loop loop, CancelScope scope, boolean background) {
        this.loop = loop;
        this.scope = scope;
        this.background = background;
    }

    /** The group of tasks that somebody owns without waiting in a {@code group(...)}: their failures cancel nobody. */
    static TaskGroup background(Loop loop, @Nullable CancelScope parent) {
        return new TaskGroup(loop, new CancelScope(loop, null, parent, false).attach(), true);
    }

    // ---- for users ----

    /**
     * Starts a task in this group.
     *
     * @throws IllegalStateException if the group has ended, or the caller is not on the group's loop; nothing is started
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

    /** Cancels all tasks of the group and its body. The group then ends without a failure. Any thread. */
    public void cancel(String reason) {
        scope.cancel(reason);
    }

    /** The tasks that have not ended, oldest first. */
    public List<Task<?>> tasks() {
        return scope.childTasks();
    }

    /** How many tasks have not ended. */
    public int size() {
        return alive;
    }

    @Override
    public String toString() {
        return "group of " + alive + " tasks on " + loop.name();
    }

    // ---- inside the kernel ----

    Loop loop() {
        return loop;
    }

    CancelScope scope() {
        return scope;
    }

    /** Runs a body with a new group and waits for all of it. */
    static @Nullable Object run(Body<?> body) {
        Task<?> owner = Task.current();
        TaskGroup group = new TaskGroup(owner.loop(), CancelScope.inside(owner, false), false);
        return group.scope.call(() -> group.fill(body));
    }

    private @Nullable Object fill(Body<?> body) {
        Object value = null;
        Throwable cancelled = null;
        try {
            value = body.run(this);
        } catch (Throwable e) {
            scope.noticeInterruptIn(e);
            if (Cancellation.isCancellation(e) && scope.isEffectivelyCancelled()) {
                cancelled = e;
            } else {
                fail(e, "the group's body failed: " + Failures.text(e));
            }
        }
        awaitTasks();
        closed = true;
        if (!failures.isEmpty()) {
            throw asOne(failures);
        }
        if (cancelled != null) {
            throw Failures.unchecked(cancelled);
        }
        if (sawCancelledTask && scope.isCancelledFromOutside()) {
            throw Task.current().cancelledException();
        }
        return value;
    }

    /** One throwable for all: an error bare, everything else grouped. */
    static RuntimeException asOne(List<Throwable> failures) {
        for (Throwable failure : failures) {
            if (failure instanceof Error error) {
                for (Throwable other : failures) {
                    if (other != error) {
                        error.addSuppressed(other);
                    }
                }
                throw error;
            }
        }
        return new GroupException(failures);
    }

    <T> Task<T> spawnAs(@Nullable String name, Callable<? extends T> body, Object site) {
        requireSpawnable(body);
        return start(Task.of(this, name, body, SpawnSite.of(site)));
    }

    Task<Void> spawnAs(@Nullable String name, Action body) {
        requireSpawnable(body);
        return start(Task.of(this, name, body, SpawnSite.of(body)));
    }

    private void requireSpawnable(Object body) {
        Objects.requireNonNull(body);
        if (closed) {
            throw new IllegalStateException("this group has ended; spawn before the group(...) call returns");
        }
        loop.requireHere("spawn into a group");
    }

    private <T> Task<T> start(Task<T> task) {
        adopt(task);
        task.start();
        return task;
    }

    /** Takes a new task in, before its first turn; on the loop. */
    void adopt(Task<?> task) {
        if (closed) {
            task.endUnstarted();
            return;
        }
        task.root.attach();
        alive++;
        loop.counters.spawned++;
    }

    /** A task of this group has ended; on the loop. */
    void ended(Task<?> task) {
        alive--;
        loop.counters.ended++;
        switch (task.state()) {
            case FAILED -> failed(task);
            case CANCELLED -> sawCancelledTask = true;
            case SUCCEEDED, PENDING, RUNNING -> {}
        }
        if (alive == 0 && closing != null) {
            closing.complete();
        }
    }

    private void failed(Task<?> task) {
        Throwable failure = Objects.requireNonNull(task.peekFailure());
        if (background) {
            UnseenFailure note = new UnseenFailure(task, unseen);
            unseen.add(note);
            loop.turns.addTimer(note, loop.nanoTime() + UnseenFailure.PATIENCE_NANOS);
        } else {
            task.failure();
            fail(failure, task.name() + " failed: " + Failures.text(failure));
        }
    }

    private void fail(Throwable failure, String reason) {
        failures.add(failure);
        scope.cancelHere(reason);
    }

    private void awaitTasks() {
        while (alive > 0) {
            closing = new Waiter(new Ending(this));
            closing.awaitDespiteCancel(() -> {});
        }
    }

    /** Ends a background group together with its owner: what is left is cancelled and awaited. On the owner's thread. */
    void endWithOwner() {
        if (alive > 0) {
            scope.cancelHere("its owner ended");
            awaitTasks();
        }
        close();
    }

    /** Nobody is left; failures that nobody asked for are reported now. */
    void close() {
        closed = true;
        for (UnseenFailure note : List.copyOf(unseen)) {
            loop.turns.removeTimer(note);
            note.fire();
        }
        scope.unlink();
    }

    boolean isEmpty() {
        return alive == 0;
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

    private record Ending(TaskGroup group) {
        @Override
        public String toString() {
            return "the end of its " + group.alive + " tasks";
        }
    }
}
