package dev.heddle.sync;

import dev.heddle.HeddleException;
import dev.heddle.Waiter;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Receives an element, or learns that none will come. */
final class ReceiveClause<T, R> implements Clause<R> {

    private final Conduit<T> conduit;
    private final @Nullable End via;
    private final Function<? super T, ? extends R> onElement;
    private final @Nullable Supplier<? extends R> onEnd;
    private @Nullable Waiting<T> waiting;
    private @Nullable T element;

    ReceiveClause(
            Conduit<T> conduit,
            @Nullable End via,
            Function<? super T, ? extends R> onElement,
            @Nullable Supplier<? extends R> onEnd) {
        this.conduit = conduit;
        this.via = via;
        this.onElement = Objects.requireNonNull(onElement);
        this.onEnd = onEnd;
    }

    @Override
    public OrderedLock lock() {
        return conduit.lock;
    }

    @Override
    public boolean isReady() {
        return (via != null && via.closed) || conduit.exchange.canReceive();
    }

    @Override
    public boolean attempt() {
        conduit.requireOpen(via);
        element = conduit.exchange.receive();
        return element != null || conduit.exchange.ending() != null;
    }

    @Override
    public void enqueue(Waiter waiter) {
        waiting = new Waiting<>(waiter, null, via);
        conduit.exchange.receivers.add(waiting);
    }

    @Override
    public boolean leave() {
        Waiting<T> mine = waiting;
        if (mine == null) {
            return false;
        }
        waiting = null;
        conduit.exchange.receivers.remove(mine);
        element = mine.won ? mine.element : null;
        return mine.won;
    }

    @Override
    public R finish() {
        T received = element;
        if (received != null) {
            element = null;
            return onElement.apply(received);
        }
        HeddleException end = Objects.requireNonNull(conduit.endForReceiver(via));
        if (onEnd == null || !conduit.endsOrderly(via)) {
            throw end;
        }
        return onEnd.get();
    }

    @Override
    public String toString() {
        return conduit.doing(false);
    }
}
