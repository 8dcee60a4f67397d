package dev.heddle.observe.internal;

import dev.heddle.internal.sight.Events;
import dev.heddle.observe.internal.metrics.Registry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Passes what happens on to those who want it: the metrics, from when somebody asks for them. */
public final class EventHub extends Events {

    private static final EventHub HUB = new EventHub();

    private volatile @Nullable Registry metrics;

    private EventHub() {}

    /** Has a registry hear, in place of the one that did. */
    public static void measure(Registry registry) {
        HUB.metrics = registry;
        Events.hear(HUB);
    }

    @Override
    public void served(HttpRequest request, Supplier<String> peer) {
        Registry registry = metrics;
        if (registry != null) {
            registry.served(request);
        }
    }

    @Override
    public void requested(HttpRequest request, String host, int port) {
        Registry registry = metrics;
        if (registry != null) {
            registry.requested(request, host, port);
        }
    }
}
