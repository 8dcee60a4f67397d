package dev.heddle.engine;

import dev.heddle.CancelledException;
import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one task for one thing to happen, used again and again: what transports, acceptors and watches of an
 * engine are made of.
 *
 * <pre>{@code
 * private final WaitSlot readable = new WaitSlot("reading from ", this);
 *
 * public void awaitReadable() {
 *     while (received.isEmpty()) {
 *         readable.await();
 *     }
 * }
 *
 * void arrived(ByteBuffer bytes) {            // below the tasks, in the engine's poll
 *     received.add(bytes);
 *     readable.wake();
 * }
 * }</pre>
 *
 * <p>A slot keeps no wakes. The waiting side looks at its condition before it waits; nothing can come in between, since
 * tasks of a loop never run at the same time. Memory for the wait is taken by the first one.
 *
 * <p>Threads: the tasks and callbacks of one loop, and what runs below them; one task waits at a time.
 */
public class WaitSlot {

    private final Object what;
    private String doing;
    private @Nullable Waiter waiter;
    private boolean awaited;

    /**
     * @param what with nothing before it how the wait reads in a report
     */
    public WaitSlot(Object what) {
        this("", what);
    }

    /**
     * @param doing with {@code what} behind it how the wait reads in a report, where it is put together: {@code
     *     "reading from "}
     */
    public WaitSlot(String doing, Object what) {
        this.doing = doing;
        this.what = what;
    }

    /**
     * Waits for the next {@link #wake}.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public final void await() {
        Waiter mine = waiter;
        if (mine == null) {
            mine = new Waiter(this);
            waiter = mine;
        } else {
            mine.reset();
        }
        awaited = true;
        try {
            mine.await();
        } finally {
            awaited = false;
        }
    }

    /**
     * Wakes the waiting task, to look again. Never waits.
     *
     * @return whether there was one that was neither woken nor cancelled before
     */
    public final boolean wake() {
        Waiter waiting = waiter;
        return awaited && waiting != null && waiting.complete();
    }

    /** Whether a task waits here now. */
    public final boolean isAwaited() {
        return awaited;
    }

    /** Changes how the wait reads in a report: what was connected is written to from then on. */
    public final void nowDoing(String other) {
        doing = other;
    }

    /** How the wait reads in a report. */
    @Override
    public String toString() {
        return doing + what;
    }
}
