package dev.heddle.linux;

import dev.heddle.engine.WaitSlot;

/**
 * The readiness of one direction of a descriptor, as far as edges tell, and the one task that waits for it.
 *
 * <pre>
 *   UNKNOWN ──exhausted()──▶ EMPTY ──happened()──▶ READY
 *      └─────happened()──────────────────────────▶  │ exhausted() ──▶ EMPTY
 * </pre>
 *
 * <p>Trying is worth a call to the kernel unless empty, which is a fact until the next edge. Whoever finds it ready
 * does not wait. The first edge comes soon after the descriptor is registered, if there is something.
 *
 * <p>Threads: the engine's loop.
 */
final class EdgeState extends WaitSlot {

    private enum State {
        UNKNOWN,
        EMPTY,
        READY
    }

    private State state;

    /**
     * @param doing with {@code whom} how the wait reads in a report
     */
    EdgeState(boolean worthTrying, String doing, Object whom) {
        super(doing, whom);
        this.state = worthTrying ? State.UNKNOWN : State.EMPTY;
    }

    boolean isWorthTrying() {
        return state != State.EMPTY;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** The kernel has no more for now. */
    void exhausted() {
        state = State.EMPTY;
    }

    /** The kernel has said that there is something. Below the tasks. */
    void happened() {
        state = State.READY;
        wake();
    }
}
