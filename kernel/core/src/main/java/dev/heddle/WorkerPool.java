package dev.heddle;

import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Checks;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.pool.Job;
import dev.heddle.internal.pool.WorkerCall;
import dev.heddle.internal.pool.WorkerThreads;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of platform threads for blocking or CPU work that needs threads of its own: a number of them, an
 * initializer, thread locals that last. For a single piece of work {@link Heddle#offload} is simpler.
 *
 * <pre>{@code
 * try (WorkerPool pool = WorkerPool.of(4)) {
 *     Image image = pool.call(() -> decode(bytes));                      // waits; the loop's other tasks go on
 *     Future<Image> later = pool.submit(() -> decode(other));
 *     for (Image thumbnail : pool.imap(files, Thumbnails::make)) { ... }  // in order, a bounded way ahead
 * }
 * }</pre>
 *
 * <p>When all workers are busy and the queue is full, {@code submit}, {@code execute} and {@code call} wait for a
 * place, in the order they came; {@link #trySubmit} does not. {@code invokeAll} and {@code invokeAny} queue all they
 * are given. A worker that submits to its own full pool runs the body itself, since it would wait for itself; so does
 * one that waits there for the result of a body that no other worker has begun. After {@link #shutdown} the pool
 * refuses with a {@link RejectedExecutionException}, after a failed initializer with a {@link BrokenException}.
 *
 * <p>Scoped values of the submitter hold in the body and go with it. Thread locals belong to the worker and stay for
 * its next bodies: that is what the initializer is for. In a simulation a body runs in the task that submits it, and no
 * initializer runs.
 *
 * <p>Workers are no daemons: work that was submitted is done before the JVM ends. Idle ones end after a while, so a
 * pool that was not closed delays the JVM's end only so long.
 *
 * <p>Threads: any task or thread. Cancellation: {@link #call} cancels its body; waiting for a future lets the loop run,
 * and a cancel of the waiting task leaves the body running. To test code that uses it, run it in the simulator: bodies
 * then run in the task that submits them.
 */
public final class WorkerPool extends BodyExecutor {

    private static final int AHEAD_PER_WORKER = 2;

    private static final PartKind<WorkerPool> KIND = PartKind.<WorkerPool, WorkerPoolStatistics>of(
            "worker pool", WorkerPool::statistics, WorkerPool::pressure)
            .named(pool -> pool.options.name())
            .detailed(pool -> pool.threads.detail())
            .until(WorkerPool::isTerminated);

    private final WorkerPoolOptions options;
    final WorkerThreads threads;

    private WorkerPool(WorkerPoolOptions options) {
        VirtualThreads.requireAccess();
        this.options = options;
        this.threads = new WorkerThreads(options);
        Parts.add(KIND, this);
    }

    private static double pressure(WorkerPool pool, WorkerPoolStatistics now) {
        return PartKind.fullness(now.busy(), pool.options.workers(), now.queued(), pool.options.maxQueued());
    }

    /**
     * Makes a pool.
     *
     * @param workers most threads at a time, at least 1
     */
    public static WorkerPool of(int workers) {
        return of(WorkerPoolOptions.DEFAULT.withWorkers(workers));
    }

    /** Makes a pool as told. */
    public static WorkerPool of(WorkerPoolOptions options) {
        return new WorkerPool(options);
    }

    // ---- work ----

    /**
     * Runs a body on a worker and waits for its end.
     *
     * <p>Cancellation: a body that has not begun never runs; a running one is interrupted and its end awaited, and a
     * result that it still gives is delivered.
     *
     * @return the result; a failure of the body is thrown, a checked one as the cause of a {@link TaskFailedException}
     * @throws TaskCancelledException if {@link #shutdownNow} came before the body began
     * @throws CancelledException if the enclosing scope is cancelled, or a thread that is no task is interrupted
     */
    public <T> T call(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        CancelScope.throwIfCancelled();
        if (isSimulated()) {
            threads.requireOpen();
            return Simulated.offload(body);
        }
        return threads.isHere() ? WorkerCall.here(body) : WorkerCall.run(threads, body);
    }

    /** Runs a body without a result on a worker and waits for its end. */
    public void call(Action body) {
        this.<Void>call(TaskGroup.asCallable(body));
    }

    /**
     * Queues a body, waiting while there is no room.
     *
     * <p>Cancellation: a cancelled call has not left the body.
     *
     * @return its future; cancelling it with {@code true} interrupts the body
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    @Override
    public <T> Future<T> submit(Callable<T> body) {
        Objects.requireNonNull(body);
        var job = new Job<T>(threads, body);
        put(job);
        return job;
    }

    /** Queues a body if there is room; empty if there is not. */
    public <T> Optional<Future<T>> trySubmit(Callable<T> body) {
        Objects.requireNonNull(body);
        var job = new Job<T>(threads, body);
        if (isSimulated()) {
            put(job);
            return Optional.of(job);
        }
        return threads.admit(job, false) ? Optional.of(job) : Optional.empty();
    }

    /**
     * Queues a body whose failure goes to the {@linkplain WorkerPoolOptions#failureHandler failure handler}, waiting
     * while there is no room.
     *
     * <p>Cancellation: a cancelled call has not left the body.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    @Override
    public void execute(Runnable body) {
        Objects.requireNonNull(body);
        put(new Job<Void>(threads, body, this::reportFailure));
    }

    private void put(Job<?> job) {
        if (Task.currentOrNull() != null) { // an interrupted thread may submit, as to the JDK's executors
            CancelScope.throwIfCancelled();
        }
        if (isSimulated()) {
            threads.requireOpen();
            Simulated.offload(TaskGroup.asCallable(job::run));
        } else if (!threads.admit(job, !threads.isHere())) {
            job.work();
        }
    }

    private void reportFailure(Job<?> job) {
        if (job.state() == Future.State.FAILED) {
            Thread thread = Thread.currentThread();
            BoundedLog.report(
                    options.failureHandler(),
                    "a body of execute(...) failed on " + thread.getName() + " (#" + thread.threadId() + ")",
                    job.exceptionNow());
        }
    }

    private static boolean isSimulated() {
        Task<?> task = Task.currentOrNull();
        return task != null && task.loop().engine().isSimulated();
    }

    // ---- many ----

    /**
     * Maps items on the workers and gives the results in the order of the items, while they are asked for. Two mappings
     * for each worker are under way or done ahead of what was taken. See {@link Results} for failures and for ending
     * early.
     */
    public <A, B> Results<A, B> imap(Iterable<? extends A> items, Heddle.Mapper<? super A, ? extends B> mapper) {
        return imap(items, ahead(), mapper);
    }

    /**
     * Maps items on the workers and gives the results in the order of the items, while they are asked for.
     *
     * @param ahead most mappings under way or done ahead of what was taken, at least 1
     */
    public <A, B> Results<A, B> imap(
            Iterable<? extends A> items, int ahead, Heddle.Mapper<? super A, ? extends B> mapper) {
        return results(items, ahead, true, mapper);
    }

    /**
     * Maps items as {@link #imap(Iterable, Heddle.Mapper)} does and gives the results in the order in which they are
     * done.
     */
    public <A, B> Results<A, B> imapUnordered(
            Iterable<? extends A> items, Heddle.Mapper<? super A, ? extends B> mapper) {
        return results(items, ahead(), false, mapper);
    }

    private int ahead() {
        return (int) Math.min(Integer.MAX_VALUE, (long) AHEAD_PER_WORKER * options.workers());
    }

    private <A, B> Results<A, B> results(
            Iterable<? extends A> items, int ahead, boolean ordered, Heddle.Mapper<? super A, ? extends B> mapper) {
        Checks.atLeast("ahead", ahead, 1);
        return new Results<>(items, mapper, ahead, ordered, this::startMapping);
    }

    private @Nullable Runnable startMapping(MappedItem<?, ?> mapping, boolean wait) {
        Job<?> job = new Job<>(threads, mapping::run, mapping::jobEnded);
        if (threads.isHere()) {
            if (!threads.admitToIdle(job)) {
                if (!wait) {
                    return null;
                }
                job.work();
            }
        } else if (wait || isSimulated()) {
            put(job);
        } else if (!threads.admit(job, false)) {
            return null;
        }
        return () -> job.cancel(true);
    }

    @Override
    protected <T> Future<T> start(Callable<T> body, Runnable onEnd) {
        var job = new Job<T>(threads, body, ended -> onEnd.run());
        if (threads.isHere()) {
            if (!threads.admitToIdle(job)) {
                job.work();
            }
        } else if (isSimulated()) {
            put(job);
        } else {
            threads.admitUnbounded(job);
        }
        return job;
    }

    // ---- the end ----

    /** Takes no more bodies; those that were submitted are still run. Idempotent, waits for nothing. */
    @Override
    public void shutdown() {
        threads.shutdown();
    }

    /**
     * Takes no more bodies, gives back those that wait and interrupts those that run. Calls of this pool whose bodies
     * wait end with a {@link TaskCancelledException}, or by cancelled futures.
     *
     * @return what was submitted and never began: the futures, which nothing ends but who runs or cancels them, and the
     *     bodies of {@code execute}
     */
    @Override
    public List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutDown();
    }

    @Override
    public boolean isTerminated() {
        return threads.termination.isReached();
    }

    /**
     * Waits for the end of all bodies after a shutdown.
     *
     * <p>Cancellation: a cancelled call leaves the pool as it is.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws InterruptedException if a thread that is no task is interrupted
     * @throws IllegalStateException if called by a body of this pool, which would wait for itself
     */
    @Override
    public boolean awaitTermination(long limit, TimeUnit unit) throws InterruptedException {
        if (limit > 0 && threads.isHere()) {
            throw new IllegalStateException("a worker cannot wait for the end of its own pool");
        }
        return threads.termination.awaitWithin(limit, unit);
    }

    /**
     * Shuts down and waits for the end of all bodies. Idempotent.
     *
     * <p>Cancellation: ends the pool as {@link #shutdownNow} does and cancels what waits; the end is awaited, and the
     * cancel passes on.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if called by a body of this pool, which would wait for itself
     */
    @Override
    public void close() {
        if (threads.isHere()) {
            throw new IllegalStateException("a worker cannot close its own pool; call shutdown()");
        }
        threads.shutdown();
        threads.termination.awaitHurried(threads::cancel);
    }

    public WorkerPoolStatistics statistics() {
        return threads.statistics();
    }

    @Override
    public String toString() {
        WorkerPoolStatistics now = statistics();
        return options.name() + " (" + now.busy() + " of " + options.workers() + " workers busy, " + now.queued()
                + " bodies queued" + (isShutdown() ? ", shut down)" : ")");
    }
}
