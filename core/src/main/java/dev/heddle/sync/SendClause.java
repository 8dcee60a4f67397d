package dev.heddle.sync;

import dev.heddle.Waiter;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends an element. */
final class SendClause<T, R> implements Clause<R> {

    private final Conduit<T> conduit;
    private final @Nullable End via;
    private final T element;
    private final Supplier<? extends R> onSent;
    private @Nullable Waiting<T> waiting;

    SendClause(Conduit<T> conduit, @Nullable End via, T element, Supplier<? extends R> onSent) {
        this.conduit = conduit;
        this.via = via;
        this.element = Objects.requireNonNull(element);
        this.onSent = Objects.requireNonNull(onSent);
    }

    @Override
    public OrderedLock lock() {
        return conduit.lock;
    }

    @Override
    public boolean isReady() {
        return (via != null && via.closed) || conduit.exchange.canSend();
    }

    @Override
    public boolean attempt() {
        conduit.requireOpen(via);
        return conduit.exchange.send(element);
    }

    @Override
    public void enqueue(Waiter waiter) {
        waiting = new Waiting<>(waiter, element, via);
        conduit.exchange.senders.add(waiting);
    }

    @Override
    public boolean leave() {
        Waiting<T> mine = waiting;
        if (mine == null) {
            return false;
        }
        conduit.exchange.senders.remove(mine);
        waiting = mine.won ? mine : null;
        return mine.won;
    }

    @Override
    public R finish() {
        Waiting<T> decided = waiting;
        if (decided != null) {
            waiting = null;
            conduit.checkSent(decided);
        }
        return onSent.get();
    }

    @Override
    public String toString() {
        return conduit.doing(true);
    }
}
