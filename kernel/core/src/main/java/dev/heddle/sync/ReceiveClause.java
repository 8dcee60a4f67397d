package dev.heddle.sync;

import dev.heddle.HeddleException;
import dev.heddle.Waiter;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clause that receives an element, or learns that none will come. */
final class ReceiveClause<T, R> implements Clause<R> {

    private final ChannelCore<T> core;
    private final @Nullable End via;
    private final Function<? super T, ? extends R> onElement;
    private final @Nullable Supplier<? extends R> onEnd;
    private @Nullable WaitingCall<T> waiting;
    private @Nullable T element;

    ReceiveClause(
            ChannelCore<T> core,
            @Nullable End via,
            Function<? super T, ? extends R> onElement,
            @Nullable Supplier<? extends R> onEnd) {
        this.core = core;
        this.via = via;
        this.onElement = Objects.requireNonNull(onElement);
        this.onEnd = onEnd;
    }

    @Override
    public OrderedLock lock() {
        return core.lock;
    }

    @Override
    public boolean attempt() {
        core.requireOpen(via);
        element = core.exchange.receive();
        return element != null || core.exchange.isDrained();
    }

    @Override
    public void enqueue(Waiter waiter) {
        waiting = new WaitingCall<>(waiter, null, via);
        core.exchange.receivers.add(waiting);
        core.waited();
        core.exchange.noteReceiver();
        core.exchange.settle();
    }

    @Override
    public boolean leave() {
        WaitingCall<T> mine = waiting;
        if (mine == null) {
            return false;
        }
        waiting = null;
        core.exchange.receivers.remove(mine);
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
        HeddleException end = Objects.requireNonNull(core.endForReceiver(via));
        if (onEnd == null || !core.endsOrderly(via)) {
            throw end;
        }
        return onEnd.get();
    }

    @Override
    public long lastThread() {
        return core.exchange.lastThread(true);
    }

    @Override
    public String toString() {
        return core.doing(false);
    }
}
