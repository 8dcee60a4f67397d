package dev.heddle.process.internal.codec;

import dev.heddle.Action;
import dev.heddle.internal.TraceScope;
import dev.heddle.process.RemoteAction;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.RemoteFunction;
import dev.heddle.trace.TraceContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The work of a child: what it is to do.
 *
 * @param body a {@link Callable}, {@link RemoteAction}, {@link Action}, {@link Runnable} or {@link RemoteFunction}
 * @param items what the function is applied to, one after the other
 * @param context scoped values that hold meanwhile
 */
public record Work(Object body, List<@Nullable Object> items, List<Carried> context) {

    /** A scoped value, named by a function that gives it in each process. */
    record Carried(RemoteCallable<ScopedValue<Object>> key, Object value) {}

    /** The trace goes along wherever there is one. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // each scoped value is one of objects here
    private static final RemoteCallable<ScopedValue<Object>> TRACE = () -> (ScopedValue) TraceScope.CURRENT;

    /** What is to be run, though it could be called too. */
    private record Run(Runnable body) implements Runnable {

        @Override
        public void run() {
            body.run();
        }
    }

    /** The body that runs something. */
    public static Runnable run(Runnable body) {
        return body instanceof Callable<?> ? new Run(body) : body;
    }

    /** What the user gave, for people. */
    public static Object bodyOf(Object work) {
        return work instanceof Run(Runnable body) ? body : work;
    }

    /** The scoped values that are bound here, of those that the functions name. */
    @SuppressWarnings("unchecked")
    public static List<Carried> carried(List<RemoteCallable<? extends ScopedValue<?>>> context) {
        List<Carried> bound = new ArrayList<>(context.size());
        TraceContext trace = TraceScope.current();
        if (trace != null) {
            bound.add(new Carried(TRACE, trace));
        }
        for (RemoteCallable<? extends ScopedValue<?>> named : context) {
            try {
                var key = (RemoteCallable<ScopedValue<Object>>) named;
                ScopedValue<Object> value = key.call();
                if (value.isBound()) {
                    bound.add(new Carried(key, value.get()));
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("a function that names a scoped value failed", e);
            }
        }
        return bound;
    }

    /** Does it in the calling thread. The result of a function is the list of the results. */
    public @Nullable Object run() throws Exception {
        ScopedValue.@Nullable Carrier carrier = null;
        for (Carried each : context) {
            carrier = carrier == null
                    ? ScopedValue.where(each.key.call(), each.value)
                    : carrier.where(each.key.call(), each.value);
        }
        return carrier == null ? runBody() : carrier.call(this::runBody);
    }

    private @Nullable Object runBody() throws Exception {
        if (body instanceof Callable<?> callable) {
            return callable.call();
        }
        if (body instanceof RemoteFunction<?, ?> function) {
            return apply(function);
        }
        if (body instanceof RemoteAction action) {
            action.act();
        } else if (body instanceof Action action) {
            action.run();
        } else if (body instanceof Runnable runnable) {
            runnable.run();
        } else {
            throw new IllegalArgumentException("not a body: " + body.getClass().getTypeName());
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private List<@Nullable Object> apply(RemoteFunction<?, ?> function) throws Exception {
        @Nullable Object[] results = new Object[items.size()];
        int count = 0;
        for (Object item : items) {
            results[count++] = ((RemoteFunction<@Nullable Object, ?>) function).apply(item);
        }
        return Arrays.asList(results);
    }
}
