package dev.heddle.process.internal.work;

import dev.heddle.BodyExecutor;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.FailureHandler;
import dev.heddle.Outcome;
import dev.heddle.Results;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.process.RemoteAction;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.RemoteFunction;
import dev.heddle.process.RemotePool;
import dev.heddle.process.internal.Offloading;
import dev.heddle.process.internal.Shielded;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.sync.Event;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose bodies run elsewhere: all that such a pool does, above how its bodies are queued and done.
 *
 * <p>Threads: any.
 */
public abstract class RemoteExecutor extends BodyExecutor implements RemotePool {

    /** Chunks for each worker, so that one that is late does not keep the others waiting for long. */
    private static final int CHUNKS_PER_WORKER = 4;

    /** Bodies of {@link #imap} for each worker that are under way or done and not taken. */
    private static final int AHEAD_PER_WORKER = 2;

    protected final Marshaller marshaller;
    private final List<RemoteCallable<? extends ScopedValue<?>>> context;
    private final Event terminated;

    /**
     * @param context functions that name the scoped values that go along
     * @param terminated set when it has shut down, and all has ended
     */
    protected RemoteExecutor(
            Marshaller marshaller, List<RemoteCallable<? extends ScopedValue<?>>> context, Event terminated) {
        this.marshaller = marshaller;
        this.context = context;
        this.terminated = terminated;
    }

    /** A view of a pool. */
    protected RemoteExecutor(RemoteExecutor pool) {
        this(pool.marshaller, pool.context, pool.terminated);
    }

    // ---- how its bodies are queued and done ----

    /** How many bodies may run at a time. */
    protected abstract int width();

    /** Makes the future of an encoded body. */
    protected abstract <T> BodyFuture<T> future(Class<?> body, Output work, Function<@Nullable Object, T> result);

    /**
     * Queues a body, or does it here and now where that is meant.
     *
     * @param wait whether to wait for room; a cancelled wait has not left the body
     * @return false if there is no room
     * @throws java.util.concurrent.RejectedExecutionException after shutdown
     */
    protected abstract boolean put(BodyFuture<?> future, boolean wait);

    /** Queues a body past the bound. */
    protected abstract void putUnbounded(BodyFuture<?> future);

    /** Whether a body would be queued at once. */
    protected abstract boolean isRoomy();

    /** Has the end come soon, since who waits for it was cancelled. */
    protected abstract void hurry();

    /** Ends what is left when all bodies have ended. */
    protected void leave() {}

    /** Refuses a wait for the end by code that the end waits for. */
    protected void requireElsewhere(String doing) {}

    // ---- one ----

    @Override
    public <T> T call(RemoteCallable<T> body) {
        CancelScope.throwIfCancelled();
        return done(this.<T>borrowed(body));
    }

    @Override
    public void run(RemoteAction body) {
        CancelScope.throwIfCancelled();
        done(borrowed(body));
    }

    private <T> T done(BodyFuture<T> future) {
        future.awaited();
        put(future, true);
        return future.join();
    }

    @Override
    public <T> Future<T> submit(RemoteCallable<T> body) {
        return queued(this.<T>encoded(body));
    }

    @Override
    public Future<?> submit(RemoteAction body) {
        return queued(encoded(body));
    }

    @Override
    public <T> CompletableFuture<T> supplyAsync(RemoteCallable<T> body) {
        BodyFuture<T> job = encoded(body);
        job.awaited();
        var future = new CompletableFuture<T>();
        var _ = future.whenComplete((value, failure) -> job.cancel(true));
        Executor completer = isSimulated() ? Runnable::run : future.defaultExecutor();
        job.onEnd(() -> {
            var _ = future.completeAsync(() -> completion(job), completer);
        });
        var _ = queued(job);
        return future;
    }

    private static <T> T completion(BodyFuture<T> job) {
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
        return queued(this.<T>encoded(body));
    }

    @Override
    public <T> Future<T> submit(Runnable body, T result) {
        return queued(encoded(Work.run(body), List.of(), nothing -> result));
    }

    @Override
    public Future<?> submit(Runnable body) {
        return queued(encoded(Work.run(body)));
    }

