package dev.heddle;

import dev.heddle.internal.AsksSystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The common part of executors whose callers may be tasks: what the JDK's {@link
 * java.util.concurrent.AbstractExecutorService} is to its own, which needs futures that only those make.
 *
 * <p>Threads: any task or thread. Cancellation: a cancelled {@code invokeAll} or {@code invokeAny} has cancelled the
 * futures of its bodies.
 */
@AsksSystem("its callers may be threads that are no tasks")
public abstract class BodyExecutor implements ExecutorService {

    /** No time limit. */
    private static final long NEVER = Long.MAX_VALUE;

    /** For executors. */
    protected BodyExecutor() {}

    /**
     * Starts a body without waiting for a place: the collection of the caller bounds their number.
     *
     * @param onEnd called once when the future is done
     */
    protected abstract <T> Future<T> start(Callable<T> body, Runnable onEnd);

    @Override
    public <T> Future<T> submit(Runnable body, T result) {
        return submit(Executors.callable(body, result));
    }

    @Override
    public Future<?> submit(Runnable body) {
        return submit(Executors.callable(body));
    }

    // ---- all ----

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> bodies) throws InterruptedException {
        return all(bodies, NEVER);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> bodies, long limit, TimeUnit unit)
            throws InterruptedException {
        return all(bodies, limitNanos(limit, unit));
    }

    /** Starts all and waits until all have ended, or the time is over and the rest is cancelled. */
    private <T> List<Future<T>> all(Collection<? extends Callable<T>> bodies, long limitNanos)
            throws InterruptedException {
        CancelScope.throwIfCancelledOrInterrupted();
        List<Callable<T>> copy = List.copyOf(bodies);
        long start = System.nanoTime();
        List<Future<T>> futures = new ArrayList<>(copy.size());
        try {
            for (Callable<T> body : copy) {
                futures.add(start(body, () -> {}));
            }
            for (Future<T> future : futures) {
                awaitEnd(future, left(start, limitNanos));
            }
        } catch (TimeoutException e) {
            // What has not ended is cancelled below; its future says so.
        } finally {
            cancel(futures);
        }
        return futures;
    }

    private static void awaitEnd(Future<?> future, long nanos) throws InterruptedException, TimeoutException {
        try {
            if (nanos == NEVER) {
                future.get();
            } else {
                future.get(nanos, TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | CancellationException e) {
            // The caller finds it in the future.
        }
    }

    // ---- any ----

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> bodies) throws InterruptedException, ExecutionException {
        try {
            return any(bodies, NEVER);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> bodies, long limit, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return any(bodies, limitNanos(limit, unit));
    }

    /** The result of the first that succeeds; the others are cancelled. */
    private <T> T any(Collection<? extends Callable<T>> bodies, long limitNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        CancelScope.throwIfCancelledOrInterrupted();
        List<Callable<T>> copy = List.copyOf(bodies);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("invokeAny needs at least one body");
        }
        long start = System.nanoTime();
        List<Future<T>> futures = new ArrayList<>(copy.size());
        var ended = new LinkedTransferQueue<Integer>(); // without locks, since bodies end below the tasks too
        try {
            for (Callable<T> body : copy) {
                int index = futures.size();
                futures.add(start(body, () -> ended.add(index)));
            }
            ExecutionException last = null;
            for (int i = 0; i < copy.size(); i++) {
                long left = left(start, limitNanos);
                Integer index = left == NEVER ? ended.take() : ended.poll(left, TimeUnit.NANOSECONDS);
                if (index == null) {
                    throw new TimeoutException("no body succeeded in time");
                }
                try {
                    return futures.get(index).get();
                } catch (ExecutionException e) {
                    last = e;
                } catch (CancellationException e) {
                    last = new ExecutionException(e);
                }
            }
            throw Objects.requireNonNull(last);
        } finally {
            cancel(futures);
        }
    }

    private static long limitNanos(long limit, TimeUnit unit) {
        return Math.min(Math.max(0, unit.toNanos(limit)), NEVER - 1);
    }

    private static long left(long start, long limitNanos) {
        return limitNanos == NEVER ? NEVER : Math.max(0, limitNanos - (System.nanoTime() - start));
    }

    /** Does nothing to those that have ended. */
    private static void cancel(List<? extends @Nullable Future<?>> futures) {
        for (Future<?> future : futures) {
            future.cancel(true);
        }
    }
}
