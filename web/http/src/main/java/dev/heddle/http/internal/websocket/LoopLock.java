package dev.heddle.http.internal.websocket;

import dev.heddle.CancelScope;
import dev.heddle.ParkingLot;
import org.jspecify.annotations.Nullable;

/** A FIFO lock for the tasks of one loop. */
final class LoopLock {

    private final String what;
    private boolean taken;
    private @Nullable ParkingLot waiting;

    /**
     * @param what what the tasks wait for, for people
     */
    LoopLock(String what) {
        this.what = what;
    }

    boolean isFree() {
        return !taken;
    }

    /** Waits for the turn. A cancelled call has not got it. */
    void enter() {
        CancelScope.throwIfCancelled();
        if (!taken) {
            taken = true;
            return;
        }
        if (waiting == null) {
            waiting = new ParkingLot(what);
        }
        waiting.park();
    }

    /** Gives the turn to the next one. */
    void leave() {
        taken = waiting != null && waiting.unpark();
    }
}
