package dev.heddle.sync;

import dev.heddle.Waiter;
import dev.heddle.internal.WaitLine;
import org.jspecify.annotations.Nullable;

/**
 * One waiting call with the element it gives or is given. A link of a {@link WaitList}. Several of them share a waiter
 * where a call waits for several things; all fields are guarded by the lock of the list's owner, until the call is
 * decided.
 */
final class WaitingCall<T> extends WaitLine.Call<WaitingCall<T>> {

    /** The end of a channel that the call was made on, if any. */
    final @Nullable End via;

    /** A receiver's is null until it is served, a sender's until then is not. */
    @Nullable T element;

    /** Why a sender's element was refused. */
    @Nullable Throwable refused;

    /** Whether it was this one, of all that share the waiter, that decided the call. */
    boolean won;

    WaitingCall(Object waitingFor, @Nullable T element) {
        this(new Waiter(waitingFor), element, null);
    }

    WaitingCall(Waiter waiter, @Nullable T element, @Nullable End via) {
        super(waiter);
        this.element = element;
        this.via = via;
    }

    /** Decides the call in favour of this one, and wakes it. What it is to see without the lock is written before. */
    @Override
    protected boolean commit() {
        won = super.commit();
        return won;
    }
}
