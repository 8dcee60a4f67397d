package dev.heddle.observe.opentelemetry;

import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.ContextStorageProvider;

/**
 * The maker of the storage that has OpenTelemetry's current context follow tasks. OpenTelemetry finds it by itself; if
 * there are several makers on the path, {@code -Dio.opentelemetry.context.contextStorageProvider=} with the name of this
 * class chooses it.
 *
 * <p>What code makes current holds for itself until the scope is closed, and for all that it starts meanwhile: tasks,
 * {@code offload}, callbacks, generators, bodies of pools, and, as far as a trace is concerned, bodies in child
 * processes. It is bound as scoped values are: no thread local stays behind.
 *
 * <p>The span in it is {@link dev.heddle.trace.TraceContext#current()} too, and the trace that a server has taken from a
 * request, or that {@link dev.heddle.trace.TraceContext#call} has bound, is the current context's span, as one of
 * another process. Whichever was set last, counts.
 *
 * <p>A scope is to be closed by the thread that opened it, inner ones first, else the close is left out, as by
 * OpenTelemetry's own storage. The JDK's {@code StructuredTaskScope} takes a context that was made current between its
 * opening and a fork for a changed scoped value and refuses the fork: make it current outside.
 */
public final class TaskContextStorageProvider implements ContextStorageProvider {

    /** Used by {@link java.util.ServiceLoader}. */
    public TaskContextStorageProvider() {}

    @Override
    public ContextStorage get() {
        return TaskContextStorage.INSTANCE;
    }
}
