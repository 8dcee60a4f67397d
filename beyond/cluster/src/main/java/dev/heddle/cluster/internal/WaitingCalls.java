package dev.heddle.cluster.internal;

import dev.heddle.Waiter;
import dev.heddle.internal.WaitLine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one node that wait for something of the cluster, in the order in which they came.
 *
 * <p>Threads: guarded by the monitor that it is made with, or its own; what waits does not hold it.
 *
 * @param <C> the calls
 */
public final class WaitingCalls<C extends WaitingCalls.Call<C>> extends WaitLine<C> {

    /** One call that waits. */
    public abstract static class Call<C extends Call<C>> extends WaitLine.Call<C> {

        /** Why it has nothing; written before it is woken. */
        public @Nullable RuntimeException failure;

        /**
         * @param waitingFor for reports
         */
        protected Call(Object waitingFor) {
            super(new Waiter(waitingFor));
        }

        /** Ends it. */
        public void fail(RuntimeException why) {
            failure = why;
            waiter.complete();
        }
    }

    private final Object guard;

    /** Those of an owner that is their guard. */
    public WaitingCalls(Object guard) {
        this.guard = guard;
    }

    /** Those that are their own guard. */
    public WaitingCalls() {
        this.guard = this;
    }

    /**
     * Waits until a call that was added is decided; if it is not in time, or cancelled, it leaves.
     *
     * @param limit null for none
     * @return whether it was in time
     * @throws RuntimeException its failure
     */
    public boolean await(C call, @Nullable Duration limit) {
        try {
            if (limit == null) {
                call.waiter.await();
            } else if (!call.waiter.awaitWithin(limit)) {
                call.waiter.cancel();
            }
        } finally {
            if (!call.waiter.isCompleted()) {
                synchronized (guard) {
                    remove(call);
                }
            }
        }
        if (call.failure != null) {
            throw call.failure;
        }
        return call.waiter.isCompleted();
    }

    /** Takes the first out; null if there is none. */
    public @Nullable C poll() {
        C head = first();
        if (head != null) {
            remove(head);
        }
        return head;
    }

    /** Takes all out and ends them. */
    public void failAll(RuntimeException why) {
        for (C call = poll(); call != null; call = poll()) {
            call.fail(why);
        }
    }

    /** How many there are; takes the monitor. */
    public int count() {
        synchronized (guard) {
            return size();
        }
    }

    /** What the first one waits with; null if there is none. Takes the monitor. */
    public @Nullable Waiter firstWaiter() {
        synchronized (guard) {
            C head = first();
            return head == null ? null : head.waiter;
        }
    }
}
