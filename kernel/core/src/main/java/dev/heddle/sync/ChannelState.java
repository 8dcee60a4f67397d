package dev.heddle.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link ChannelCore}, guarded by its lock: where elements meet the calls that wait for them.
 *
 * <p>Always true, but for calls decided elsewhere that have yet to leave: senders wait only while the buffer is full,
 * receivers only while it is empty, and after the ending nobody waits.
 *
 * <p>Of the code of users only the comparator of a buffer runs here.
 */
final class ChannelState<T> {

    /** So many elements make a ring worth its memory. */
    private static final int MANY = 64;

    /** Largest capacity for which a ring is made. */
    private static final int MAX_RING = 4096;

    final int capacity;
    Queue<T> buffer;

    /** The buffer, where senders and receivers may use it without the lock; null as long as they may not. */
    private volatile @Nullable FifoRing<T> ring;

    /** Where those who wait at the ring are served. */
    private @Nullable RingDesk<T> desk;

    /** How many more elements are to be sent before there is a ring; 0 if there is or never will be one. */
    private int beforeRing;

    final WaitList<T> senders = new WaitList<>();
    final WaitList<T> receivers = new WaitList<>();
    private @Nullable Ending ending;

    /** Whether what is in the buffer at the end is thrown away. */
    private boolean discarding;

    private long accepted;
    private long taken;

    /** The most elements that there were in the buffer, but for what a ring has seen. */
    private int peak;

    /** Of a queue of work: how many that were received are done. */
    long done;

    /** The ids of the threads that sent and received last, or tried to, while there was no ring. */
    private long lastSender;

    private long lastReceiver;

    /**
     * @param buffer empty; decides which element comes out next
     */
    ChannelState(int capacity, Queue<T> buffer) {
        this.capacity = capacity;
        this.buffer = buffer;
    }

    /** Makes a buffer of a kind that needs no lock once much has gone through this one, which is first in, first out. */
    void allowRing() {
        beforeRing = capacity > 0 && capacity <= MAX_RING ? MANY : 0;
    }

    /** The buffer for those without the lock; null if there is none. From any thread. */
    @Nullable FifoRing<T> ring() {
        return ring;
    }

    /** Gives an element to a receiver or the buffer, if one of them has room. */
    boolean send(T element) {
        noteSender();
        if (ending != null) {
            throw ending.forSender();
        }
        FifoRing<T> quick = ring;
        if (quick != null) {
            settle();
        } else if (beforeRing > 0 && --beforeRing == 0) {
            quick = makeRing();
        }
        if (giveToReceiver(element)) {
            accepted++;
            settle();
            return true;
        }
        if (quick != null) {
            return senders.isEmpty() && quick.offer(element);
        }
        int before = buffer.size();
        if (before < capacity) {
            buffer.add(element);
            peak = Math.max(peak, before + 1);
            accepted++;
            return true;
        }
        return false;
    }

    /** Gives an element to the receiver that has waited longest. */
    private boolean giveToReceiver(T element) {
        for (WaitingCall<T> head = receivers.first(); head != null; head = receivers.first()) {
            receivers.remove(head);
            head.element = element;
            if (head.commit()) {
                taken++;
                return true;
            }
            head.element = null;
        }
        return false;
    }

    /** Takes the next element out, if there is one. */
    @Nullable T receive() {
        noteReceiver();
        settle();
        if (discarding || (ring != null && !receivers.isEmpty())) {
            return null;
        }
        T element = capacity == 0 ? takeFromSender() : buffer.poll();
        if (element != null) {
            taken++;
            refill();
        }
        return element;
    }

    /** The element of the longest waiting sender, whose send is thereby done. */
    private @Nullable T takeFromSender() {
        for (WaitingCall<T> head = senders.first(); head != null; head = senders.first()) {
            senders.remove(head);
            T element = head.element;
            head.element = null; // before it wakes: a sender that still has its element was not served
            if (head.commit()) {
                accepted++;
                return element;
            }
        }
        return null;
    }

    /** Lets waiting senders in while there is room. */
    private void refill() {
        if (ring != null) {
            settle();
            return;
        }
        for (WaitingCall<T> head = senders.first(); head != null && buffer.size() < capacity; head = senders.first()) {
            senders.remove(head);
            if (head.waiter.isOpen()) {
                admit(head, Objects.requireNonNull(head.element));
            }
        }
    }

