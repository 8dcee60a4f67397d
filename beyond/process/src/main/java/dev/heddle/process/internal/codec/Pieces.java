package dev.heddle.process.internal.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an encoded value that come while they are passed on, so that no more of them is held than is on its way.
 *
 * <p>Threads: one taker at a time; whoever brings the pieces is another.
 */
public interface Pieces {

    /** How many bytes they are in all. */
    int size();

    /**
     * Lets them come; before the first is taken.
     *
     * @param told runs whenever there is a piece after there was none; by any thread
     */
    void begin(Runnable told);

    /** The next, on the heap, as it is until one more is taken; null if it has not come yet. */
    @Nullable ByteBuffer next();
}
