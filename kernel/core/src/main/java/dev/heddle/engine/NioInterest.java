package dev.heddle.engine;

import java.nio.channels.SelectionKey;

/**
 * The wait for one kind of readiness of one channel, used again and again.
 *
 * <p>The selector is level-triggered and changing an interest costs a system call, so an interest once set is kept. It
 * is taken back only when the selector reports a readiness that nobody waits for, which would otherwise be reported for
 * ever.
 */
final class NioInterest extends WaitSlot {

    /**
     * How often the selector may repeat a readiness until the woken task has had its turn: it does at each of a busy
     * loop's looks. More, and the task does not mean to use it.
     */
    private static final int MAX_REPEATS = 16;

    private final NioBacklog backlog;
    private final int operation;
    private boolean ready;

    /** How many repeats are left of a readiness that has woken the task; 0 if none has. */
    private int repeats;

    /** The look that has woken the task. */
    private int look;

    NioInterest(NioBacklog backlog, int operation, String doing, Object what) {
        super(doing, what);
        this.backlog = backlog;
        this.operation = operation;
    }

    /** Waits for the next readiness since {@link #used}. */
    void await(SelectionKey key) {
        if (ready) {
            ready = false;
            return;
        }
        want(key, true);
        await();
    }

    /** The operation was tried, so a readiness told before counts no more. */
    void used() {
        ready = false;
        if (repeats > 0) {
            repeats = 0;
            backlog.served(look);
        }
    }

    /** The selector says it is ready. Below the tasks. */
    void happened(SelectionKey key) {
        if (wake()) {
            repeats = MAX_REPEATS;
            look = backlog.woken();
        } else if (repeats > 0) {
            repeats--;
        } else {
            ready = true;
            want(key, false);
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
