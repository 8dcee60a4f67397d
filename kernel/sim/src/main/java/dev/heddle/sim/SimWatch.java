package dev.heddle.sim;

import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.util.function.Consumer;

/** A watch of a session of a simulated store, at the client. */
final class SimWatch implements Watch {

    private final StoreSession client;
    private final String directory;
    private final Consumer<? super WatchEvent> listener;
    private boolean closed;

    SimWatch(StoreSession client, String directory, Consumer<? super WatchEvent> listener) {
        this.client = client;
        this.directory = directory;
        this.listener = listener;
    }

    String directory() {
        return directory;
    }

    boolean isClosed() {
        return closed;
    }

    /** Tells its listener something, in order, unless the last was told. */
    void tell(WatchEvent signal) {
        if (!closed) {
            closed = signal instanceof WatchEvent.Closed;
            client.later(() -> listener.accept(signal));
        }
    }

    @Override
    public void close() {
        client.onLoop(() -> client.unwatch(this));
    }
}
