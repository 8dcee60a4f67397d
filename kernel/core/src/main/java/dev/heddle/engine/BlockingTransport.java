package dev.heddle.engine;

import dev.heddle.CancelScope;
import dev.heddle.Waiter;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The common part of a blocking stream's transports: the name, whether it is open, and the task that waits. */
abstract class BlockingTransport implements Transport {

    final String name;
    private final String doing;
    private volatile @Nullable Waiter waiting;
    private volatile boolean closed;

    /**
     * An open one.
     *
     * @param verb what a task does that waits: {@code reading} or {@code writing}
     */
    BlockingTransport(String verb, String name) {
        this.name = name;
        this.doing = verb + " " + name;
    }

    /** Waits for a {@link #wake}, if there is something to wait for when a wake can no more be missed. */
    final void awaitIf(BooleanSupplier hasToWait) {
        CancelScope.throwIfCancelled();
        var waiter = new Waiter(doing);
        waiting = waiter;
        try {
            if (hasToWait.getAsBoolean()) {
                waiter.await();
            }
        } finally {
            waiting = null;
        }
    }

    /** From any thread. */
    final void wake() {
        Waiter waiter = waiting;
        if (waiter != null) {
            waiter.complete();
        }
    }

    final void setClosed() {
        closed = true;
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    @Override
    public final String localAddress() {
        return name;
    }

    @Override
    public final String remoteAddress() {
        return name;
    }

    @Override
    public final String toString() {
        return name;
    }
}
