package dev.heddle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        var ended = new Ends(limitNanos);
        List<Future<T>> futures = new ArrayList<>(copy.size());
        try {
            for (Callable<T> body : copy) {
                futures.add(start(body, () -> ended.add(0)));
            }
            int left = copy.size();
            while (left > 0 && ended.next() != null) {
                left--;
            }
        } finally {
            cancel(futures); // what has not ended in time; its future says so
        }
        return futures;
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
        var ended = new Ends(limitNanos);
        List<Future<T>> futures = new ArrayList<>(copy.size());
        try {
            for (Callable<T> body : copy) {
                int index = futures.size();
                futures.add(start(body, () -> ended.add(index)));
            }
            ExecutionException last = null;
            for (int i = 0; i < copy.size(); i++) {
                Integer index = ended.next();
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

    /** The bodies that have ended, for the caller who waits, in its loop's time. No locks: they end below tasks too. */
    private static final class Ends {
        private final Queue<Integer> ended = new ConcurrentLinkedQueue<>();
        private final long limitNanos;
        private final long start = Tasks.now();
        private volatile Waiter waiter = new Waiter("the end of a body");

        Ends(long limitNanos) {
            this.limitNanos = limitNanos;
        }

        void add(int index) {
            ended.add(index);
            waiter.complete();
        }

        /** The next, or null when the time is over. */
        @Nullable Integer next() throws InterruptedException {
            while (true) {
                var wait = new Waiter("the end of a body");
                waiter = wait;
                Integer next = ended.poll();
                if (next != null || !await(wait)) {
                    return next == null ? ended.poll() : next;
                }
            }
        }

        private boolean await(Waiter wait) throws InterruptedException {
            try {
                if (limitNanos == NEVER) {
                    wait.await();
                    return true;
                }
                return wait.awaitWithin(Duration.ofNanos(limitNanos - (Tasks.now() - start)));
            } catch (CancelledException e) {
                throw CancelScope.asInterrupt(e);
            }
        }
    }

    /** Does nothing to those that have ended. */
    private static void cancel(List<? extends @Nullable Future<?>> futures) {
        for (Future<?> future : futures) {
            future.cancel(true);
        }
    }
}
