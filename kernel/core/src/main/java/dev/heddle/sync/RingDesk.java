package dev.heddle.sync;

import java.util.Objects;

/**
 * The desk where the calls that wait at a {@link FifoRing} are served, in their order. All of it under the channel's
 * lock.
 *
 * @param <T> the elements
 */
final class RingDesk<T> {

    private final FifoRing<T> ring;
    private final WaitList<T> senders;
    private final WaitList<T> receivers;

    RingDesk(FifoRing<T> ring, WaitList<T> senders, WaitList<T> receivers) {
        this.ring = ring;
        this.senders = senders;
        this.receivers = receivers;
    }

    /**
     * Serves who waits, as far as can be, and says who still waits to those who use the ring without the lock. To be
     * called when a call begins to wait, and by who has sent or received and finds that somebody waits. What is said is
     * said first, and then looked at once more.
     *
     * @param ended whether no more elements are taken
     * @param discarding whether none comes out any more either
     */
    void settle(boolean ended, boolean discarding) {
        say(ended, discarding);
        do {
            handOver();
        } while (!ended && admit() && !receivers.isEmpty());
        if (ended) {
            senders.wakeAll(); // with their elements, which tells them that they were not sent
            if (discarding) {
                ring.clear();
            }
            if (discarding || ring.isEmpty()) {
                receivers.wakeAll(); // without one
            }
        }
        say(ended, discarding);
    }

    private void say(boolean ended, boolean discarding) {
        ring.say(!senders.isEmpty(), !receivers.isEmpty(), ended, discarding);
    }

    /** Gives elements of the ring to receivers that wait. */
    private void handOver() {
        T element = ring.peek();
        while (element != null && !receivers.isEmpty()) {
            WaitingCall<T> head = Objects.requireNonNull(receivers.first());
            receivers.remove(head);
            head.element = element;
            if (head.commit()) {
                ring.poll(); // the very one: as long as receivers wait, all others need the lock
                element = ring.peek();
            } else {
                head.element = null;
            }
        }
    }

    /**
     * Lets senders that wait into the ring, and says whether one came in. Nobody takes the room that is there: all
     * others need the lock.
     */
    private boolean admit() {
        boolean served = false;
        while (!senders.isEmpty() && ring.hasRoom()) {
            WaitingCall<T> head = Objects.requireNonNull(senders.first());
            senders.remove(head);
            T element = head.element;
            head.element = null; // before it wakes: a sender that still has its element was not served
            if (head.commit()) {
                ring.offer(Objects.requireNonNull(element));
                served = true;
            }
        }
        return served;
    }
}
