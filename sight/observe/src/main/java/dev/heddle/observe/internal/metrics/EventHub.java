package dev.heddle.observe.internal.metrics;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Events;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fan-out of what happens, to those who want it: to the metrics, from when somebody has asked for them, and to JFR while it
 * records.
 */
public final class EventHub extends Events {

    private static final Object UNRECORDED = new Object();

    private static volatile @Nullable Registry metrics;
    private static volatile @Nullable Events recorder;

    private EventHub() {}

    /** Has a registry hear of requests, in place of the one that did; null for none. */
    public static synchronized void measure(@Nullable Registry registry) {
        metrics = registry;
        connect();
    }

    /** Has somebody hear all, in place of the one that did; null for nobody. */
    public static synchronized void record(@Nullable Events by) {
        recorder = by;
        connect();
    }

    private static void connect() {
        boolean unwanted = metrics == null && recorder == null;
        if (unwanted || Events.heard() == null) {
            Events.hear(unwanted ? null : new EventHub());
        }
    }

    @Override
    public void loopBegins(Loop loop) {
        Events by = recorder;
        if (by != null) {
            by.loopBegins(loop);
        }
    }

    @Override
    public Object begin(Kind kind) {
        Events by = recorder;
        return by == null ? UNRECORDED : by.begin(kind);
    }

    /**
     * A request that is being answered.
     *
     * @param recorded what the recorder wants back
     * @param active counts those like it; null if nobody measured when it began
     */
    private record Serving(Object recorded, @Nullable LongAdder active) {}

    @Override
    public Object serving(String method, String scheme) {
        Registry registry = metrics;
        Events by = recorder;
        return new Serving(
                by == null ? UNRECORDED : by.serving(method, scheme),
                registry == null ? null : registry.serving(method, scheme));
    }

    @Override
    public void served(Object begun, HttpRequest request, Supplier<String> peer) {
        Object recorded = begun;
        if (begun instanceof Serving serving) {
            recorded = serving.recorded;
            if (serving.active != null) {
                serving.active.decrement();
            }
        }
        Registry registry = metrics;
        if (registry != null) {
            registry.served(request);
        }
        Events by = recorder;
        if (by != null) {
            by.served(recorded, request, peer);
        }
    }

    @Override
    public void requested(Object begun, HttpRequest request, String host, int port) {
        Registry registry = metrics;
        if (registry != null) {
            registry.requested(request, host, port);
        }
        Events by = recorder;
        if (by != null) {
            by.requested(begun, request, host, port);
        }
    }

    @Override
    public void secured(Object begun, String group) {
        Registry registry = metrics;
        if (registry != null) {
            registry.secured(group);
        }
        Events by = recorder;
        if (by != null) {
            by.secured(begun, group);
        }
    }

    @Override
    public void ended(Kind kind, Object begun, Supplier<String> peer, @Nullable Throwable failure) {
        Events by = recorder;
        if (by != null) {
            by.ended(kind, begun, peer, failure);
        }
    }

    @Override
    public void cancelled(Loop loop, @Nullable Task<?> task, String reason) {
        Events by = recorder;
        if (by != null) {
            by.cancelled(loop, task, reason);
        }
    }

    @Override
    public void attempted(String queue, String kind, String outcome, long waitNanos, long runNanos) {
        Registry registry = metrics;
        if (registry != null) {
            registry.attempted(queue, kind, outcome, waitNanos, runNanos);
        }
        Events by = recorder;
        if (by != null) {
            by.attempted(queue, kind, outcome, waitNanos, runNanos);
        }
    }

    @Override
    public void process(String pool, long pid, String what) {
        Events by = recorder;
        if (by != null) {
            by.process(pool, pid, what);
        }
    }
}
