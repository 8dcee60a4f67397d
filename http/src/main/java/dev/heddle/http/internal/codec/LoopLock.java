package dev.heddle.http.internal.codec;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Waiter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A FIFO lock for the tasks of one loop. */
public final class LoopLock {

    private final String what;
    private boolean taken;
    private @Nullable ArrayDeque<Waiter> waiting;

    /**
     * @param what what the tasks wait for, for people
     */
    public LoopLock(String what) {
        this.what = what;
    }

    public boolean isFree() {
        return !taken;
    }

    /** Waits for the turn. A cancelled call has not got it. */
    public void enter() {
        CancelScope.throwIfCancelled();
        if (!taken) {
            taken = true;
            return;
        }
        ArrayDeque<Waiter> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            waiting = queue;
        }
        var mine = new Waiter(what);
        queue.addLast(mine);
        try {
            mine.await();
        } catch (CancelledException e) {
            queue.remove(mine);
            throw e;
        }
    }

    /** Gives the turn to the next one. */
    public void leave() {
        for (Waiter next = poll(); next != null; next = poll()) {
            if (next.complete()) {
                return;
            }
        }
        taken = false;
    }

    private @Nullable Waiter poll() {
        return waiting == null ? null : waiting.pollFirst();
    }
}
