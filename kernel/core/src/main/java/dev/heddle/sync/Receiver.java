package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * One of the counted ends that receive from a {@link Channel}, or from the buffer of a subscriber of a {@link
 * Broadcast}. When the last one is closed, senders of the channel get a {@link BrokenException} instead of waiting for
 * nobody.
 *
 * <p>An end that is forgotten keeps senders waiting: use it in a {@code try}.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has taken no element.
 */
public sealed class Receiver<T> implements Source<T>, Iterable<T>, AutoCloseable permits Subscription {

    final ChannelCore<T> core;
    final End end;

    Receiver(ChannelCore<T> core, End end) {
        this.core = core;
        this.end = end;
    }

    /**
     * Receives the next element, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @return the element; never null
     * @throws ClosedException if the sending side is closed and drained, or this end is closed
     * @throws BrokenException if a broadcast cut this receiver off since it was too slow, and what it had is drained
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public final T receive() {
        return core.receive(end);
    }

    /**
     * Receives the next element, waiting while there is none, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @param limit zero or less does not wait
     * @return the element; empty if the time is over
     * @throws ClosedException if the sending side is closed and drained, or this end is closed
     * @throws BrokenException if a broadcast cut this receiver off since it was too slow, and what it had is drained
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public final Optional<T> receiveWithin(Duration limit) {
        return core.receiveWithin(end, limit);
    }

    /**
     * Receives the next element if there is one; empty if not, also when the sending side is closed.
     *
     * @throws ClosedException if this end is closed
     */
    public final Optional<T> tryReceive() {
        return core.tryReceive(end);
    }

    /**
     * Opens one more receiver, which shares the elements with this one: each goes to one of them.
     *
     * @throws ClosedException if this end is closed
     */
    public final Receiver<T> copy() {
        return new Receiver<>(core, core.copy(end));
    }

    /**
     * Receives until the sending side is closed and drained. {@code hasNext} waits, and takes an element when it says
     * yes.
     */
    @Override
    public final Iterator<T> iterator() {
        return core.iterator(end);
    }

    /**
     * Closes this end. Calls that wait on it get a ClosedException; what it leaves is for the other ends. Idempotent.
     */
    @Override
    public final void close() {
        core.close(end);
    }

    /** The state it shares with the other ends. */
    public final ChannelStatistics statistics() {
        return core.statistics();
    }

    @Override
    public String toString() {
        return "receiver of a " + core;
    }
}
