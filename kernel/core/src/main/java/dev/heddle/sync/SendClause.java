package dev.heddle.sync;

import dev.heddle.Waiter;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clause that sends an element. */
final class SendClause<T, R> implements Clause<R> {

    private final ChannelCore<T> core;
    private final @Nullable End via;
    private final T element;
    private final Supplier<? extends R> onSent;
    private @Nullable WaitingCall<T> waiting;

    SendClause(ChannelCore<T> core, @Nullable End via, T element, Supplier<? extends R> onSent) {
        this.core = core;
        this.via = via;
        this.element = Objects.requireNonNull(element);
        this.onSent = Objects.requireNonNull(onSent);
    }

    @Override
    public OrderedLock lock() {
        return core.lock;
    }

    @Override
    public boolean attempt() {
        core.requireOpen(via);
        return core.exchange.send(element);
    }

    @Override
    public void enqueue(Waiter waiter) {
        waiting = new WaitingCall<>(waiter, element, via);
        core.exchange.senders.add(waiting);
        core.waited();
        core.exchange.noteSender();
        core.exchange.settle();
    }

    @Override
    public boolean leave() {
        WaitingCall<T> mine = waiting;
        if (mine == null) {
            return false;
        }
        core.exchange.senders.remove(mine);
        waiting = mine.won ? mine : null;
        return mine.won;
    }

    @Override
    public R finish() {
        WaitingCall<T> decided = waiting;
        if (decided != null) {
            waiting = null;
            core.checkSent(decided);
        }
        return onSent.get();
    }

    @Override
    public long lastThread() {
        return core.exchange.lastThread(false);
    }

    @Override
    public String toString() {
        return core.doing(true);
    }
}
