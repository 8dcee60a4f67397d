package dev.heddle.internal;

import dev.heddle.CancelScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code invokeAll} and {@code invokeAny} of our executors. The JDK's need futures that only its own executors make.
 */
public final class Invoking {

    /** No time limit. */
    public static final long NEVER = Long.MAX_VALUE;

    private Invoking() {}

    /** Starts bodies on an executor. */
    public interface Starter {

        /**
         * Starts a body without waiting for a place: the caller's collection bounds their number.
         *
         * @param onEnd called once when the future is done
         */
        <T> Future<T> start(Callable<T> body, Runnable onEnd);
    }

    /** Starts all and waits until all have ended, or the time is over and the rest is cancelled. */
    public static <T> List<Future<T>> all(Collection<? extends Callable<T>> bodies, Starter starter, long limitNanos)
            throws InterruptedException {
        CancelScope.throwIfCancelled();
        List<Callable<T>> copy = List.copyOf(bodies);
        long start = System.nanoTime();
        List<Future<T>> futures = new ArrayList<>(copy.size());
        try {
            for (Callable<T> body : copy) {
                futures.add(starter.start(body, () -> {}));
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
            get(future, nanos);
        } catch (ExecutionException | CancellationException e) {
            // The caller finds it in the future.
        }
    }

    private static <T> T get(Future<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return nanos == NEVER ? future.get() : future.get(nanos, TimeUnit.NANOSECONDS);
    }

    /** The result of the first that succeeds; the others are cancelled. */
    public static <T> T any(Collection<? extends Callable<T>> bodies, Starter starter, long limitNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        CancelScope.throwIfCancelled();
        List<Callable<T>> copy = List.copyOf(bodies);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("invokeAny needs at least one body");
        }
        long start = System.nanoTime();
        List<Future<T>> futures = new ArrayList<>(copy.size());
        var ended = new LinkedBlockingQueue<Integer>();
        try {
            for (Callable<T> body : copy) {
                int index = futures.size();
                futures.add(starter.start(body, () -> ended.add(index)));
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

    public static long limitNanos(long limit, TimeUnit unit) {
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
