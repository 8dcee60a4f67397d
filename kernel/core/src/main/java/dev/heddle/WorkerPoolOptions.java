package dev.heddle;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of a {@link WorkerPool}. Immutable; start from {@link #DEFAULT} and change with the {@code with} methods.
 */
public final class WorkerPoolOptions {

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

    private final String name;
    private final int workers;
    private final int maxQueued;
    private final Duration idleLimit;
    private final Action initializer;
    private final Action finalizer;
    private final FailureHandler failureHandler;

    private WorkerPoolOptions(String name, int workers, int maxQueued, Duration idleLimit, Action initializer,
            Action finalizer, FailureHandler failureHandler) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(initializer);
        Objects.requireNonNull(finalizer);
        Objects.requireNonNull(failureHandler);
        Checks.atLeast("workers", workers, 1);
        Checks.notNegative("maxQueued", maxQueued);
        Checks.notNegative("idleLimit", idleLimit);
        this.name = name;
        this.workers = workers;
        this.maxQueued = maxQueued;
        this.idleLimit = idleLimit;
        this.initializer = initializer;
        this.finalizer = finalizer;
        this.failureHandler = failureHandler;
    }

    /** The name of the pool; its threads are numbered. */
    public String name() {
        return name;
    }

    /** Most threads at a time, at least 1. */
    public int workers() {
        return workers;
    }

    /** Most bodies that wait for a worker, 0 or more; beyond it, who submits waits. */
    public int maxQueued() {
        return maxQueued;
    }

    /** How long a worker without work stays. */
    public Duration idleLimit() {
        return idleLimit;
    }

    /**
     * Runs on each new worker before its first body, such as to open what the worker keeps in a thread local; if it
     * fails the pool is broken.
     */
    public Action initializer() {
        return initializer;
    }

    /**
     * Runs on each worker that the initializer has made ready when it ends, such as to close what it has kept; a pool
     * has ended when all have run.
     */
    public Action finalizer() {
        return finalizer;
    }

    /** Hears of bodies of {@code execute} that fail, for which there is no future. */
    public FailureHandler failureHandler() {
        return failureHandler;
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

    @Override
    public String toString() {
        return "WorkerPoolOptions[name=" + name + ", workers=" + workers + ", maxQueued=" + maxQueued + ", idleLimit="
                + idleLimit + ", initializer=" + initializer + ", finalizer=" + finalizer + ", failureHandler="
                + failureHandler + "]";
    }
}
