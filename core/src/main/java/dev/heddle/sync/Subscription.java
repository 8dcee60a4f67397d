package dev.heddle.sync;

/**
 * A receiver of a {@link Broadcast} with a buffer of its own.
 *
 * <p>Threads, cancellation and tests: as {@link Receiver}.
 */
public final class Subscription<T> extends Receiver<T> {

    private final Overflow policy;

    /** Guarded by the conduit's lock. */
    private long missed;

    Subscription(Conduit<T> conduit, Overflow policy) {
        super(conduit, conduit.open(false));
        this.policy = policy;
    }

    /** How many elements were not given to it, or taken out of its buffer again, since it was full. */
    public long missed() {
        return conduit.underLock(state -> missed);
    }

    /**
     * Gives it an element without waiting.
     *
     * @return false if the sender is to wait for it
     * @throws dev.heddle.ClosedException if the broadcast is closed
     * @throws dev.heddle.BrokenException if it has left
     */
    boolean offer(T element) {
        return conduit.underLock(state -> state.send(element) || overflow(state, element));
    }

    private boolean overflow(Exchange<T> state, T element) {
        return switch (policy) {
            case WAIT -> false;
            case DROP_OLDEST -> {
                state.discardNext();
                missed++;
                yield state.send(element);
            }
            case DROP_NEWEST -> {
                missed++;
                yield true;
            }
            case DISCONNECT -> {
                conduit.end(Ending.tooSlow(state.capacity), false);
                yield true;
            }
        };
    }
}
