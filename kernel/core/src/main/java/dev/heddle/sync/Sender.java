package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.time.Duration;
import java.util.Objects;

/**
 * One of the counted ends that send to a {@link Channel}; the channel closes with the last of them.
 *
 * <pre>{@code
 * try (Sender<String> lines = channel.sender()) {
 *     for (Path file : files) {
 *         Sender<String> mine = lines.copy();                  // here, not in the task: the count must not reach zero before
 *         group.spawn(() -> { try (mine) { readInto(mine, file); } });
 *     }
 * }
 * }</pre>
 *
 * <p>An end that is forgotten keeps the channel open: use it in a {@code try}.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has not left its element.
 */
public final class Sender<T> implements Sink<T>, AutoCloseable {

    final ChannelCore<T> core;
    final End end;

    Sender(ChannelCore<T> core, End end) {
        this.core = core;
        this.end = end;
    }

    /**
     * Sends an element, waiting while the channel is full.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @throws ClosedException if the channel or this end is closed, before or while waiting
     * @throws BrokenException if the last receiver is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void send(T element) {
        core.send(element, end, null);
    }

    /**
     * Sends an element, waiting while the channel is full, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @param limit zero or less does not wait
     * @return whether it was sent; if not, the channel does not have it
     * @throws ClosedException if the channel or this end is closed, before or while waiting
     * @throws BrokenException if the last receiver is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean sendWithin(T element, Duration limit) {
        return core.send(element, end, Objects.requireNonNull(limit));
    }

    /**
     * Sends an element if there is room or a receiver waits.
     *
     * @return whether it was sent
     * @throws ClosedException if the channel or this end is closed
     * @throws BrokenException if the last receiver is closed
     */
    public boolean trySend(T element) {
        return core.trySend(element, end);
    }

    /**
     * Opens one more sender of the channel.
     *
     * @throws ClosedException if the channel or this end is closed
     * @throws BrokenException if the last receiver is closed
     */
    public Sender<T> copy() {
        return new Sender<>(core, core.copy(end));
    }

    /**
     * Closes this end, and with the last one the channel. Calls that wait on this end get a ClosedException.
     * Idempotent.
     */
    @Override
    public void close() {
        core.close(end);
    }

    @Override
    public String toString() {
        return "sender of a " + core;
    }
}
