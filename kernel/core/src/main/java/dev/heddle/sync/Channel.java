package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;

/**
 * A bounded queue that can be closed: how tasks hand things to each other.
 *
 * <pre>{@code
 * Channel<String> lines = Channel.of(100);
 * spawn(() -> { readInto(lines); lines.close(); });
 * for (String line : lines) { ... }          // ends when the channel is closed and empty
 * }</pre>
 *
 * <p>With a capacity of 0 it is a rendezvous: a send returns when its element was received. Elements come out in the
 * order they went in, and waiting calls are served in the order they came.
 *
 * <p>Where several tasks send, none of them knows when the last one is done. Give each its own {@link #sender()}, and
 * the channel closes itself when all of them are closed. Likewise each {@link #receiver()}: when the last one is
 * closed, senders get a {@link BrokenException} instead of waiting for nobody. A side of which no end was ever opened
 * is not counted.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has neither left nor taken an element.
 */
public final class Channel<T> implements Source<T>, Sink<T>, Iterable<T>, AutoCloseable {

    private static final PartKind<ChannelCore<?>> KIND = ChannelCore.kind("channel");

    final ChannelCore<T> core;

    private Channel(int capacity) {
        this.core = new ChannelCore<>(KIND, capacity, new ArrayDeque<>(Math.min(capacity, 16)));
        core.exchange.allowRing();
        core.show();
    }

    /**
     * Makes an open, empty channel.
     *
     * @param capacity most elements it holds, 0 or more
     */
    public static <T> Channel<T> of(int capacity) {
        Checks.notNegative("capacity", capacity);
        return new Channel<>(capacity);
    }

    /**
     * Sends an element, waiting while the channel is full.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @throws ClosedException if the channel is closed, before or while waiting
     * @throws BrokenException if the last receiver is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void send(T element) {
        core.send(element, null, null);
    }

    /**
     * Sends an element, waiting while the channel is full, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @param limit zero or less does not wait
     * @return whether it was sent; if not, the channel does not have it
     * @throws ClosedException if the channel is closed, before or while waiting
     * @throws BrokenException if the last receiver is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean sendWithin(T element, Duration limit) {
        return core.send(element, null, Objects.requireNonNull(limit));
    }

    /**
     * Sends an element if there is room or a receiver waits.
     *
     * @return whether it was sent
     * @throws ClosedException if the channel is closed
     * @throws BrokenException if the last receiver is closed
     */
    public boolean trySend(T element) {
        return core.trySend(element, null);
    }

    /**
     * Receives the next element, waiting while the channel is empty.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @return the element; never null
     * @throws ClosedException if the channel is closed and drained; its cause is that of {@link #fail}
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public T receive() {
        return core.receive(null);
    }

    /**
     * Receives the next element, waiting while the channel is empty, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @param limit zero or less does not wait
     * @return the element; empty if the time is over
     * @throws ClosedException if the channel is closed and drained; its cause is that of {@link #fail}
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public Optional<T> receiveWithin(Duration limit) {
        return core.receiveWithin(null, limit);
    }

    /** Receives the next element if there is one; empty if not, also when the channel is closed. */
    public Optional<T> tryReceive() {
        return core.tryReceive(null);
    }

    /**
     * Takes no more elements. What is in it can still be received; waiting senders get a ClosedException. Idempotent.
     */
    @Override
    public void close() {
        core.close();
    }

    /** Closes it and throws away what is in it. Idempotent. */
    public void abort() {
        core.abort();
    }

    /**
     * Closes it because of a failure. What is in it can still be received; after it receivers get a ClosedException
     * with this cause, and so do iterations, which do not just end. Senders get it at once. Does nothing if the channel
     * is closed.
     */
    public void fail(Throwable cause) {
        core.fail(cause);
    }

    /** Whether it takes no more elements; there may still be some to receive. */
    public boolean isClosed() {
        return core.isEnded();
    }

    /**
     * Opens one more counted end to send to. The channel closes with the last of them.
     *
     * @throws ClosedException if the channel is closed
     * @throws BrokenException if the last receiver is closed
     */
    public Sender<T> sender() {
        return new Sender<>(core, core.open(true));
    }

    /**
     * Opens one more counted end to receive from. With the last of them the channel is broken: it takes no more
     * elements and throws away what is in it. An end of a channel that is closed drains it.
     */
    public Receiver<T> receiver() {
        return new Receiver<>(core, core.open(false));
    }

    /**
     * Receives until the channel is closed and drained. Several iterators share the elements. {@code hasNext} waits,
     * and takes an element when it says yes.
     */
    @Override
    public Iterator<T> iterator() {
        return core.iterator(null);
    }

    /**
     * The channel for code that knows {@code java.util.concurrent} only. With a capacity of 0 it behaves like a {@link
     * java.util.concurrent.SynchronousQueue}. {@code put} and {@code take} throw {@link InterruptedException} when they
     * are interrupted, and in a task when they are cancelled, as the JDK's own queues do. When the channel is closed,
     * {@code put} and {@code add} throw {@link IllegalStateException} and {@code offer} answers false; when it is also
     * drained, {@code take} throws {@link IllegalStateException}, and {@code poll} answers null without waiting.
     */
    public BlockingQueue<T> asBlockingQueue() {
        return new BlockingView<>(core);
    }

    public ChannelStatistics statistics() {
        return core.statistics();
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
