package dev.heddle.io.internal;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import org.jspecify.annotations.Nullable;

/**
 * The first step of each operation of a stream: a check for a cancel, and after a row of operations that never had to
 * wait a turn for the other tasks, or a fast peer could keep the loop to itself.
 */
public final class CoopBudget {

    /** The operations in a row that may find everything ready. */
    public static final int READY_IN_A_ROW = 64;

    private int ready;

    /** Why the stream is of no use any more; null while it is. */
    private @Nullable String retired;

    public void enter() {
        if (++ready > READY_IN_A_ROW) {
            ready = 0;
            Heddle.checkpoint();
        } else {
            CancelScope.throwIfCancelled();
        }
        throwIfRetired(); // others had a turn perhaps
    }

    /** Refuses every operation from now on. */
    public void retire(String reason) {
        retired = reason;
    }

    public void throwIfRetired() {
        if (retired != null) {
            throw new ClosedException(retired);
        }
    }

    public void waited() {
        ready = 0;
    }
}