    /**
     * First the buffer, then the commit: if the comparator fails, that is the sender's affair and not the receiver's.
     */
    private void admit(WaitingCall<T> sender, T element) {
        try {
            buffer.add(element);
        } catch (RuntimeException | Error e) {
            sender.refused = e;
            sender.commit();
            return;
        }
        sender.element = null;
        if (sender.commit()) {
            accepted++;
        } else {
            takeOut(candidate -> candidate == element);
        }
    }

    /**
     * Takes out what is in the buffer, and then lets waiting senders in.
     *
     * @return how many
     */
    int takeAll() {
        int size = 0;
        while (buffer.poll() != null) {
            size++;
        }
        taken += size;
        refill();
        return size;
    }

    /** What is in the buffer. */
    List<T> snapshot() {
        FifoRing<T> quick = ring;
        if (quick == null) {
            return new ArrayList<>(buffer);
        }
        quick.hold();
        List<T> seen = new ArrayList<>(quick);
        settle();
        return seen;
    }

    private boolean takeOut(Predicate<? super T> which) {
        for (Iterator<T> elements = buffer.iterator(); elements.hasNext();) {
            if (which.test(elements.next())) {
                elements.remove();
                return true;
            }
        }
        return false;
    }

    /** Takes the first such element out, past the others. */
    boolean remove(Predicate<? super T> which) {
        retireRing();
        boolean removed = takeOut(which);
        if (removed) {
            taken++;
            refill();
        }
        return removed;
    }

    /**
     * Takes no more elements, and sends the waiting calls away. The first reason stays.
     *
     * @return whether this was the first
     */
    boolean end(Ending how) {
        boolean first = ending == null;
        if (first) {
            ending = how;
            if (desk == null) {
                senders.wakeAll(); // with their elements, which tells them that they were not sent
                receivers.wakeAll(); // without one
            }
        }
        settle();
        return first;
    }

    /** Throws away what is in the buffer; right before the end. */
    void discard() {
        accepted -= buffer.size();
        buffer.clear();
        discarding = true;
    }

    /** Whether no more elements will come out. */
    boolean isDrained() {
        return ending != null && (discarding || buffer.isEmpty());
    }

    // ---- with a ring ----

    /** Makes the buffer one that is used without the lock. */
    FifoRing<T> makeRing() {
        var made = new FifoRing<T>(capacity);
        made.addAll(buffer);
        buffer = made;
        desk = new RingDesk<>(made, senders, receivers);
        ring = made;
        settle();
        return made;
    }

    /** Makes the buffer a plain queue again, for good. */
    private void retireRing() {
        FifoRing<T> retired = ring;
        beforeRing = 0;
        if (retired != null) {
            peak = peakSize();
            ring = null;
            desk = null;
            buffer = new ArrayDeque<>();
            for (T element : retired.retire()) {
                if (!giveToReceiver(element)) {
                    buffer.add(element);
                }
            }
            refill();
        }
    }

    /** Serves who waits at a ring; see {@link RingDesk#settle}. Without one all are served already. */
    void settle() {
        RingDesk<T> open = desk;
        if (open != null) {
            open.settle(ending != null, discarding);
        }
    }

    /** Throws the next element of a full buffer away. */
    void discardNext() {
        buffer.remove();
        accepted--;
    }

    /** Why no more elements are taken; null as long as they are. */
    @Nullable Ending ending() {
        return ending;
    }

    /** The calling thread sends, or will wait for that. */
    void noteSender() {
        note(true, Thread.currentThread().threadId());
    }

    /** The calling thread receives, or will wait for that. */
    void noteReceiver() {
        note(false, Thread.currentThread().threadId());
    }

    private void note(boolean sends, long thread) {
        FifoRing<T> quick = ring;
        if (quick != null) {
            (sends ? quick.in : quick.out).lastThread = thread;
        } else if (sends) {
            lastSender = thread;
        } else {
            lastReceiver = thread;
        }
    }

    /** The id of the thread that sent or received last, or tried to; 0 if there is none. From any thread. */
    long lastThread(boolean sends) {
        FifoRing<T> quick = ring;
        long there = quick == null ? 0 : (sends ? quick.in : quick.out).lastThread;
        return there != 0 ? there : sends ? lastSender : lastReceiver;
    }

    /** How many elements were received or still are to be. */
    long accepted() {
        return accepted;
    }

    /** The most elements that were in the buffer at a time. */
    int peakSize() {
        FifoRing<T> quick = ring;
        peak = Math.max(peak, quick == null ? buffer.size() : quick.peakSize());
        return peak;
    }

    /** How many elements were received. */
    long taken() {
        return taken;
    }
}
