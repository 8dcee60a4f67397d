package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.store.Signal;
import dev.heddle.cluster.store.Watch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Somebody who watches a directory. */
final class Listening implements Watch {

    private final Consumer<? super Signal> listener;
    private final Consumer<Listening> leave;
    private final AtomicBoolean closing = new AtomicBoolean();

    /** On the thread for events only. */
    private boolean closed;

    Listening(Consumer<? super Signal> listener, Consumer<Listening> leave) {
        this.listener = listener;
        this.leave = leave;
    }

    /** On the thread for events. */
    void tell(Signal signal) {
        if (closed) {
            return;
        }
        closed = signal instanceof Signal.Closed;
        Listeners.tell(listener, signal);
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            leave.accept(this);
        }
    }
}
