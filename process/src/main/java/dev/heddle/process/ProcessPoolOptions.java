package dev.heddle.process;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The options of a {@link ProcessPool}. Immutable; each {@code with} gives a changed copy.
 *
 * @param name names the pool; its workers are {@code name-1} and so on
 * @param workers most child processes at a time, at least 1
 * @param maxQueued most bodies that wait for a worker, 0 or more; who submits more waits
 * @param grace how long a cancelled body has to end by itself, and a worker to exit, until it is killed
 * @param idleLimit how long a worker without work is kept
 * @param bodiesPerWorker after how many bodies a worker is replaced by a new one, at least 1
 * @param maxBytes longest body or result, encoded
 * @param initializer runs in each new worker before its first body; if it fails, so does the body that wanted the
 *     worker
 * @param context functions that name scoped values; those that are bound where a body is submitted are bound where it
 *     runs
 * @param formats classes of formats for types of the program's own
 * @param jvmArguments arguments of the child's JVM, such as {@code -Xmx512m}
 * @param output gets what workers print
 */
public record ProcessPoolOptions(
        String name,
        int workers,
        int maxQueued,
        Duration grace,
        Duration idleLimit,
        int bodiesPerWorker,
        int maxBytes,
        RemoteAction initializer,
        List<RemoteCallable<? extends ScopedValue<?>>> context,
        List<Class<? extends Format<?>>> formats,
        List<String> jvmArguments,
        WorkerOutput output) {

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

    public ProcessPoolOptions {
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
}
