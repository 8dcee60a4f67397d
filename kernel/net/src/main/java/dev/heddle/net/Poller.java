package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A poller of many channels that says which are ready: the floor to build a loop, a reactor or a protocol engine of
 * your own on, inside one task. All else of this package does its own waiting and needs none of it.
 *
 * <pre>{@code
 * try (Poller<Session> poller = Poller.open()) {
 *     poller.add(channel, Poller.READABLE, session);
 *     while (true) {
 *         for (PollKey<Session> key : poller.await()) {
 *             key.attachment().goOn(key);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Level-triggered: a key is told again in each batch for as long as it is ready. With {@link #EDGE} it is told once,
 * and again only after something new has happened; whoever wants edges reads or writes until the system has no more.
 * Readiness is a hint: other code may have used it up meanwhile, so channels are non-blocking and finding nothing is
 * normal.
 *
 * <p>Fair and bounded: keys come in the order in which they became ready, at most {@link #MAX_BATCH} at a time, and a
 * key that is still ready goes behind the others. Nothing of a key that was closed, or of an interest that was taken
 * back, is ever told, even if it had happened before. A poller that nobody awaits costs its loop nothing: what nobody
 * collects is looked for no more until it is.
 *
 * <p>The channels stay yours: close the key, then its channel. The poller of a simulated loop refuses channels, since
 * there the network is simulated and these are real.
 *
 * <p>Threads: tasks of the loop that opened it, one of them waiting; only {@link #wake} is for any thread. Your code
 * runs in your task, never below it.
 *
 * <p>Cancellation: a cancelled wait has taken nothing; the keys come with the next batch.
 *
 * <p>To test code that uses a poller, give it the two ends of a {@link java.nio.channels.Pipe}.
 *
 * @param <A> what you attach to each key
 */
public final class Poller<A> implements AutoCloseable {

    /** Reading would not wait: there are bytes, a connection to accept, or the end. */
    public static final int READABLE = Watch.READABLE;

    /** Writing would not wait, or a connection is made or has failed. */
    public static final int WRITABLE = Watch.WRITABLE;

    /**
     * The channel is broken, or the peer is gone in both directions; told also if not wanted, where the system tells
     * it.
     */
    public static final int FAILED = Watch.FAILED;

    /** Together with what is wanted: tell changes only. Not by the engine {@code nio}. */
    public static final int EDGE = Watch.EDGE;

    /** The most keys in a batch. */
    public static final int MAX_BATCH = 256;

    /** Long enough to be due in the loop's next turn, behind its look at the engine. */
    private static final Duration ONE_LOOK = Duration.ofNanos(1);

    private final Loop loop;
    private final Engine engine;
    private final Map<Object, PollKey<A>> keys = new LinkedHashMap<>();
    private final Deque<PollKey<A>> ready = new ArrayDeque<>();
    private final Waiter waiter = new Waiter(this);
    private boolean waiting;
    private boolean woken;
    private boolean closed;

    private Poller(Loop loop) {
        this.loop = loop;
        this.engine = loop.engine();
    }

    /** Opens a poller of the current loop. */
    public static <A> Poller<A> open() {
        return new Poller<>(Heddle.currentLoop());
    }

    /**
     * Watches a channel.
     *
     * @param channel an open channel in non-blocking mode
     * @param interest a sum of {@link #READABLE}, {@link #WRITABLE} and {@link #EDGE}; 0 for nothing yet
     * @param attachment what you want to find again in its key
     * @throws ClosedException if the poller or the channel is closed
     * @throws IllegalArgumentException if the channel is in blocking mode, or the interest is no such sum or none that
     *     such a channel can have, as writing to a listener
     * @throws IllegalStateException if the channel is watched already, by this poller or elsewhere on this loop
     * @throws BrokenException if the system cannot watch it
     * @throws UnsupportedOperationException if the engine cannot watch channels, or has no edges
     */
    public PollKey<A> add(SelectableChannel channel, int interest, A attachment) {
        if (!channel.isOpen()) {
            throw new ClosedException(channel + " is closed");
        }
        if (channel.isBlocking()) {
            throw new IllegalArgumentException(channel + " is in blocking mode; call configureBlocking(false) first");
        }
        return add(new PollKey<>(this, channel, channel.toString(), attachment), interest);
    }

    /**
     * Watches a descriptor of the system, such as a pipe, a terminal, an inotify(7), by the engines of Linux.
     *
     * @param descriptor an open one in non-blocking mode
     * @throws UnsupportedOperationException if the engine cannot watch descriptors, as the portable one
     * @see #add(SelectableChannel, int, Object)
     */
    public PollKey<A> add(int descriptor, int interest, A attachment) {
        if (descriptor < 0) {
            throw new IllegalArgumentException("descriptor is " + descriptor + ", must be 0 or more");
        }
        return add(new PollKey<>(this, descriptor, "descriptor " + descriptor, attachment), interest);
    }

    private PollKey<A> add(PollKey<A> key, int interest) {
        checkOpen();
        PollKey.checkInterest(key.watched(), interest);
        if (keys.containsKey(key.watched())) {
            throw new IllegalStateException(
                    key.name() + " is in this poller already: change what its key wants, or close the key");
        }
        try {
            key.open(engine, interest);
        } catch (IOException e) {
            throw new BrokenException(key.name() + " cannot be watched: " + Throwables.describe(e), e);
        }
        keys.put(key.watched(), key);
        return key;
    }

    /**
     * Waits until something is ready.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return the keys that are ready, in the order in which they became so; empty only after a {@link #wake}
     * @throws ClosedException if the poller is closed, before or while waiting
     * @throws BusyException if another task is waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public List<PollKey<A>> await() {
        begin();
        try {
            while (ready.isEmpty() && !woken) {
                waiter.await();
                waiter.reset();
                checkOpen();
            }
            return take();
        } finally {
            waiting = false;
        }
    }

    /**
     * Waits until something is ready, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param limit zero or less only looks, which gives way once
     * @return the keys that are ready, in the order in which they became so; empty if the time has passed or after a
     *     {@link #wake}
     * @throws ClosedException if the poller is closed, before or while waiting
     * @throws BusyException if another task is waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public List<PollKey<A>> awaitWithin(Duration limit) {
        begin();
        try {
            Duration left = limit.isPositive() ? limit : ONE_LOOK;
            long start = loop.nanoTime();
            while (ready.isEmpty() && !woken && left.isPositive()) {
                boolean told = waiter.awaitWithin(left);
                waiter.reset();
                checkOpen();
                // Another task may have closed the very key that ended the wait.
                left = told ? limit.minusNanos(loop.nanoTime() - start) : Duration.ZERO;
            }
            return take();
        } finally {
            waiting = false;
        }
    }

    private void begin() {
        CancelScope.throwIfCancelled();
        checkOpen();
        if (waiting) {
            throw new BusyException("another task waits for " + this);
        }
        waiter.reset();
        waiting = true;
    }

    private List<PollKey<A>> take() {
        woken = false;
        List<PollKey<A>> batch = new ArrayList<>(Math.min(ready.size(), MAX_BATCH));
        while (batch.size() < MAX_BATCH && !ready.isEmpty()) {
            PollKey<A> key = ready.remove();
            if (key.take()) {
                batch.add(key);
            }
        }
        return batch;
    }

    /**
     * Ends the wait of the task in {@link #await}, or its next one, with what is ready, maybe nothing: for work that
     * comes from elsewhere. Any thread; after the end of the loop it does nothing.
     */
    public void wake() {
        try {
            loop.callFromThread(() -> {
                woken = true;
                wakeWaiter();
            });
        } catch (IllegalStateException e) {
            // The loop has ended, and with it whoever could wait.
        }
    }

    /** The key of a channel, if it is watched. */
    public Optional<PollKey<A>> find(SelectableChannel channel) {
        return Optional.ofNullable(keys.get(channel));
    }

    /** The key of a descriptor, if it is watched. */
    public Optional<PollKey<A>> find(int descriptor) {
        return Optional.ofNullable(keys.get(descriptor));
    }

    /** All keys that are not closed, in the order in which they were added. */
    public List<PollKey<A>> keys() {
        return List.copyOf(keys.values());
    }

    /** How many keys are not closed. */
    public int size() {
        return keys.size();
    }

    /** Whether {@link #close} was not called. */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Closes all keys, but no channel. A task that waits gets a {@link ClosedException}. Does nothing the second time.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ready.clear();
            keys().forEach(PollKey::close);
            wakeWaiter();
        }
    }

    /** A key has become ready. Below the tasks. */
    void enqueue(PollKey<A> key) {
        ready.add(key);
        wakeWaiter();
    }

    /** A key wants something else, so that it may have nothing to tell any more. */
    void dequeue(PollKey<A> key) {
        ready.remove(key);
    }

    void remove(PollKey<A> key) {
        keys.remove(key.watched());
    }

    private void wakeWaiter() {
        if (waiting) {
            waiter.complete();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("the poller is closed");
        }
    }

    /** What a waiting task does, in reports. */
    @Override
    public String toString() {
        return "poller over " + keys.size() + " channels, " + ready.size() + " ready" + (closed ? ", closed" : "");
    }
}
