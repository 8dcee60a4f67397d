package dev.heddle.sync;

import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/** One waiting call with the element it gives or is given. A link of a {@link WaitList}. */
final class Waiting<T> {

    final Waiter waiter;
    @Nullable T element;
    @Nullable Waiting<T> next;
    @Nullable Waiting<T> previous;
    boolean linked;

    Waiting(Object waitingFor, @Nullable T element) {
        this.waiter = new Waiter(waitingFor);
        this.element = element;
    }
}
