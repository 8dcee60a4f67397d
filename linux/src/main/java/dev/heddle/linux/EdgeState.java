package dev.heddle.linux;

import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The readiness of one direction of a descriptor, as far as edges tell, and the one task that waits for it.
 *
 * <pre>
 *   UNKNOWN ──exhausted()──▶ EMPTY ──happened()──▶ READY
 *      └─────happened()──────────────────────────▶  │ exhausted() ──▶ EMPTY
 * </pre>
 *
 * <p>Trying is worth a call to the kernel unless empty, which is a fact until the next edge. Waiting ends at once only when ready.
 * The first edge comes soon after the descriptor is registered, if there is something.
 *
 * <p>Threads: the engine's loop.
 */
final class EdgeState {

    private enum State {
        UNKNOWN,
        EMPTY,
        READY
    }

    private String doing;
    private final Object whom;

    /** Made by the first wait: most connections never wait to write. */
    private @Nullable Waiter waiter;

    private State state;
    private boolean awaited;

    /**
     * @param doing with {@code whom} how the wait reads in a report
     */
    EdgeState(boolean worthTrying, String doing, Object whom) {
        this.state = worthTrying ? State.UNKNOWN : State.EMPTY;
        this.doing = doing;
        this.whom = whom;
    }

    boolean isWorthTrying() {
        return state != State.EMPTY;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Whether a task waits here now. */
    boolean isAwaited() {
        return awaited;
    }

    /** The kernel has no more for now. */
    void exhausted() {
        state = State.EMPTY;
    }

    /** The kernel has said that there is something. Below the tasks. */
    void happened() {
        state = State.READY;
        nudge();
    }

    /** Wakes the waiting task, if any, to look again. */
    void nudge() {
        if (awaited && waiter != null) {
            waiter.complete();
        }
    }

    /** How later waits read in a report. */
    void nowDoing(String other) {
        doing = other;
    }

    /** Waits until it is ready; may return early. */
    void await() {
        if (state == State.READY) {
            return;
        }
        if (waiter == null) {
            waiter = new Waiter(this);
        } else {
            waiter.reset();
        }
        awaited = true;
        try {
            waiter.await();
        } finally {
            awaited = false;
        }
    }

    @Override
    public String toString() {
        return doing + whom;
    }
}
