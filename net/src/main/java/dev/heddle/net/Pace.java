package dev.heddle.net;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import org.jspecify.annotations.Nullable;

/**
 * What each operation of a stream does first: it checks for a cancel, and after a row of operations that never had to wait
 * it lets the other tasks run, or a fast peer could keep the loop to itself.
 */
final class Pace {

    /** The operations in a row that may find everything ready. */
    static final int READY_IN_A_ROW = 64;

    private int ready;

    /** Why the stream is of no use any more; null while it is. */
    private @Nullable String retired;

    void enter() {
        throwIfRetired();
        if (++ready > READY_IN_A_ROW) {
            ready = 0;
            Heddle.checkpoint();
        } else {
            CancelScope.throwIfCancelled();
        }
    }

    /** Refuses every operation from now on. */
    void retire(String reason) {
        retired = reason;
    }

    void throwIfRetired() {
        if (retired != null) {
            throw new ClosedException(retired);
        }
    }

    void waited() {
        ready = 0;
    }
}
