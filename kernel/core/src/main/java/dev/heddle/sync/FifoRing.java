package dev.heddle.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of a channel through which much goes: a ring that senders and receivers use without the channel's lock as
 * long as nobody waits.
 *
 * <p>How it works: who sends claims the next free place by an atomic step and fills it, who receives claims the next
 * full one and empties it. A place tells by itself whether it is free (as in Vyukov's queue, but the sign is the
 * element), and a side looks at the counter of the other only when it has come to where that last was. So two loops
 * that send and receive at the same time seldom take a cache line from each other.
 *
 * <p>Where somebody waits, the channel is in order only under its lock. So before a call waits, it holds its end, which
 * is then left to those under the lock, and says that it waits; after that it looks once more. Who has filled or
 * emptied a place looks afterwards whether somebody waits at the other end, and if so serves them under the lock. One of
 * the two sees the other.
 *
 * <p>A place that is claimed and not yet filled is in nobody's way but that of receivers, who find no element there, and
 * wait for the one that is being sent.
 */
final class FifoRing<T> extends AbstractQueue<T> {

    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Object[].class);

    final RingEnd in = new RingEnd();
    final RingEnd out = new RingEnd();
    private final int capacity;

    /** So many places are claimed by senders between two looks at the receivers' end, if there is room for them. */
    private final int lookEvery;
    private final @Nullable Object[] places;

    /** Whether who has sent is to look after receivers, and who has received after senders. Written under the lock. */
    private volatile boolean receiversWait;

    private volatile boolean sendersWait;

    /** @param capacity 1 or more */
    FifoRing(int capacity) {
        this.capacity = capacity;
        this.lookEvery = Math.max(1, capacity / 8);
        this.places = new Object[Integer.highestOneBit(2 * capacity - 1)];
    }

    // ---- without the lock ----

    /** Adds an element, unless the ring is full, or the end held. */
    boolean trySend(T element) {
        long word = in.word;
        while (!RingEnd.isHeld(word)) {
            if (hasRoom(word) && in.claim(word)) {
                fill(word, element);
                return true;
            }
            long now = in.word;
            if (now == word) {
                return false;
            }
            word = now;
        }
        return false;
    }

    /** Takes the next element out; null if there is none, or the end is held. */
    @Nullable T tryReceive() {
        long word = out.word;
        while (!RingEnd.isHeld(word)) {
            T element = head(word);
            if (element != null && out.claim(word)) {
                empty(word);
                return element;
            }
            long now = out.word;
            if (now == word) {
                return null;
            }
            word = now;
        }
        return null;
    }

    /** Whether receivers are to be served by who has sent. */
    boolean receiversWait() {
        return receiversWait;
    }

    /** Whether senders are to be served by who has received. */
    boolean sendersWait() {
        return sendersWait;
    }

    // ---- under the lock ----

    /**
     * Says who waits.
     *
     * @param closed whether senders are kept out
     * @param discarding whether receivers are kept out, and who has sent is to come back
     */
    void say(boolean senders, boolean receivers, boolean closed, boolean discarding) {
        out.hold(receivers || discarding);
        in.hold(senders || closed);
        if (receiversWait != (receivers || discarding)) {
            receiversWait = receivers || discarding;
        }
        if (sendersWait != senders) {
            sendersWait = senders;
        }
    }

    /** Whether an element can be added; while the end is held that stays true until it is. */
    boolean hasRoom() {
        return hasRoom(in.word);
    }

    @Override
    public boolean offer(T element) {
        for (long word = in.word;; word = in.word) {
            if (hasRoom(word)) {
                if (in.claim(word)) {
                    fill(word, element);
                    return true;
                }
            } else if (word == in.word) {
                return false;
            }
        }
    }

    @Override
    public @Nullable T poll() {
        for (long word = out.word;; word = out.word) {
            T element = head(word);
            if (element != null) {
                if (out.claim(word)) {
                    empty(word);
                    return element;
                }
            } else if (word == out.word) {
                return null;
            }
        }
    }

    @Override
    public @Nullable T peek() {
        for (long word = out.word;; word = out.word) {
            T element = head(word);
            if (element != null || word == out.word) {
                return element;
            }
        }
    }

    /** With those that are being sent. */
    @Override
    public int size() {
        long taken = RingEnd.claimed(out.word);
        return (int) Math.min(RingEnd.claimed(in.word) - taken, capacity);
    }

    /** The most elements that were in it, as far as senders have looked. */
    int peakSize() {
        in.peak = Math.max(in.peak, size());
        return (int) Math.min(in.peak, capacity);
    }

    /** What is in it, for reading; only while both ends are held. */
    @Override
    public Iterator<T> iterator() {
        List<T> found = new ArrayList<>();
        long sent = RingEnd.claimed(in.word);
        for (long number = RingEnd.claimed(out.word); number < sent; number++) {
            T element = at(number);
            if (element != null) {
                found.add(element);
            }
        }
        return List.copyOf(found).iterator();
    }

    /** Leaves both ends to those under the lock, until it is said again who waits. */
    void hold() {
        in.hold(true);
        out.hold(true);
    }

    /**
     * Takes everything out and lets nobody in any more but under the lock, not even those who are about to: for them it
     * waits, for some steps of another thread.
     */
    List<T> retire() {
        hold();
        List<T> rest = new ArrayList<>();
        while (!isEmpty()) {
            T element = poll();
            if (element == null) {
                Thread.onSpinWait();
            } else {
                rest.add(element);
            }
        }
        return rest;
    }

    // ---- places ----

    private boolean hasRoom(long word) {
        long sent = RingEnd.claimed(word);
        if (sent >= in.nextLook) {
            long taken = RingEnd.claimed(out.word);
            in.peak = Math.max(in.peak, sent - taken);
            if (sent - taken >= capacity) {
                return false;
            }
            in.nextLook = Math.min(taken + capacity, sent + lookEvery);
        }
        return at(sent) == null;
    }

    /** The next element, if the place is filled that was claimed for it: it may still hold one of the lap before. */
    private @Nullable T head(long word) {
        long taken = RingEnd.claimed(word);
        if (taken >= out.nextLook) {
            long sent = RingEnd.claimed(in.word);
            out.nextLook = sent;
            if (taken >= sent) {
                return null;
            }
        }
        return at(taken);
    }

    @SuppressWarnings("unchecked") // only elements are put in
    private @Nullable T at(long number) {
        return (T) PLACE.getAcquire(places, index(number));
    }

    /** With a fence: whether receivers wait is read afterwards. */
    private void fill(long word, T element) {
        in.lastThread = Thread.currentThread().threadId();
        PLACE.setVolatile(places, index(RingEnd.claimed(word)), element);
    }

    /** With a fence: whether senders wait is read afterwards. */
    private void empty(long word) {
        out.lastThread = Thread.currentThread().threadId();
        PLACE.setVolatile(places, index(RingEnd.claimed(word)), (Object) null);
    }

    private int index(long number) {
        return (int) number & (places.length - 1);
    }
}
