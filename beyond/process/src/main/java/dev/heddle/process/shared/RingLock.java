package dev.heddle.process.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A lock in memory that processes share: a word with the number of the process that holds it, or 0. Held for some loads
 * and stores, never while anything waits. If its holder is killed, whoever knows of that passes it on.
 *
 * @param at the word's place, a multiple of 4
 */
record RingLock(MemorySegment memory, long at) {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private static final int SPINS = 256;

    /** How often the holder is given a processor that it may have lost. */
    private static final int YIELDS = 32;

    /** The number of who holds it; 0 for nobody. */
    int holder() {
        return (int) INT.getVolatile(memory, at);
    }

    /**
     * Takes it, if it becomes free soon.
     *
     * @param holder not 0
     * @param yielding whether the calling thread or task may give way
     */
    @SuppressWarnings("ThreadPriorityCheck") // only sooner for it: in the end the manager looks again after some time
    boolean tryAcquire(int holder, boolean yielding) {
        for (int i = 0; i < SPINS; i++) {
            if (passOn(0, holder)) {
                return true;
            }
            Thread.onSpinWait();
        }
        for (int i = 0; yielding && i < YIELDS; i++) {
            Thread.yield();
            if (passOn(0, holder)) {
                return true;
            }
        }
        return false;
    }

    /** Gives it from one to another, if it was that one's. */
    boolean passOn(int from, int to) {
        return (int) INT.getAcquire(memory, at) == from && INT.compareAndSet(memory, at, from, to);
    }

    /** By its holder. */
    void release() {
        INT.setRelease(memory, at, 0);
    }
}
