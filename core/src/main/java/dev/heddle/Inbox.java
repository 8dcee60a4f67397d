package dev.heddle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where other threads leave items for a loop: many producers, one consumer, no locks.
 *
 * <p>A stack of linked items (Treiber, 1986) that the consumer takes whole and turns around, so the order of each producer
 * is kept and nothing is allocated. Taking all at once also rules out the stack's ABA problem.
 */
final class Inbox {

    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Ready.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Ready top;

    boolean isEmpty() {
        return top == null;
    }

    /** Leaves an item; any thread. */
    void push(Ready item) {
        Ready seen;
        do {
            seen = top;
            item.nextInInbox = seen;
        } while (!TOP.compareAndSet(this, seen, item));
    }

    /** Takes everything, oldest first, linked by {@link Ready#nextInInbox}. The loop's thread only. */
    @Nullable Ready takeAll() {
        if (top == null) {
            return null;
        }
        Ready newest = (Ready) TOP.getAndSet(this, (Ready) null);
        Ready oldest = null;
        while (newest != null) {
            Ready older = newest.nextInInbox;
            newest.nextInInbox = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest;
    }
}
