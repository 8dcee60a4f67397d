package dev.heddle.process;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The options of a {@link ProcessPool}. Immutable; each {@code with} gives a changed copy.
 */
public final class ProcessPoolOptions {

    /**
     * A worker for each processor, 1,000 bodies queued, half a second of grace, 10 s idle, workers never replaced, 64
     * MiB, no initializer, lines prefixed with the worker's name.
     */
    public static final ProcessPoolOptions DEFAULT = new ProcessPoolOptions(
            "process",
            Runtime.getRuntime().availableProcessors(),
            1000,
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Integer.MAX_VALUE,
            64 * 1024 * 1024,
            () -> {},
            List.of(),
            List.of(),
            List.of(),
            WorkerOutput.PREFIXED);

    private final String name;
    private final int workers;
    private final int maxQueued;
    private final Duration grace;
    private final Duration idleLimit;
    private final int bodiesPerWorker;
    private final int maxBytes;
    private final RemoteAction initializer;
    private final List<RemoteCallable<? extends ScopedValue<?>>> context;
    private final List<Class<? extends Format<?>>> formats;
    private final List<String> jvmArguments;
    private final WorkerOutput output;

    private ProcessPoolOptions(String name, int workers, int maxQueued, Duration grace, Duration idleLimit,
            int bodiesPerWorker, int maxBytes, RemoteAction initializer,
            List<RemoteCallable<? extends ScopedValue<?>>> context, List<Class<? extends Format<?>>> formats,
            List<String> jvmArguments, WorkerOutput output) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(initializer);
        Objects.requireNonNull(output);
        Checks.atLeast("workers", workers, 1);
        Checks.atLeast("maxQueued", maxQueued, 0);
        Checks.atLeast("bodiesPerWorker", bodiesPerWorker, 1);
        Checks.atLeast("maxBytes", maxBytes, 1024);
        Checks.notNegative("grace", grace);
        Checks.notNegative("idleLimit", idleLimit);
        context = List.copyOf(context);
        formats = List.copyOf(formats);
        jvmArguments = List.copyOf(jvmArguments);
        this.name = name;
        this.workers = workers;
        this.maxQueued = maxQueued;
        this.grace = grace;
        this.idleLimit = idleLimit;
        this.bodiesPerWorker = bodiesPerWorker;
        this.maxBytes = maxBytes;
        this.initializer = initializer;
        this.context = context;
        this.formats = formats;
        this.jvmArguments = jvmArguments;
        this.output = output;
    }

    /** Names the pool; its workers are {@code name-1} and so on. */
    public String name() {
        return name;
    }

    /** Most child processes at a time, at least 1. */
    public int workers() {
        return workers;
    }

    /** Most bodies that wait for a worker, 0 or more; who submits more waits. */
    public int maxQueued() {
        return maxQueued;
    }

    /** How long a cancelled body has to end by itself, and a worker to exit, until it is killed. */
    public Duration grace() {
        return grace;
    }

    /** How long a worker without work is kept. */
    public Duration idleLimit() {
        return idleLimit;
    }

    /** After how many bodies a worker is replaced by a new one, at least 1. */
    public int bodiesPerWorker() {
        return bodiesPerWorker;
    }

    /** Longest body or result, encoded. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Runs in each new worker before its first body; if it fails, so does the body that wanted the worker. */
    public RemoteAction initializer() {
        return initializer;
    }

    /** Functions that name scoped values; those that are bound where a body is submitted are bound where it runs. */
    public List<RemoteCallable<? extends ScopedValue<?>>> context() {
        return context;
    }

    /** Classes of formats for types of the program's own. */
    public List<Class<? extends Format<?>>> formats() {
        return formats;
    }

    /** Arguments of the child's JVM, such as {@code -Xmx512m}. */
    public List<String> jvmArguments() {
        return jvmArguments;
    }

    /** Gets what workers print. */
    public WorkerOutput output() {
        return output;
    }

    public ProcessPoolOptions withName(String name) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withWorkers(int workers) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withMaxQueued(int maxQueued) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withGrace(Duration grace) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withIdleLimit(Duration idleLimit) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withBodiesPerWorker(int bodiesPerWorker) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withMaxBytes(int maxBytes) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withInitializer(RemoteAction initializer) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    public ProcessPoolOptions withOutput(WorkerOutput output) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, jvmArguments, output);
    }

    /** With one more scoped value that goes along: {@code withContext(() -> App.USER)}. */
    public ProcessPoolOptions withContext(RemoteCallable<? extends ScopedValue<?>> key) {
        List<RemoteCallable<? extends ScopedValue<?>>> more = new ArrayList<>(context);
        more.add(key);
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, more, formats, jvmArguments, output);
    }

    /** With one more format. */
    public ProcessPoolOptions withFormat(Class<? extends Format<?>> format) {
        List<Class<? extends Format<?>>> more = new ArrayList<>(formats);
        more.add(format);
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, more, jvmArguments, output);
    }

    public ProcessPoolOptions withJvmArguments(String... arguments) {
        return new ProcessPoolOptions(name, workers, maxQueued, grace, idleLimit, bodiesPerWorker, maxBytes,
                initializer, context, formats, List.of(arguments), output);
    }

    @Override
    public String toString() {
        return "ProcessPoolOptions[name=" + name + ", workers=" + workers + ", maxQueued=" + maxQueued + ", grace="
                + grace + ", idleLimit=" + idleLimit + ", bodiesPerWorker=" + bodiesPerWorker + ", maxBytes=" + maxBytes
                + ", initializer=" + initializer + ", context=" + context + ", formats=" + formats + ", jvmArguments="
                + jvmArguments + ", output=" + output + "]";
    }
}
