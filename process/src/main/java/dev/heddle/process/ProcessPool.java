package dev.heddle.process;

import dev.heddle.BodyExecutor;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Results;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.process.internal.Shielded;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool of child JVMs for CPU work that must be killable, or must not take this JVM with it when it crashes.
 *
 * <pre>{@code
 * try (ProcessPool pool = ProcessPool.of(4)) {
 *     long a = pool.call(() -> fib(35));                                      // waits; the loop's other tasks go on
 *     List<Long> all = pool.map(List.of(25, 30, 35), Main::fib);              // in order, in chunks
 *     timeout(Duration.ofSeconds(1), () -> pool.call(() -> endless()));       // kills that one worker
 * }
 * }</pre>
 *
 * <p>Bodies are lambdas, method references or records; they travel by name, with the values they have captured. Values
 * are primitives, strings, records, enums, lists, sets, maps, arrays, {@code java.time} and what has a {@link Format};
 * they arrive as copies. What cannot travel is refused by a {@link CannotTravelException} that names it, before
 * anything is sent. Static fields are each process's own.
 *
 * <p>A cancelled body is interrupted. If it does not end within the grace time, its worker is killed and replaced; no
 * other one notices. A worker that dies fails only its own body, at once, with a {@link WorkerDiedException}; {@link
 * #retrying} has such bodies tried again. What a body throws arrives as the same exception with the worker's stack as
 * its cause.
 *
 * <p>Bodies go to the workers in the order in which they were submitted. While they are short, less than a millisecond,
 * each worker gets some before their turn, so that many tiny ones cost little; if one takes longer, those behind it are
 * taken back. Even so none is run twice, and a worker that dies fails one at most. One that is cancelled at the very
 * moment in which it would begin may still do so, and is then interrupted.
 *
 * <p>{@code pool.call(body)} is to processes what {@link Heddle#offload} is to threads: use it where a body keeps a
 * processor busy for long, must be stopped for sure, or may crash.
 *
 * <p>Workers start with this JVM's class path when there is work for them, and end with it, whatever ends it. To start
 * fast, they share a cache of the JVM's under {@code ~/.cache/heddle}, made in the background on first use; {@code
 * -Dheddle.process.cache=off} switches it off. In a simulation bodies run in the task that submits them, and their
 * values are copied all the same.
 *
 * <p>When all workers are busy and the queue is full, {@code submit}, {@code execute} and {@code call} wait for a
 * place. After {@link #shutdown} the pool refuses with a {@link RejectedExecutionException}.
 *
 * <p>Threads: any task or thread. Cancellation: {@link #call}, {@link #run} and {@link #map} cancel their bodies and
 * wait for their end. To test code that uses it, run it in the simulator.
 */
public final class ProcessPool extends BodyExecutor implements RemotePool {

    /** Chunks for each worker, so that one that is late does not keep the others waiting for long. */
    private static final int CHUNKS_PER_WORKER = 4;

    /** Bodies of {@link #imap} for each worker that are under way or done and not taken. */
    private static final int AHEAD_PER_WORKER = 2;

    private final ProcessPoolOptions options;
    private final WorkerProcesses workers;
    private final JobQueue queue;
    private final int attempts;

    private ProcessPool(ProcessPoolOptions options, WorkerProcesses workers, int attempts) {
        this.options = options;
        this.workers = workers;
        this.queue = workers.queue();
        this.attempts = attempts;
    }

    /**
     * Makes a pool.
     *
     * @param workers most child processes at a time, at least 1
     */
    public static ProcessPool of(int workers) {
        return of(ProcessPoolOptions.DEFAULT.withWorkers(workers));
    }

    /** Makes a pool as told. */
    public static ProcessPool of(ProcessPoolOptions options) {
        return new ProcessPool(options, new WorkerProcesses(options), 1);
    }

    /**
     * This pool, for bodies that may be run again: with the same workers, but a body whose worker died is tried with
     * another one. It waits where workers fail at their start again and again.
     *
     * @param attempts how often it may be tried in all, at least 1
     */
    @Override
    public ProcessPool retrying(int attempts) {
        Checks.atLeast("attempts", attempts, 1);
        return new ProcessPool(options, workers, attempts);
    }

    // ---- work ----

    /**
     * Runs a body in a child process and waits for its end.
     *
     * <p>Cancellation: a body that has not begun never runs; a running one is interrupted, and killed with its worker
     * after the grace time. A result that it still gives is delivered.
     *
     * @throws CannotTravelException if the body or its result cannot travel
     * @throws WorkerDiedException if the worker dies
     * @throws dev.heddle.CancelledException if the enclosing scope is cancelled
     */
    @Override
    public <T> T call(RemoteCallable<T> body) {
        CancelScope.throwIfCancelled();
        return queued(this.<T>job(body).awaited()).join();
    }

    @Override
    public void run(RemoteAction body) {
        CancelScope.throwIfCancelled();
        queued(job(body).awaited()).join();
    }

    @Override
    public <T> Future<T> submit(RemoteCallable<T> body) {
        return queued(this.<T>job(body));
    }

    @Override
    public Future<?> submit(RemoteAction body) {
        return queued(job(body));
    }

    @Override
    public <T> CompletableFuture<T> supplyAsync(RemoteCallable<T> body) {
        RemoteJob<T> job = this.<T>job(body).awaited();
        var future = new CompletableFuture<T>();
        var _ = future.whenComplete((value, failure) -> job.cancel(true));
        Executor completer = isSimulated() ? Runnable::run : future.defaultExecutor();
        job.onEnd(() -> {
            var _ = future.completeAsync(() -> completion(job), completer);
        });
        put(job, true);
        return future;
    }

    private static <T> T completion(RemoteJob<T> job) {
        return switch (job.outcome()) {
            case Outcome.Success<T>(T value) -> value;
            case Outcome.Failure<T>(Throwable why) -> throw new CompletionException(why);
            case Outcome.Cancelled<T>(String reason) -> throw new CancellationException(reason);
        };
    }

    /**
     * Queues a body that was written for any executor. It must be able to travel all the same: a lambda that is also
     * {@link java.io.Serializable}, or a record.
     */
    @Override
    public <T> Future<T> submit(Callable<T> body) {
        return queued(this.<T>job(body));
    }

    @Override
    public <T> Future<T> submit(Runnable body, T result) {
        return queued(job(Work.run(body), List.of(), nothing -> result));
    }

    @Override
    public Future<?> submit(Runnable body) {
        return queued(job(Work.run(body)));
    }

    /** Queues a body; what it throws is logged. It must be able to travel: see {@link #submit(Callable)}. */
    @Override
    public void execute(Runnable body) {
        RemoteJob<?> job = job(Work.run(body));
        job.onEnd(() -> {
            if (!job.isCancelled() && job.outcome() instanceof Outcome.Failure<?>(Throwable why)) {
                FailureHandler.LOG.failed("a body of execute(...) failed", why);
            }
        });
        put(job, true);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a body may give null where its type lets it
    private <T> RemoteJob<T> job(Object body) {
        return job(body, List.of(), given -> (T) given);
    }

    private <T> RemoteJob<T> job(Object body, List<@Nullable Object> items, Function<@Nullable Object, T> result) {
        Objects.requireNonNull(body);
        String root = body instanceof RemoteFunction ? "the function" : "the body";
        Output work = workers.marshaller().encode(root, new Work(body, items, Work.carried(options.context())));
        return new RemoteJob<>(Work.bodyOf(body).getClass(), work, workers.marshaller(), workers, attempts, result);
    }

    /** Queues a job, or does not since there is no room; in a simulation the task does it. */
    private boolean put(RemoteJob<?> job, boolean wait) {
        if (isTask()) { // an interrupted thread may submit, as to the JDK's executors
            CancelScope.throwIfCancelled();
        }
        if (isSimulated()) {
            queue.requireOpen();
            Heddle.offload(job::doHere);
            return true;
        }
        return queue.admit(job, wait);
    }

    private <T> RemoteJob<T> queued(RemoteJob<T> job) {
        put(job, true);
        return job;
    }

    private static boolean isTask() {
        return Task.ofThread(Thread.currentThread()).isPresent();
    }

    private static boolean isSimulated() {
        return JvmProcess.simulation() != null;
    }

    // ---- many ----

    @Override
    public <A, B> List<B> map(Collection<? extends A> items, RemoteFunction<? super A, ? extends B> function) {
        int chunk = (items.size() - 1) / (CHUNKS_PER_WORKER * options.workers()) + 1;
        return map(items, chunk, function);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the results of a function are a list
    public <A, B> List<B> map(
            Collection<? extends A> items, int chunk, RemoteFunction<? super A, ? extends B> function) {
        Checks.atLeast("chunk", chunk, 1);
        @Nullable Object[] copy = items.toArray();
        List<List<@Nullable Object>> chunks = new ArrayList<>();
        for (int from = 0; from < copy.length; from += Math.min(chunk, copy.length - from)) {
            chunks.add(Arrays.asList(Arrays.copyOfRange(copy, from, from + Math.min(chunk, copy.length - from))));
        }
        List<B> all = new ArrayList<>(copy.length);
        try (Results<List<@Nullable Object>, List<B>> results = results(
                chunks, true,
                part -> job(function, part, given -> (List<B>) given))) {
            for (List<B> part : results) {
                all.addAll(part);
            }
        }
        return all;
    }

    @Override
    public <A, B> Results<A, B> imap(Iterable<? extends A> items, RemoteFunction<? super A, ? extends B> function) {
        return results(items, true, item -> one(function, item));
    }

    @Override
    public <A, B> Results<A, B> imapUnordered(
            Iterable<? extends A> items, RemoteFunction<? super A, ? extends B> function) {
        return results(items, false, item -> one(function, item));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a function may give null where its type lets it
    private <A, B> RemoteJob<B> one(RemoteFunction<? super A, ? extends B> function, A item) {
        return job(function, Collections.singletonList(item), list -> (B) ((List<?>) list).getFirst());
    }

    private <A, B> Results<A, B> results(
            Iterable<? extends A> items, boolean ordered, Function<A, RemoteJob<B>> jobs) {
        int ahead = (int) Math.min(Integer.MAX_VALUE, (long) AHEAD_PER_WORKER * options.workers());
        return Results.of(items, ahead, ordered, (item, wait, onEnd) -> {
            if (!wait && !isSimulated() && !queue.isRoomy()) {
                return null;
            }
            RemoteJob<B> job = jobOrFailed(item, jobs);
            job.awaited().onEnd(onEnd);
            return job.isDone() || put(job, wait) ? job : null;
        });
    }

    /** What cannot be encoded fails at its place among the results. */
    private <A, B> RemoteJob<B> jobOrFailed(A item, Function<A, RemoteJob<B>> jobs) {
        try {
            return jobs.apply(item);
        } catch (RuntimeException e) {
            var failed = new RemoteJob<B>(Output.NOTHING, workers.marshaller(), workers, 1);
            failed.fail(e);
            return failed;
        }
    }

    @Override
    protected <T> Future<T> start(Callable<T> body, Runnable onEnd) {
        RemoteJob<T> job = job(body);
        job.awaited().onEnd(onEnd);
        if (isSimulated()) {
            put(job, true);
        } else {
            queue.admitUnbounded(job);
        }
        return job;
    }

    // ---- the end ----

    /** Takes no more bodies; those that were submitted are still run. Idempotent, waits for nothing. */
    @Override
    public void shutdown() {
        queue.shutdown();
    }

    /**
     * Takes no more bodies, gives back those that wait, and interrupts those that run; their workers are killed after
     * the grace time. Calls of this pool whose bodies wait end as if those were cancelled.
     *
     * @return what was submitted and never began: the futures, which nothing ends but who cancels them
     */
    @Override
    public List<Runnable> shutdownNow() {
        return List.copyOf(workers.shutdownNow());
    }

    /** Takes no more bodies and kills all workers at once. */
    public void terminate() {
        workers.terminate();
    }

    @Override
    public boolean isShutdown() {
        return queue.isShutDown();
    }

    /** Whether it has shut down, and the last worker is gone. */
    @Override
    public boolean isTerminated() {
        return queue.terminated().isSet();
    }

    /**
     * Waits for the end of all bodies and workers after a shutdown.
     *
     * <p>Cancellation: a cancelled call leaves the pool as it is.
     *
     * @throws IllegalStateException if called on the pool's own loop, as by a handler of the log, which would wait for
     *     itself
     */
    @Override
    public boolean awaitTermination(long limit, TimeUnit unit) throws InterruptedException {
        if (limit > 0) {
            requireNotHere("wait for the end of the pool");
        }
        try {
            return queue.terminated().awaitWithin(Duration.ofNanos(unit.toNanos(limit)));
        } catch (CancelledException e) {
            if (isTask()) {
                throw e;
            }
            throw CancelScope.asInterrupt(e);
        }
    }

    /**
     * Shuts down and waits for the end of all bodies and workers. Idempotent.
     *
     * <p>Cancellation: ends the bodies as {@link #shutdownNow} does and cancels those that wait; their end is awaited,
     * and the cancel passes on.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if called on the pool's own loop, as by a handler of the log, which would wait for
     *     itself
     */
    @Override
    public void close() {
        requireNotHere("close the pool; call shutdown()");
        queue.shutdown();
        try {
            queue.terminated().await();
        } catch (CancelledException e) {
            workers.cancel();
            Shielded.get(() -> {
                queue.terminated().await();
                return true;
            });
            Shielded.giveBack(e);
        }
    }

    private void requireNotHere(String doing) {
        if (workers.isHere()) {
            throw new IllegalStateException("what runs on the loop of a process pool cannot " + doing);
        }
    }

    /** What it does now, and has done. */
    public ProcessPoolStatistics statistics() {
        return workers.statistics();
    }

    @Override
    public String toString() {
        return "ProcessPool[" + options.name() + ", " + statistics() + "]";
    }
}
