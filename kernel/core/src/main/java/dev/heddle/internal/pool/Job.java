package dev.heddle.internal.pool;

import dev.heddle.Task;
import dev.heddle.WorkerPool;
import dev.heddle.internal.Holds;
import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.VirtualThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One body of a {@link WorkerPool}, and its future. Runs with the scoped values of the code that submitted it. */
public final class Job<T> extends FutureTask<T> {

    private static final TaskAccess TASKS = TaskAccess.get();

    /** What the user gave, as {@code shutdownNow} gives it back. */
    public final Runnable given;

    /** Whether a call of the pool waits for its end, and must hear of a shutdown. */
    public final boolean awaited;

    private final WorkerThreads threads;

    /** The task whose code has submitted it; null where that was no task's, and when it has run. */
    public @Nullable Task<?> submitter = TASKS.served();

    private final Object bindings = VirtualThreads.bindings();
    private final Consumer<? super Job<T>> onEnd;
    private volatile @Nullable Thread runner;

    /** When it was queued. Guarded by the lock of the threads. */
    public long queuedNanos;

    /** A body whose future the user has. */
    public Job(WorkerThreads threads, Callable<T> body) {
        this(threads, body, false, ended -> {});
    }

    /** A body for whose end a call of the pool waits. */
    public Job(WorkerThreads threads, Callable<T> body, Consumer<? super Job<T>> onEnd) {
        this(threads, body, true, onEnd);
    }

    private Job(WorkerThreads threads, Callable<T> body, boolean awaited, Consumer<? super Job<T>> onEnd) {
        super(() -> Holds.call(body));
        this.threads = threads;
        this.awaited = awaited;
        this.onEnd = onEnd;
        this.given = this;
    }

    /** A body of {@code execute}. */
    @SuppressWarnings("NullAway") // there is no result
    public Job(WorkerThreads threads, Runnable given, Consumer<? super Job<T>> onEnd) {
        super(() -> Holds.call(() -> {
            given.run();
            return null;
        }));
        this.threads = threads;
        this.awaited = false;
        this.onEnd = onEnd;
        this.given = given;
    }

    /** Runs the body on a worker. */
    public void work() {
        ScopedBindings.run(bindings, this);
    }

    @Override
    public void run() {
        runner = Thread.currentThread();
        try {
            WorkerThreads.about(this, super::run);
        } finally {
            submitter = null; // who keeps the future need not keep the task
            runner = null;
        }
    }

    /**
     * A worker that waits for a job in the queue does it itself, since no other may ever come to it.
     *
     * @throws IllegalStateException if the body waits for its own future
     */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            if (runner == Thread.currentThread()) {
                throw new IllegalStateException("a body cannot wait for its own future: it would wait for ever");
            }
            if (threads.isHere() && threads.forget(this)) {
                work();
            }
        }
        return super.get();
    }

    /** Ends a job that never ran. */
    public void fail(Throwable failure) {
        setException(failure);
    }

    @Override
    protected void done() {
        if (isCancelled()) {
            threads.forget(this);
        }
        onEnd.accept(this);
    }
}
