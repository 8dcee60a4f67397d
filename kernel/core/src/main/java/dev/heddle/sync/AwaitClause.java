package dev.heddle.sync;

import dev.heddle.Waiter;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clause that waits until an event is set. */
final class AwaitClause<R> implements Clause<R> {

    private final Event event;
    private final Supplier<? extends R> onSet;
    private @Nullable Parked call;

    AwaitClause(Event event, Supplier<? extends R> onSet) {
        this.event = Objects.requireNonNull(event);
        this.onSet = Objects.requireNonNull(onSet);
    }

    @Override
    public OrderedLock lock() {
        return event.lock;
    }

    @Override
    public boolean attempt() {
        return event.isSet();
    }

    @Override
    public void enqueue(Waiter waiter) {
        call = event.waiting.add(waiter);
    }

    @Override
    public boolean leave() {
        Parked mine = call;
        if (mine == null) {
            return false;
        }
        call = null;
        event.waiting.remove(mine);
        return mine.woken;
    }

    @Override
    public R finish() {
        return onSet.get();
    }

    @Override
    public String toString() {
        return event.waiting.toString();
    }
}
