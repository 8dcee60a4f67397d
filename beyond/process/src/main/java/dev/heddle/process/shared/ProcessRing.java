package dev.heddle.process.shared;

import dev.heddle.process.SharedMemory;
import org.jspecify.annotations.Nullable;

/**
 * A queue's ring as this process uses it: its steps are done here, and the manager is told of one that somebody waits
 * for.
 *
 * <p>Threads: any.
 */
final class ProcessRing {

    private final ManagerLink link;
    private final int number;
    private final SharedMemory memory;
    private final Ring ring;
    private final int account;

    /**
     * @param number of the queue
     */
    ProcessRing(ManagerLink link, int number, QueueCalls.Place place) {
        this.link = link;
        this.number = number;
        this.memory = place.memory();
        this.ring = new Ring(memory.segment(), place.capacity());
        this.account = place.account();
    }

    /** Whether it can still be used; if not, it never can again. */
    boolean isThere() {
        return !link.isEnded() && !memory.isClosed();
    }

    /** Puts an element; only {@link Ring.Step#DONE} and {@link Ring.Step#FULL} are the last word. */
    Ring.Step put(byte[] element) {
        if (!isThere()) {
            return Ring.Step.GATED;
        }
        try {
            Ring.Step step = ring.put(account + 1, element);
            if (step == Ring.Step.DONE) {
                tellIfWanted(Ring.Flag.ELEMENT);
            }
            return step;
        } catch (IllegalStateException e) {
            requireClosed(e);
            return Ring.Step.GATED;
        }
    }

    /** Takes an element; null if there is none here. */
    byte @Nullable [] take() {
        if (!isThere()) {
            return null;
        }
        try {
            byte[] element = ring.take(account + 1, account);
            if (element == Ring.BUSY) {
                return null;
            }
            if (element != null) {
                tellIfWanted(Ring.Flag.ROOM);
            }
            return element;
        } catch (IllegalStateException e) {
            requireClosed(e);
            return null;
        }
    }

    /** Whether there is nothing to take, here or elsewhere. */
    boolean isAllEmpty() {
        try {
            return isThere() && ring.isAllEmpty();
        } catch (IllegalStateException e) {
            requireClosed(e);
            return false;
        }
    }

    /** Counts an element as done that this process has taken; false if there is none. */
    boolean done() {
        try {
            if (!isThere() || !ring.accounts().addDone(account)) {
                return false;
            }
            if (ring.size() == 0 && ring.accounts().open(account) == 0) {
                tellIfWanted(Ring.Flag.ALL_DONE);
            }
            return true;
        } catch (IllegalStateException e) {
            requireClosed(e);
            return false;
        }
    }

    private void tellIfWanted(Ring.Flag flag) {
        if (ring.takeWanted(flag)) {
            link.changed(number);
        }
    }

    /** The memory was unmapped in the middle of a step: its queue is gone. */
    private void requireClosed(IllegalStateException e) {
        if (isThere()) {
            throw e;
        }
    }
}
