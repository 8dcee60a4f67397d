package dev.heddle.process.internal.work;

import dev.heddle.CancelScope;
import dev.heddle.FailureHandler;
import dev.heddle.Outcome;
import dev.heddle.Results;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.process.RemoteAction;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.RemoteFunction;
import dev.heddle.process.RemotePool;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of a {@link RemotePool} on their way in and out: all that such a pool does, above how its bodies are queued
 * and done.
 *
 * <p>Threads: any.
 */
public final class RemoteBodies {

    /** Chunks for each worker, so that one that is late does not keep the others waiting for long. */
    private static final int CHUNKS_PER_WORKER = 4;

    /** Bodies of {@link #imap} for each worker that are under way or done and not taken. */
    private static final int AHEAD_PER_WORKER = 2;

    /** How bodies of a pool are queued and done. */
    public interface Way {

        Marshaller marshaller();

        /** How many bodies may run at a time. */
        int width();

        /** Makes the future of an encoded body. */
        <T> BodyFuture<T> future(Class<?> body, Output work, Function<@Nullable Object, T> result);

        /**
         * Queues a body, or does it here and now where that is meant.
         *
         * @param wait whether to wait for room; a cancelled wait has not left the body
         * @return false if there is no room
         * @throws java.util.concurrent.RejectedExecutionException after shutdown
         */
        boolean put(BodyFuture<?> future, boolean wait);

        /** Queues a body past the bound. */
        void putUnbounded(BodyFuture<?> future);

        /** Whether a body would be queued at once. */
        boolean isRoomy();

        /** Whether the pool is in a simulation. */
        boolean isSimulated();
    }

    private final Way way;
    private final List<RemoteCallable<? extends ScopedValue<?>>> context;

    /**
     * @param context functions that name the scoped values that go along
     */
    public RemoteBodies(Way way, List<RemoteCallable<? extends ScopedValue<?>>> context) {
        this.way = way;
        this.context = context;
    }

    // ---- one ----

    public <T> T call(RemoteCallable<T> body) {
        CancelScope.throwIfCancelled();
        BodyFuture<T> future = borrowed(body);
        future.awaited();
        return queued(future).join();
    }

    public void run(RemoteAction body) {
        CancelScope.throwIfCancelled();
        BodyFuture<?> future = borrowed(body);
        future.awaited();
        queued(future).join();
    }

    public <T> Future<T> submit(RemoteCallable<T> body) {
        return queued(this.<T>encoded(body));
    }

    public Future<?> submit(RemoteAction body) {
        return queued(encoded(body));
    }

    public <T> CompletableFuture<T> supplyAsync(RemoteCallable<T> body) {
        BodyFuture<T> job = encoded(body);
        job.awaited();
        var future = new CompletableFuture<T>();
        var _ = future.whenComplete((value, failure) -> job.cancel(true));
        Executor completer = way.isSimulated() ? Runnable::run : future.defaultExecutor();
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

    public <T> Future<T> submit(Callable<T> body) {
        return queued(this.<T>encoded(body));
    }

    public <T> Future<T> submit(Runnable body, T result) {
        return queued(encoded(Work.run(body), List.of(), nothing -> result));
    }

    public Future<?> submit(Runnable body) {
        return queued(encoded(Work.run(body)));
    }

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
        Output work = way.marshaller().encode(root, new Work(body, items, Work.carried(context)), borrow);
        return way.future(Work.bodyOf(body).getClass(), work, result);
    }

    private <T> BodyFuture<T> queued(BodyFuture<T> future) {
        admit(future, true);
        return future;
    }

    private boolean admit(BodyFuture<?> future, boolean wait) {
        if (isTask()) { // an interrupted thread may submit, as to the JDK's executors
            CancelScope.throwIfCancelled();
        }
        return way.put(future, wait);
    }

    /** Starts a body for {@code invokeAll} and {@code invokeAny}: their collection is the bound. */
    public <T> Future<T> start(Callable<T> body, Runnable onEnd) {
        BodyFuture<T> future = encoded(body);
        future.awaited();
        future.onEnd(onEnd);
        way.putUnbounded(future);
        return future;
    }

    /** Whether the caller is a task. */
    private static boolean isTask() {
        return Task.ofThread(Thread.currentThread()).isPresent();
    }

    // ---- many ----

    public <A, B> List<B> map(Collection<? extends A> items, RemoteFunction<? super A, ? extends B> function) {
        int chunk = (items.size() - 1) / (CHUNKS_PER_WORKER * way.width()) + 1;
        return map(items, chunk, function);
    }

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

    public <A, B> Results<A, B> imap(Iterable<? extends A> items, RemoteFunction<? super A, ? extends B> function) {
        return results(items, true, item -> one(function, item));
    }

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
        int ahead = (int) Math.min(Integer.MAX_VALUE, (long) AHEAD_PER_WORKER * way.width());
        return Results.of(items, ahead, ordered, (item, wait, onEnd) -> {
            if (!wait && !way.isRoomy()) {
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
            BodyFuture<B> failed = way.future(Work.class, Output.NOTHING, given -> (B) given);
            failed.fail(e);
            return failed;
        }
    }
}
