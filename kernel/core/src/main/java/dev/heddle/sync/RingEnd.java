package dev.heddle.sync;

import dev.heddle.internal.Handles;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One end of a {@link FifoRing}: how many places have been claimed there since the beginning, and whether it is held,
 * which keeps those out who have not got the lock. Both in one word, so that nobody claims a place who has not seen the
 * last.
 *
 * <p>The two ends are written by different loops. What keeps them on cache lines of their own are the numbers around
 * them that nobody uses; the JVM lays the fields of a class out before those of its heirs.
 *
 * <p>Threads: any; held and released under the channel's lock.
 */
final class RingEnd extends RingEndFields {

    private static final VarHandle WORD = Handles.of(
            MethodHandles.lookup(), RingEndFields.class, "word", long.class);

    private static final long HELD = 1;
    private static final long ONE_PLACE = 2;

    long after1, after2, after3, after4, after5, after6, after7, after8;

    static boolean isHeld(long word) {
        return (word & HELD) != 0;
    }

    /** How many places were claimed by then. */
    static long claimed(long word) {
        return word >>> 1;
    }

    /** Claims the next place, unless another has since the word was read. */
    boolean claim(long seen) {
        return WORD.compareAndSet(this, seen, seen + ONE_PLACE);
    }

    /** Whether nobody claims a place but under the lock; told there. */
    void hold(boolean held) {
        if (isHeld(word) != held) {
            WORD.getAndBitwiseXor(this, HELD);
        }
    }
}
