package dev.heddle.observe.opentelemetry;

import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.TraceScope;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.trace.TraceContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The current context as a scoped value of the running code. OpenTelemetry begins and ends a context by two calls, with
 * no body in between to bind it for; so the thread's bindings are exchanged by the first and put back by the second.
 * From there the context goes wherever scoped values go.
 */
enum TaskContextStorage implements ContextStorage {
    INSTANCE;

    private static final ScopedValue<Attached> ATTACHED = ScopedValue.newInstance();

    /** A context that was made current. */
    private static final class Attached {
        final Context context;

        /** What was bound together with it. If another trace is bound now, that was bound later. */
        final @Nullable TraceContext trace;

        /** What was bound before the first of those that were made current one in the other: no chain gets long. */
        final Object base;

        /** What is bound with it. */
        final Object bindings;

        /** Has it bound in the calling thread, whose bindings are the outer ones now. */
        Attached(Context context, Thread thread, Object outer, @Nullable Attached around) {
            this.context = context;
            this.trace = SpanContexts.traceOf(context);
            this.base = around != null && around.bindings == outer ? around.base : outer;
            ScopedBindings.exchange(thread, base);
            this.bindings = ScopedValue.where(ATTACHED, this)
                    .where(TraceScope.CURRENT, trace)
                    .call(VirtualThreads::bindings);
            ScopedBindings.exchange(thread, bindings);
        }
    }

    /** What puts the outer bindings back, where those of a context still hold and in its own thread. */
    private record AttachedScope(Thread thread, Object outer, Attached attached) implements Scope {

        @Override
        public void close() {
            if (Thread.currentThread() == thread && ScopedBindings.get(thread) == attached.bindings) {
                ScopedBindings.exchange(thread, outer);
            }
        }
    }

    @Override
    public Scope attach(@Nullable Context context) {
        if (context == null || context == current()) {
            return Scope.noop();
        }
        Thread thread = Thread.currentThread();
        Attached around = attached();
        VirtualThreads.bindings(); // has the JDK find them again where it has dropped them
        Object outer = ScopedBindings.get(thread);
        return new AttachedScope(thread, outer, new Attached(context, thread, outer, around));
    }

    @Override
    public @Nullable Context current() {
        Attached attached = attached();
        TraceContext trace = TraceScope.current();
        Context context = attached == null ? null : attached.context;
        return trace == null || (attached != null && attached.trace == trace)
                ? context
                : SpanContexts.with(context == null ? Context.root() : context, trace);
    }

    private static @Nullable Attached attached() {
        return ATTACHED.isBound() ? ATTACHED.get() : null;
    }
}
