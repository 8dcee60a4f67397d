package dev.heddle.engine;

import dev.heddle.Waiter;
import java.nio.channels.SelectionKey;

/**
 * The wait for one kind of readiness of one channel, used again and again.
 *
 * <p>The selector is level-triggered and changing an interest costs a system call, so an interest once set is kept. It is taken
 * back only when the selector reports a readiness that nobody waits for, which would otherwise be reported for ever.
 */
final class NioInterest {
    private final int operation;
    private final Waiter waiter;
    private boolean awaited;
    private boolean ready;
    private boolean told;

    NioInterest(int operation, Object waitingFor) {
        this.operation = operation;
        this.waiter = new Waiter(waitingFor);
    }

    /** Waits for the next readiness since {@link #used}. */
    void await(SelectionKey key) {
        if (ready) {
            ready = false;
            return;
        }
        want(key, true);
        waiter.reset();
        awaited = true;
        try {
            waiter.await();
        } finally {
            awaited = false;
        }
    }

    /** The operation was tried, so a readiness told before counts no more. */
    void used() {
        ready = false;
        told = false;
    }

    /** The selector says it is ready. Below the tasks. */
    void happened(SelectionKey key) {
        if (awaited && waiter.complete()) {
            told = true;
        } else if (told) {
            // The task has been woken and will try at its turn; the selector may repeat itself once until then.
            told = false;
        } else {
            ready = true;
            want(key, false);
        }
    }

    /** Wakes the waiting task, if any, to look again. */
    void nudge() {
        if (awaited) {
            waiter.complete();
        }
    }

    private void want(SelectionKey key, boolean on) {
        int now = key.isValid() ? key.interestOps() : 0;
        int then = on ? now | operation : now & ~operation;
        if (now != then) {
            key.interestOps(then);
        }
    }
}
