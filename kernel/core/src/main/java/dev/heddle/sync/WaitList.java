package dev.heddle.sync;

import dev.heddle.internal.WaitLine;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** The waiting calls of one end of a channel. Guarded by its owner's lock. */
final class WaitList<T> extends WaitLine<WaitingCall<T>> {

    /** Commits the calls that were made on one end. */
    void completeAll(End via) {
        WaitingCall<T> waiting = first();
        while (waiting != null) {
            WaitingCall<T> following = waiting.next();
            if (waiting.via == via) {
                remove(waiting);
                waiting.commit();
            }
            waiting = following;
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
