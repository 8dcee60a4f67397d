package dev.heddle.internal.pool;

import dev.heddle.CancelledException;
import dev.heddle.HeldResource;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.Waiter;
import dev.heddle.WorkerPool;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.Throwables;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One {@link WorkerPool#call}: a body whose end is awaited, whatever happens to the caller. */
public final class WorkerCall<T> implements Callable<T>, HeldResource {

    private static final TaskAccess TASKS = TaskAccess.get();

    private final Callable<? extends T> body;
    private final Waiter done = new Waiter(this);
    private volatile @Nullable Thread runner;
    private boolean hurried;

    private WorkerCall(Callable<? extends T> body) {
        this.body = body;
    }

    public static <T> T run(WorkerThreads threads, Callable<? extends T> body) {
        var call = new WorkerCall<T>(body);
        var job = new Job<T>(threads, call, ended -> call.done.complete());
        threads.admit(job, true);
        TASKS.awaitDespiteCancel(call.done, () -> call.hurry(threads, job));
        return call.outcome(job);
    }

    /** Runs a body in place. */
    public static <T> T here(Callable<? extends T> body) {
        try {
            return body.call();
        } catch (Throwable e) {
            throw Throwables.unchecked(e);
        }
    }

    /** On the worker. */
    @Override
    public T call() throws Exception {
        synchronized (this) {
            runner = Thread.currentThread();
            if (hurried) {
                runner.interrupt();
            }
        }
        try {
            return body.call();
        } finally {
            synchronized (this) {
                runner = null;
            }
        }
    }

    @Override
    public List<Thread> holders() {
        Thread worker = runner;
        return worker == null ? List.of() : List.of(worker);
    }

    @Override
    public String toString() {
        return "a body on a worker";
    }

    private void hurry(WorkerThreads threads, Job<T> job) {
        synchronized (this) {
            hurried = true;
            if (runner != null) {
                runner.interrupt();
            }
        }
        if (threads.forget(job)) {
            job.cancel(false);
        }
    }

    private T outcome(Job<T> job) {
        if (job.state() == Future.State.SUCCESS) {
            return job.resultNow();
        }
        Throwable failure = job.state() == Future.State.FAILED ? job.exceptionNow() : null;
        if (hurried && (failure == null || Cancellation.isCancellation(failure))) {
            throw cancelled(failure);
        }
        if (failure == null) {
            throw new TaskCancelledException("the pool was shut down before the body began");
        }
        throw Throwables.unchecked(failure);
    }

    private static CancelledException cancelled(@Nullable Throwable failure) {
        Task<?> task = TASKS.current();
        return task == null
                ? new CancelledException("interrupted while waiting for a body on a worker", failure)
                : TASKS.cancelled(task, failure);
    }
}
