package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.process.CannotTravelException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * One end of a {@link Pipe}: what it sends the other end receives, in order, and the other way round.
 *
 * <p>An end belongs to the processes that have used it, or were given it. When the last of them has ended without
 * closing it, the other end receives what was sent before, and then a ClosedException that names the process, so nobody
 * waits for the dead. A process that was given both ends and has used only one leaves the other for who comes later.
 *
 * <p>Threads: any task or thread of any process. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has neither left nor taken an element.
 *
 * @param <T> what travels
 */
public interface PipeEnd<T> extends Iterable<T>, AutoCloseable {

    /**
     * Sends an element, waiting while there is no room.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @throws CannotTravelException if it has something in it that cannot travel
     * @throws BrokenException if the other end is closed, or its process has ended, before or while waiting
     * @throws ClosedException if this end or the manager is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    void send(T element);

    /**
     * Sends an element, waiting while there is no room, but not longer than told; otherwise as {@link #send}.
     *
     * @param limit zero or less does not wait
     * @return whether it was sent
     */
    boolean sendWithin(T element, Duration limit);

    /** Sends an element if there is room, as {@link #send}; whether there was. Prompt. */
    @NonBlocking
    boolean trySend(T element);

    /**
     * Receives the next element, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @throws ClosedException if the other end is closed, or its process has ended, and all is received; or if this end
     *     or the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    T receive();

    /**
     * Receives the next element, waiting while there is none, but not longer than told; otherwise as {@link #receive}.
     *
     * @param limit zero or less does not wait
     * @return the element; empty if the time is over
     */
    Optional<T> receiveWithin(Duration limit);

    /** Receives the next element if there is one; empty if not, also when the other end is closed. Prompt. */
    @NonBlocking
    Optional<T> tryReceive();

    /** Closes this end: the other one receives what was sent, and then a ClosedException. Idempotent, prompt. */
    @NonBlocking
    @Override
    void close();

    /** Whether this end is closed. Prompt. */
    @NonBlocking
    boolean isClosed();

    /** Whether nothing more will come: the other end was closed in order, and all is received. Prompt. */
    @NonBlocking
    boolean isDrained();

    /**
     * Receives until the other end is closed and all is received; a process that ended without closing it is a failure.
     * {@code hasNext} waits, and takes an element when it says yes.
     */
    @Override
    default Iterator<T> iterator() {
        return TakenElements.of(this::receive, this::isDrained);
    }
}
