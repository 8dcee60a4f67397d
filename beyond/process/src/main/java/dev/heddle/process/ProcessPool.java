package dev.heddle.process;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Relayed;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import dev.heddle.process.internal.work.RemoteExecutor;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
public final class ProcessPool extends RemoteExecutor {

    private final ProcessPoolOptions options;
    private final WorkerProcesses workers;
    private final JobQueue queue;
    private final int attempts;

    private ProcessPool(ProcessPoolOptions options, WorkerProcesses workers, int attempts) {
        super(workers.marshaller(), options.context(), workers.queue().terminated());
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

    // ---- bodies ----

    @Override
    @SuppressWarnings("unchecked") // of what is passed on nobody asks for the result
    public <T> Future<T> submit(RemoteCallable<T> body) {
        return body instanceof Relayed relayed ? (Future<T>) relay(relayed) : super.submit(body);
    }

    /** Has a body of another pool done, without waiting for room: who passes it on has a bound. */
    private Future<?> relay(Relayed relayed) {
        queue.requireOpen();
        if (isSimulated()) {
            return new SimulatedRelay(relayed, marshaller);
        }
        var job = new RemoteJob<@Nullable Object>(relayed, marshaller, workers, attempts);
        job.awaited();
        queue.admitUnbounded(job);
        return job;
    }

    /** In a simulation each has a task, which does it. */
    private static final class SimulatedRelay extends RemoteJob<@Nullable Object> {
        private final Task<Void> task;

        SimulatedRelay(Relayed relayed, Marshaller marshaller) {
            super(relayed, marshaller, null, 1);
            task = Heddle.spawn(relayed.name(), this::live);
        }

        private void live() {
            try {
                work().gather();
                Heddle.offload(this::doHere);
            } catch (CancelledException e) {
                fail(JobPipeline.neverBegun());
                throw e;
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        @Override
        protected void unwanted(boolean hurry) {
            if (hurry) {
                task.cancel("nobody waits for it any more");
            }
        }
    }

    @Override
    protected int width() {
        return options.workers();
    }

    @Override
    protected <T> BodyFuture<T> future(Class<?> body, Output work, Function<@Nullable Object, T> result) {
        return new RemoteJob<>(body, work, marshaller, workers, attempts, result);
    }

    @Override
    protected boolean put(BodyFuture<?> future, boolean wait) {
        var job = (RemoteJob<?>) future;
        if (isSimulated()) {
            queue.requireOpen();
            job.work().gather();
            Heddle.offload(job::doHere);
            return true;
        }
        return queue.admit(job, wait);
    }

    @Override
    protected void putUnbounded(BodyFuture<?> future) {
        if (isSimulated()) {
            put(future, true);
        } else {
            queue.admitUnbounded((RemoteJob<?>) future);
        }
    }

    @Override
    protected boolean isRoomy() {
        return isSimulated() || queue.isRoomy();
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

    @Override
    protected void hurry() {
        workers.cancel();
    }

    /** What runs on the pool's own loop, as a handler of the log, would wait for itself. */
    @Override
    protected void requireElsewhere(String doing) {
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