    /** Queues a body; what it throws is logged. It must be able to travel: see {@link #submit(Callable)}. */
    @Override
    public void execute(Runnable body) {
        BodyFuture<?> job = encoded(Work.run(body));
        job.onEnd(() -> {
            if (!job.isCancelled() && job.outcome() instanceof Outcome.Failure<?>(Throwable why)) {
                FailureHandler.LOG.failed("a body of execute(...) failed", why);
            }
        });
        var _ = queued(job);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a body may give null where its type lets it
    private <T> BodyFuture<T> encoded(Object body) {
        return encoded(body, List.of(), given -> (T) given, false);
    }

    /**
     * One whose caller waits for it, and does not change its arrays meanwhile: long ones are not copied. {@link
     * BodyFuture#join} waits for the end also when it is cancelled, and at the end nobody reads them any more: the body
     * was not given to anybody or was taken back, its process has taken all of it, or that is dead or cut off.
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // as above
    private <T> BodyFuture<T> borrowed(Object body) {
        return encoded(body, List.of(), given -> (T) given, true);
    }

    private <T> BodyFuture<T> encoded(
            Object body, List<@Nullable Object> items, Function<@Nullable Object, T> result) {
        return encoded(body, items, result, false);
    }

    private <T> BodyFuture<T> encoded(
            Object body, List<@Nullable Object> items, Function<@Nullable Object, T> result, boolean borrow) {
        Objects.requireNonNull(body);
        String root = body instanceof RemoteFunction ? "the function" : "the body";
        Output work = marshaller.encode(root, new Work(body, items, Work.carried(context)), borrow);
        return future(Work.bodyOf(body).getClass(), work, result);
    }

    private <T> BodyFuture<T> queued(BodyFuture<T> future) {
        admit(future, true);
        return future;
    }

    private boolean admit(BodyFuture<?> future, boolean wait) {
        if (Offloading.isTask()) { // an interrupted thread may submit, as to the JDK's executors
            CancelScope.throwIfCancelled();
        }
        return put(future, wait);
    }

    @Override
    protected <T> Future<T> start(Callable<T> body, Runnable onEnd) {
        BodyFuture<T> future = encoded(body);
        future.awaited();
        future.onEnd(onEnd);
        putUnbounded(future);
        return future;
    }

    /** Whether the calling code runs in a simulation. */
    protected static boolean isSimulated() {
        Task<?> task = Task.ofThread(Thread.currentThread()).orElse(null);
        return task != null && task.loop().engine().isSimulated();
    }

    // ---- many ----

    @Override
    public <A, B> List<B> map(Collection<? extends A> items, RemoteFunction<? super A, ? extends B> function) {
        int chunk = (items.size() - 1) / (CHUNKS_PER_WORKER * width()) + 1;
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
                part -> encoded(function, part, given -> (List<B>) given))) {
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
    private <A, B> BodyFuture<B> one(RemoteFunction<? super A, ? extends B> function, A item) {
        return encoded(function, Collections.singletonList(item), list -> (B) ((List<?>) list).getFirst());
    }

    private <A, B> Results<A, B> results(
            Iterable<? extends A> items, boolean ordered, Function<A, BodyFuture<B>> jobs) {
        int ahead = (int) Math.min(Integer.MAX_VALUE, (long) AHEAD_PER_WORKER * width());
        return Results.of(items, ahead, ordered, (item, wait, onEnd) -> {
            if (!wait && !isRoomy()) {
                return null;
            }
            BodyFuture<B> job = futureOrFailed(item, jobs);
            job.awaited();
            job.onEnd(onEnd);
            return job.isDone() || admit(job, wait) ? job : null;
        });
    }

    /** What cannot be encoded fails at its place among the results. */
    @SuppressWarnings({"unchecked", "NullAway"}) // it has no result
    private <A, B> BodyFuture<B> futureOrFailed(A item, Function<A, BodyFuture<B>> jobs) {
        try {
            return jobs.apply(item);
        } catch (RuntimeException e) {
            BodyFuture<B> failed = future(Work.class, Output.NOTHING, given -> (B) given);
            failed.fail(e);
            return failed;
        }
    }

    // ---- the end ----

    /** Whether it has shut down, and all has ended. */
    @Override
    public boolean isTerminated() {
        return terminated.isSet();
    }

    /**
     * Waits for the end of all after a shutdown.
     *
     * <p>Cancellation: a cancelled call leaves the pool as it is.
     *
     * @throws IllegalStateException if called by code that the end waits for, as by a handler of the log
     */
    @Override
    public boolean awaitTermination(long limit, TimeUnit unit) throws InterruptedException {
        if (limit > 0) {
            requireElsewhere("wait for the end of the pool");
        }
        try {
            return terminated.awaitWithin(Duration.ofNanos(unit.toNanos(limit)));
        } catch (CancelledException e) {
            if (Offloading.isTask()) {
                throw e;
            }
            throw CancelScope.asInterrupt(e);
        }
    }

    /**
     * Shuts down and waits for the end of all. Idempotent.
     *
     * <p>Cancellation: ends the bodies as {@link #shutdownNow} does; their end is awaited, and the cancel passes on.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if called by code that the end waits for, as by a handler of the log
     */
    @Override
    public void close() {
        requireElsewhere("close the pool; call shutdown()");
        shutdown();
        CancelledException cancel = null;
        try {
            terminated.await();
        } catch (CancelledException e) {
            cancel = e;
            hurry();
        }
        Shielded.get(() -> {
            terminated.await();
            leave();
            return true;
        });
        if (cancel != null) {
            Shielded.giveBack(cancel);
        }
    }
}
