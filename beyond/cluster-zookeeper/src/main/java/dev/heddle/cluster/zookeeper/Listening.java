package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A watcher of a directory. */
final class Listening implements Watch {

    private final Consumer<? super WatchEvent> listener;
    private final Consumer<Listening> leave;
    private final AtomicBoolean closing = new AtomicBoolean();

    /** On the thread for events only. */
    private boolean closed;

    Listening(Consumer<? super WatchEvent> listener, Consumer<Listening> leave) {
        this.listener = listener;
        this.leave = leave;
    }

    /** On the thread for events. */
    void tell(WatchEvent signal) {
        if (closed) {
            return;
        }
        closed = signal instanceof WatchEvent.Closed;
        Listeners.tell(listener, signal);
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            leave.accept(this);
        }
    }
}
