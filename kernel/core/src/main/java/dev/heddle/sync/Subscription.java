package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.internal.sight.PartKind;

/**
 * A receiver of a {@link Broadcast} with a buffer of its own.
 *
 * <p>Threads, cancellation and tests: as {@link Receiver}.
 */
public final class Subscription<T> extends Receiver<T> {

    static final PartKind<ChannelCore<?>> KIND = ChannelCore.kind("subscription");

    private final Overflow policy;

    /** Guarded by the channel's lock. */
    private long missed;

    Subscription(ChannelCore<T> core, Overflow policy) {
        super(core, core.open(false));
        this.policy = policy;
        core.show();
    }

    /** How many elements were not given to it, or taken out of its buffer again, since it was full. */
    public long missed() {
        return core.underLock(state -> missed);
    }

    /**
     * Gives it an element without waiting.
     *
     * @return false if the sender is to wait for it
     * @throws ClosedException if the broadcast is closed
     */
    boolean offer(T element) {
        try {
            return core.underLock(state -> taken(state, element) || overflow(state, element));
        } catch (BrokenException left) {
            return true;
        }
    }

    /**
     * Gives it an element, waiting until it has room or leaves.
     *
     * @throws ClosedException if the broadcast is closed
     */
    void awaitRoom(T element) {
        try {
            core.send(element, null, null);
        } catch (BrokenException left) {
            // Who has left needs no element.
        }
    }

    private boolean taken(ChannelState<T> state, T element) {
        boolean sent = state.send(element);
        core.taken();
        return sent;
    }

    private boolean overflow(ChannelState<T> state, T element) {
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
                core.end(Ending.tooSlow(state.capacity), false);
                yield true;
            }
        };
    }
}
