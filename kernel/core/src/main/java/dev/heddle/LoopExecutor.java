package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.pool.Termination;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The view of a loop as an executor of the JDK: each body is a task of the loop, and one with a delay is a task that
 * sleeps first. So all that is true of tasks holds, and the loop's end cancels what is left.
 *
 * <p>Its end is its own: shutting it down ends nothing else of the loop.
 */
final class LoopExecutor extends BodyExecutor implements ScheduledExecutorService {

    private final Loop loop;
    private final ReentrantLock lock = new ReentrantLock();

    private final Termination termination;

    // Behind the lock:
    /** In the order of the calls, so that a simulation repeats. */
    private final Set<LoopFuture<?>> futures = new LinkedHashSet<>();
    private boolean shutDown;

    LoopExecutor(Loop loop) {
        this.loop = loop;
        this.termination = new Termination(lock, this, () -> shutDown && futures.isEmpty());
    }

    Loop loop() {
        return loop;
    }

    // ---- work ----

    @Override
    public <T> Future<T> submit(Callable<T> body) {
        return schedule(body, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Future<?> submit(Runnable body) {
        return schedule(body, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void execute(Runnable body) {
        Objects.requireNonNull(body);
        begin(new LoopFuture<>(this, Executors.callable(body), body, 0, 0, true, null));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable body, long delay, TimeUnit unit) {
        return later(body, unit.toNanos(delay), 0);
    }

    @Override
    public <T> ScheduledFuture<T> schedule(Callable<T> body, long delay, TimeUnit unit) {
        Objects.requireNonNull(body);
        return start(new LoopFuture<>(this, body, body, unit.toNanos(delay), 0, false, null));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable body, long delay, long period, TimeUnit unit) {
        return later(body, unit.toNanos(delay), positiveNanos(period, unit));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable body, long delay, long pause, TimeUnit unit) {
        return later(body, unit.toNanos(delay), -positiveNanos(pause, unit));
    }

    private ScheduledFuture<?> later(Runnable body, long delayNanos, long periodNanos) {
        Objects.requireNonNull(body);
        return start(
                new LoopFuture<>(this, Executors.callable(body), body, delayNanos, periodNanos, false, null));
    }

    private static long positiveNanos(long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException("the period is " + period + ", must be positive");
        }
        return Math.min(unit.toNanos(period), Durations.FOREVER);
    }

    private <T> LoopFuture<T> start(LoopFuture<T> future) {
        begin(future);
        return future;
    }

    private void begin(LoopFuture<?> future) {
        lock.lock();
        try {
            if (shutDown) {
                throw new RejectedExecutionException("the executor of " + loop.name() + " is shut down");
            }
            futures.add(future);
        } finally {
            lock.unlock();
        }
        future.task.addListener(future);
        if (!loop.handOver(future.task)) {
            future.ended();
            throw new RejectedExecutionException(loop.name() + " has ended; it takes no more work");
        }
        future.task.start();
    }

    /**
     * Below the tasks, where nothing may wait for the lock: it could go to a task of this loop first, which then has no
     * turn. Where it is taken a callback waits for it.
     */
    void ended(LoopFuture<?> future) {
        if (lock.tryLock()) {
            try {
                forget(future);
            } finally {
                lock.unlock();
            }
        } else {
            new DoneCallback(loop, () -> forgetBehindLock(future), listener -> {}).ended();
        }
    }

    private void forgetBehindLock(LoopFuture<?> future) {
        lock.lock();
        try {
            forget(future);
        } finally {
            lock.unlock();
        }
    }

    private void forget(LoopFuture<?> future) {
        futures.remove(future);
        termination.check();
    }

    // ---- many ----

    @Override
    protected <T> Future<T> start(Callable<T> body, Runnable onEnd) {
        return start(new LoopFuture<>(this, body, body, 0, 0, false, onEnd));
    }

    // ---- the end ----

    /** As the JDK's scheduler does by default: repeated bodies stop, delayed ones still come. */
    @Override
    public void shutdown() {
        List<LoopFuture<?>> all = markShutDown();
        for (LoopFuture<?> future : all) {
            if (future.isPeriodic()) {
                future.cancel(false);
            }
        }
    }

    /** As the JDK's does: what has not begun, or not begun again, is given back, and nothing ends its future. */
    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> waiting = new ArrayList<>();
        for (LoopFuture<?> future : markShutDown()) {
            if (future.withdraw()) {
                waiting.add(future);
            } else {
                future.cancel(true);
            }
        }
        return waiting;
    }

    private void cancel() {
        for (LoopFuture<?> future : markShutDown()) {
            future.cancel(true);
        }
    }

    private List<LoopFuture<?>> markShutDown() {
        lock.lock();
        try {
            shutDown = true;
            termination.check();
            return List.copyOf(futures);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isShutdown() {
        lock.lock();
        try {
            return shutDown;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isTerminated() {
        return termination.isReached();
    }

    @Override
    public boolean awaitTermination(long limit, TimeUnit unit) throws InterruptedException {
        if (limit > 0) {
            requireNotOwn("wait for the end of its own executor");
        }
        return termination.awaitWithin(limit, unit);
    }

    /** A cancel or an interrupt cancels the bodies; their end is awaited, and the cancel passes on. */
    @Override
    public void close() {
        requireNotOwn("close its own executor; call shutdown()");
        shutdown();
        termination.awaitHurried(this::cancel);
    }

    /** A body waits for the tasks it owns, and those for what they own. */
    private void requireNotOwn(String doing) {
        Set<Task<?>> inside = new HashSet<>();
        for (Task<?> task = Task.currentOrNull(); task != null; task = task.parent().orElse(null)) {
            inside.add(task);
        }
        lock.lock();
        try {
            if (futures.stream().anyMatch(future -> inside.contains(future.task))) {
                throw new IllegalStateException("a body cannot " + doing);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "executor of " + loop.name();
    }
}
