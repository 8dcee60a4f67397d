package dev.heddle.sync;

import dev.heddle.internal.WaitLine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** The waiting calls of one end of a channel. Guarded by its owner's lock. */
final class WaitList<T> extends WaitLine<WaitingCall<T>> {

    @Override
    public WaitingCall<T> add(WaitingCall<T> call) {
        if (call.via != null) {
            call.via.calls.add(call);
        }
        return super.add(call);
    }

    @Override
    public boolean remove(WaitingCall<T> call) {
        if (call.via != null) {
            call.via.calls.remove(call);
        }
        return super.remove(call);
    }

    /** Commits the calls that were made on one end. */
    @SuppressWarnings("unchecked") // an end is of one channel
    void completeAll(End via) {
        for (WaitingCall<?> call : List.copyOf(via.calls)) {
            remove((WaitingCall<T>) call);
            call.commit();
        }
    }

    /**
     * Waits until the call is decided, without the owner's lock. If it is not, because of a cancel or since the time is
     * over, it is in the list no more.
     *
     * @param limit longest time, or null for no limit
     * @return false if the time is over
     */
    boolean await(WaitingCall<T> waiting, @Nullable Duration limit, Lock owner) {
        boolean decided = false;
        try {
            if (limit == null) {
                waiting.waiter.await();
                decided = true;
            } else {
                decided = waiting.waiter.awaitWithin(limit) || !waiting.waiter.cancel();
            }
        } finally {
            if (!decided) {
                owner.lock();
                try {
                    remove(waiting);
                } finally {
                    owner.unlock();
                }
            }
        }
        return decided;
    }
}
