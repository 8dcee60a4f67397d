package dev.heddle;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of a {@link WorkerPool}. Immutable; start from {@link #DEFAULT} and change with the {@code with} methods.
 *
 * @param name the name of the pool; its threads are numbered
 * @param workers most threads at a time, at least 1
 * @param maxQueued most bodies that wait for a worker, 0 or more; beyond it, who submits waits
 * @param idleLimit how long a worker without work stays
 * @param initializer runs on each new worker before its first body, such as to open what the worker keeps in a thread
 *     local; if it fails the pool is broken
 * @param finalizer runs on each worker that the initializer has made ready when it ends, such as to close what it has
 *     kept; a pool has ended when all have run
 * @param failureHandler hears of bodies of {@code execute} that fail, for which there is no future
 */
public record WorkerPoolOptions(
        String name,
        int workers,
        int maxQueued,
        Duration idleLimit,
        Action initializer,
        Action finalizer,
        FailureHandler failureHandler) {

    /**
     * A worker for each processor, 1000 bodies queued, idle workers end after 10 s, no initializer and finalizer,
     * failures logged.
     */
    public static final WorkerPoolOptions DEFAULT = new WorkerPoolOptions(
            "worker",
            Runtime.getRuntime().availableProcessors(),
            1000,
            Duration.ofSeconds(10),
            () -> {},
            () -> {},
            FailureHandler.LOG);

    public WorkerPoolOptions {
        Objects.requireNonNull(name);
        Objects.requireNonNull(initializer);
        Objects.requireNonNull(finalizer);
        Objects.requireNonNull(failureHandler);
        Checks.atLeast("workers", workers, 1);
        Checks.notNegative("maxQueued", maxQueued);
        Checks.notNegative("idleLimit", idleLimit);
    }

    public WorkerPoolOptions withName(String name) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }

    public WorkerPoolOptions withWorkers(int workers) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }

    public WorkerPoolOptions withMaxQueued(int maxQueued) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }

    public WorkerPoolOptions withIdleLimit(Duration idleLimit) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }

    public WorkerPoolOptions withInitializer(Action initializer) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }

    public WorkerPoolOptions withFinalizer(Action finalizer) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }

    public WorkerPoolOptions withFailureHandler(FailureHandler failureHandler) {
        return new WorkerPoolOptions(name, workers, maxQueued, idleLimit, initializer, finalizer, failureHandler);
    }
}
