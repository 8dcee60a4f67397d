package dev.heddle.internal.loop;

import dev.heddle.internal.Handles;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue of what other threads leave for a loop: many producers, one consumer, no locks.
 *
 * <p>A stack of linked items (Treiber, 1986) that the consumer takes whole and turns around, so the order of each
 * producer is kept and nothing is allocated. Taking all at once also rules out the stack's ABA problem.
 *
 * <p>An item may be left again while it is still there: the JDK makes a thread ready twice when somebody has looked at
 * its stack meanwhile ({@code VirtualThread.tryGetStackTrace}). Linking it twice would lose the items below it, so the
 * first link is claimed by an atomic step, and the second push does nothing. It need not: the item's turn is still to
 * come, and whatever the second producer has written is seen then.
 */
public final class Inbox {

    /** Most items that a report looks at. */
    private static final int MAX_LOOKED_AT = 1_000;

    private static final VarHandle TOP = Handles.of(MethodHandles.lookup(), Inbox.class, "top", Schedulable.class);
    private static final VarHandle NEXT = Handles.of(
            MethodHandles.lookup(), Schedulable.class, "nextInInbox", Schedulable.class);

    /** Stands below the oldest item, so that every item in the inbox has a next one. */
    private static final Schedulable BOTTOM = new Schedulable() {
        @Override
        public void takeTurn() {
            throw new AssertionError("no item");
        }
    };

    private volatile Schedulable top = BOTTOM;

    public boolean isEmpty() {
        return top == BOTTOM;
    }

    /** Leaves an item, unless it is there already; any thread. */
    public void push(Schedulable item) {
        if (!NEXT.compareAndSet(item, (Schedulable) null, BOTTOM)) {
            return;
        }
        Schedulable seen;
        do {
            seen = top;
            item.nextInInbox = seen;
        } while (!TOP.compareAndSet(this, seen, item));
    }

    /**
     * Takes everything and gives the oldest item; {@link #next} gives the others. The loop's thread only; when the loop
     * has ended, any thread, of which one gets it all.
     */
    public @Nullable Schedulable takeAll() {
        if (top == BOTTOM) {
            return null;
        }
        var newest = (Schedulable) TOP.getAndSet(this, BOTTOM);
        Schedulable oldest = BOTTOM;
        while (newest != BOTTOM) {
            Schedulable older = below(newest);
            newest.nextInInbox = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest == BOTTOM ? null : oldest;
    }

    /**
     * The oldest items, but not more than told, and of the newest {@link #MAX_LOOKED_AT} only. For reports: any thread;
     * one that sees the consumer take them may see others, or some of them twice.
     */
    public List<Schedulable> look(int most) {
        var seen = new ArrayDeque<Schedulable>();
        Schedulable item = top;
        for (int i = 0; i < MAX_LOOKED_AT && item != null && item != BOTTOM; i++) {
            if (seen.size() == most) {
                seen.removeLast();
            }
            seen.addFirst(item);
            item = item.nextInInbox;
        }
        return List.copyOf(seen);
    }

    /**
     * Lets go of an item that was taken, before it runs, and gives the one that was left after it. The loop's thread
     * only.
     */
    public static @Nullable Schedulable next(Schedulable item) {
        Schedulable newer = below(item);
        // With a fence: a push that sees the item still linked must have written before the item's turn reads.
        NEXT.setVolatile(item, (Schedulable) null);
        return newer == BOTTOM ? null : newer;
    }

    private static Schedulable below(Schedulable item) {
        Schedulable next = item.nextInInbox;
        if (next == null) {
            throw new IllegalStateException("not in the inbox: " + item);
        }
        return next;
    }
}
