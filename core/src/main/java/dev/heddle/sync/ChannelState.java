package dev.heddle.sync;

import java.util.Iterator;
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

    final int capacity;
    final Queue<T> buffer;
    final WaitList<T> senders = new WaitList<>();
    final WaitList<T> receivers = new WaitList<>();
    private @Nullable Ending ending;
    private long accepted;
    private long taken;

    /** Of a queue of work: how many that were received are done. */
    long done;

    /** The ids of the threads that sent and received last, or tried to; reports read them without the lock. */
    long lastSender;

    long lastReceiver;

    /**
     * @param buffer empty; decides which element comes out next
     */
    ChannelState(int capacity, Queue<T> buffer) {
        this.capacity = capacity;
        this.buffer = buffer;
    }

    /** Gives an element to a receiver or the buffer, if one of them has room. */
    boolean send(T element) {
        noteSender();
        if (ending != null) {
            throw ending.forSender();
        }
        for (WaitingCall<T> head = receivers.first(); head != null; head = receivers.first()) {
            receivers.remove(head);
            head.element = element;
            if (head.commit()) {
                accepted++;
                taken++;
                return true;
            }
            head.element = null;
        }
        if (buffer.size() < capacity) {
            buffer.add(element);
            accepted++;
            return true;
        }
        return false;
    }

    /** Takes the next element out, if there is one. */
    @Nullable T receive() {
        noteReceiver();
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
        int size = buffer.size();
        buffer.clear();
        taken += size;
        refill();
        return size;
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
            senders.wakeAll(); // with their elements, which tells them that they were not sent
            receivers.wakeAll(); // without one
        }
        return first;
    }

    /** Throws away what is in the buffer. */
    void discard() {
        accepted -= buffer.size();
        buffer.clear();
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
        lastSender = Thread.currentThread().threadId();
    }

    /** The calling thread receives, or will wait for that. */
    void noteReceiver() {
        lastReceiver = Thread.currentThread().threadId();
    }

    /** How many elements were received or still are to be. */
    long accepted() {
        return accepted;
    }

    /** How many elements were received. */
    long taken() {
        return taken;
    }
}
