package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that can be closed: how tasks hand things to each other.
 *
 * <pre>{@code
 * Channel<String> lines = Channel.of(100);
 * spawn(() -> { readInto(lines); lines.close(); });
 * for (String line : lines) { ... }          // ends when the channel is closed and empty
 * }</pre>
 *
 * <p>With a capacity of 0 it is a rendezvous: a send returns when its element was received. Elements come out in the order they
 * went in, and waiting calls are served in the order they came.
 *
 * <p>How it works: the state is behind a lock that is held for a few steps only, never while waiting. Who cannot go on leaves a
 * waiter in a list. Whoever makes that call possible commits it there and then, with one atomic step against its cancel, and
 * moves the element along; so an element is never both taken and lost.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 */
public final class Channel<T> implements Iterable<T>, AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final int capacity;
    private final ArrayDeque<T> buffer;
    private final WaitList<T> senders = new WaitList<>();
    private final WaitList<T> receivers = new WaitList<>();
    private final Doing sending = new Doing("sending to ");
    private final Doing receiving = new Doing("receiving from ");
    private boolean closed;

    private Channel(int capacity) {
        this.capacity = capacity;
        this.buffer = new ArrayDeque<>(Math.min(capacity, 16));
    }

    /**
     * Makes an open, empty channel.
     *
     * @param capacity most elements it holds, 0 or more
     */
    public static <T> Channel<T> of(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must not be negative");
        }
        return new Channel<>(capacity);
    }

    /**
     * Sends an element, waiting while the channel is full.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @throws ClosedException if the channel is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void send(T element) {
        Objects.requireNonNull(element);
        CancelScope.throwIfCancelled();
        Waiting<T> waiting;
        lock.lock();
        try {
            if (sendNow(element)) {
                return;
            }
            waiting = new Waiting<>(sending, element);
            senders.add(waiting);
        } finally {
            lock.unlock();
        }
        await(senders, waiting);
        if (waiting.element != null) {
            throw closedException();
        }
    }

    /**
     * Sends an element if there is room or a receiver waits.
     *
     * @return whether it was sent
     * @throws ClosedException if the channel is closed
     */
    public boolean trySend(T element) {
        Objects.requireNonNull(element);
        lock.lock();
        try {
            return sendNow(element);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Receives the next element, waiting while the channel is empty.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @return the element; never null
     * @throws ClosedException if the channel is closed and drained
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public T receive() {
        T element = receiveOrEnd();
        if (element == null) {
            throw closedException();
        }
        return element;
    }

    /** Receives the next element if there is one; empty if not, also when the channel is closed. */
    public Optional<T> tryReceive() {
        lock.lock();
        try {
            return Optional.ofNullable(receiveNow());
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more elements. Those in it can still be received; waiting senders get a ClosedException. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            while (senders.takeAndComplete() != null) {
                // Completed with its element still there, which tells the sender that it was not sent.
            }
            if (buffer.isEmpty()) {
                while (receivers.takeAndComplete() != null) {
                    // Completed without an element, which tells the receiver that none will come.
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes it and throws away what is in it. Idempotent. */
    public void abort() {
        lock.lock();
        try {
            buffer.clear();
            close();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it takes no more elements; there may still be some to receive. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Receives until the channel is closed and drained. Several iterators share the elements. {@code hasNext} waits, and takes an
     * element when it says yes.
     */
    @Override
    public Iterator<T> iterator() {
        return new Elements();
    }

    public ChannelStatistics statistics() {
        lock.lock();
        try {
            return new ChannelStatistics(capacity, buffer.size(), senders.size(), receivers.size(), closed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "channel of " + capacity + (closed ? ", closed" : "");
    }

    // ---- under the lock ----

    private boolean sendNow(T element) {
        if (closed) {
            throw closedException();
        }
        if (buffer.size() < capacity && receivers.size() == 0) {
            buffer.add(element);
            return true;
        }
        for (Waiting<T> head = receivers.first(); head != null; head = receivers.first()) {
            receivers.remove(head);
            head.element = element;
            if (head.waiter.complete()) {
                return true;
            }
        }
        if (buffer.size() < capacity) {
            buffer.add(element);
            return true;
        }
        return false;
    }

    private @Nullable T receiveNow() {
        T element = buffer.poll();
        T next = takeFromSender();
        if (element == null) {
            return next;
        }
        if (next != null) {
            buffer.add(next);
        }
        return element;
    }

    /** The element of the longest waiting sender, whose send is thereby done. */
    private @Nullable T takeFromSender() {
        for (Waiting<T> head = senders.first(); head != null; head = senders.first()) {
            senders.remove(head);
            T element = head.element;
            head.element = null; // before it wakes: a sender that still has its element was not served
            if (head.waiter.complete()) {
                return element;
            }
        }
        return null;
    }

    // ---- waiting ----

    /** The next element, or null when closed and drained. */
    private @Nullable T receiveOrEnd() {
        CancelScope.throwIfCancelled();
        Waiting<T> waiting;
        lock.lock();
        try {
            T element = receiveNow();
            if (element != null || closed) {
                return element;
            }
            waiting = new Waiting<>(receiving, null);
            receivers.add(waiting);
        } finally {
            lock.unlock();
        }
        await(receivers, waiting);
        return waiting.element;
    }

    private void await(WaitList<T> list, Waiting<T> waiting) {
        boolean done = false;
        try {
            waiting.waiter.await();
            done = true;
        } finally {
            if (!done) {
                lock.lock();
                try {
                    list.remove(waiting);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private ClosedException closedException() {
        return new ClosedException("the channel is closed");
    }

    /** What a waiting call does, for reports. */
    private final class Doing {
        private final String what;

        Doing(String what) {
            this.what = what;
        }

        @Override
        public String toString() {
            return what + "a " + Channel.this;
        }
    }

    private final class Elements implements Iterator<T> {
        private @Nullable T next;

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = receiveOrEnd();
            }
            return next != null;
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            T element = Objects.requireNonNull(next);
            next = null;
            return element;
        }
    }
}
