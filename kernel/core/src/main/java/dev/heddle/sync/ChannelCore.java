package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.Waiter;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.internal.sight.WaitHints;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The machine inside channels, queues and subscriptions: elements go through it from senders to receivers.
 *
 * <p>How it works: the state is behind a lock that is held for a few steps only, never while waiting. Who cannot go on
 * leaves a {@link WaitingCall} in a list. Whoever makes that call possible commits it there and then, with one atomic
 * step against its cancel, and moves the element along; so an element is never both taken and lost, and the woken call
 * neither looks again nor takes the lock. A hand-over costs one switch of tasks for each element and one small object.
 * Where much goes through, elements pass by a {@link FifoRing} without the lock as long as nobody waits: between two
 * loops the lock would be taken from the other processor each time. All that waits stays under it. A queue without any
 * lock would pay for waiting calls with segments and helping.
 *
 * <p>Threads: any.
 */
final class ChannelCore<T> {

    /** So many elements have gathered. */
    private static final int MANY = 16;

    /** Guards everything here, and what the owner keeps beside it. */
    final OrderedLock lock;

    final ChannelState<T> exchange;
    private final PartKind<ChannelCore<?>> kind;
    private final Runnable onEnding;
    private final Doing sending = new Doing(true);
    private final Doing receiving = new Doing(false);
    private int openSenders;
    private int openReceivers;

    /** How many more calls are to wait, or elements to gather, before it is registered; 0 for nothing left to do. */
    private int unseenCalls;

    ChannelCore(PartKind<ChannelCore<?>> kind, int capacity, Queue<T> buffer) {
        this(kind, capacity, new OrderedLock(), buffer, () -> {});
    }

    /**
     * @param kind what it is called and what there is to see of it
     * @param lock nobody else's yet, but known to the buffer perhaps
     * @param buffer empty; decides which element comes out next
     * @param onEnding called once, under the lock, when no more elements are taken
     */
    ChannelCore(PartKind<ChannelCore<?>> kind, int capacity, OrderedLock lock, Queue<T> buffer, Runnable onEnding) {
        this.kind = kind;
        this.lock = lock;
        this.exchange = new ChannelState<>(capacity, buffer);
        this.onEnding = onEnding;
    }

    /** Lets others see it, from now on or from when it matters. */
    void show() {
        unseenCalls = Parts.addSoon(kind, this);
    }

    // ---- sending ----

    /**
     * Sends, waiting for room.
     *
     * @param limit longest time, or null for no limit
     * @return false if the time is over
     */
    boolean send(T element, @Nullable End via, @Nullable Duration limit) {
        Objects.requireNonNull(element);
        CancelScope.throwIfCancelled();
        if (sentWithoutLock(element, via)) {
            return true;
        }
        WaitingCall<T> waiting;
        lock.lock();
        try {
            requireOpen(via);
            if (exchange.send(element)) {
                taken();
                return true;
            }
            waiting = new WaitingCall<>(new Waiter(sending), element, via);
            exchange.senders.add(waiting);
            waited();
            exchange.settle();
        } finally {
            lock.unlock();
        }
        boolean decided = exchange.senders.await(waiting, limit, lock);
        if (decided) {
            checkSent(waiting);
        }
        return decided;
    }

    boolean trySend(T element, @Nullable End via) {
        Objects.requireNonNull(element);
        if (sentWithoutLock(element, via)) {
            return true;
        }
        lock.lock();
        try {
            requireOpen(via);
            boolean sent = exchange.send(element);
            taken();
            return sent;
        } finally {
            lock.unlock();
        }
    }

    /** Throws if a sender was not served whose wait is decided. */
    void checkSent(WaitingCall<T> sender) {
        if (sender.element == null) {
            return;
        }
        if (sender.refused instanceof Error e) {
            throw e;
        }
        if (sender.refused instanceof RuntimeException e) {
            throw e;
        }
        lock.lock();
        try {
            requireOpen(sender.via);
            throw Objects.requireNonNull(exchange.ending()).forSender();
        } finally {
            lock.unlock();
        }
    }

    // ---- receiving ----

    T receive(@Nullable End via) {
        T element = receiveOrNull(via, null);
        if (element == null) {
            throw Objects.requireNonNull(endForReceiver(via));
        }
        return element;
    }

    Optional<T> receiveWithin(@Nullable End via, Duration limit) {
        T element = receiveOrNull(via, Objects.requireNonNull(limit));
        if (element == null) {
            HeddleException end = endForReceiver(via);
            if (end != null) {
                throw end;
            }
        }
        return Optional.ofNullable(element);
    }

    Optional<T> tryReceive(@Nullable End via) {
        T quick = receivedWithoutLock(via);
        if (quick != null) {
            return Optional.of(quick);
        }
        lock.lock();
        try {
            requireOpen(via);
            return Optional.ofNullable(exchange.receive());
        } finally {
            lock.unlock();
        }
    }

    /** The next element; null if there will be none or the time is over. */
    @Nullable T receiveOrNull(@Nullable End via, @Nullable Duration limit) {
        CancelScope.throwIfCancelled();
        T quick = receivedWithoutLock(via);
        if (quick != null) {
            return quick;
        }
        WaitingCall<T> waiting;
        lock.lock();
        try {
            requireOpen(via);
            T element = exchange.receive();
            if (element != null || exchange.isDrained()) {
                return element;
            }
            waiting = new WaitingCall<>(new Waiter(receiving), null, via);
            exchange.receivers.add(waiting);
            waited();
            exchange.settle();
        } finally {
            lock.unlock();
        }
        return exchange.receivers.await(waiting, limit, lock) ? waiting.element : null;
    }

    /** What a receiver is told who got nothing; null if there may still come something. */
    @Nullable HeddleException endForReceiver(@Nullable End via) {
        lock.lock();
        try {
            if (via != null && via.closed) {
                return closedException(via);
            }
            return exchange.isDrained() ? Objects.requireNonNull(exchange.ending()).forReceiver() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether receivers that go on until the end, and got nothing, just end. */
    boolean endsOrderly(@Nullable End via) {
        lock.lock();
        try {
            Ending ending = exchange.ending();
            return ending != null && ending.isOrderly() && (via == null || !via.closed);
        } finally {
            lock.unlock();
        }
    }

    Iterator<T> iterator(@Nullable End via) {
        return new Elements<>(this, via);
    }

    // ---- without the lock ----

    private boolean sentWithoutLock(T element, @Nullable End via) {
        FifoRing<T> ring = exchange.ring();
        if (ring == null || (via != null && via.closed) || !ring.trySend(element)) {
            return false;
        }
        if (ring.receiversWait()) {
            settle();
        }
        return true;
    }

    private @Nullable T receivedWithoutLock(@Nullable End via) {
        FifoRing<T> ring = exchange.ring();
        if (ring == null || (via != null && via.closed)) {
            return null;
        }
        T element = ring.tryReceive();
        if (element != null && ring.sendersWait()) {
            settle();
        }
        return element;
    }

    private void settle() {
        lock.lock();
        try {
            exchange.settle();
        } finally {
            lock.unlock();
        }
    }

    // ---- ending ----

    void close() {
        end(Ending.closed(what()), false);
    }

    void abort() {
        end(Ending.closed(what()), true);
    }

    void fail(Throwable cause) {
        end(Ending.failed(what(), Objects.requireNonNull(cause)), false);
    }

    void end(Ending how, boolean discard) {
        lock.lock();
        try {
            if (discard) {
                exchange.discard();
            }
            if (exchange.end(how)) {
                onEnding.run();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        return underLock(state -> state.ending() != null);
    }

    // ---- counted ends ----

    End open(boolean sends) {
        lock.lock();
        try {
            Ending ending = exchange.ending();
            if (!sends) {
                openReceivers++;
            } else if (ending == null) {
                openSenders++;
            } else {
                throw ending.forSender();
            }
            return new End(sends);
        } finally {
            lock.unlock();
        }
    }

    /** One more end of the same kind. */
    End copy(End end) {
        lock.lock();
        try {
            requireOpen(end);
            return open(end.sends);
        } finally {
            lock.unlock();
        }
    }

    void close(End end) {
        lock.lock();
        try {
            if (end.closed) {
                return;
            }
            end.closed = true;
            if (end.sends) {
                exchange.senders.completeAll(end);
                if (--openSenders == 0) {
                    close();
                }
            } else {
                exchange.receivers.completeAll(end);
                if (--openReceivers == 0) {
                    end(Ending.noReceivers(what()), true);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    void requireOpen(@Nullable End via) {
        if (via != null && via.closed) {
            throw closedException(via);
        }
    }

    private ClosedException closedException(End end) {
        return new ClosedException("this " + end + " of the " + what() + " is closed");
    }

    private String what() {
        return kind.type();
    }

    // ---- being seen; under the lock ----

    /** A call waits. */
    void waited() {
        if (unseenCalls > 0 && --unseenCalls == 0) {
            Parts.addLate(kind, this);
        }
    }

    /** An element was taken in, under the lock. */
    void taken() {
        if (unseenCalls > 0 && (exchange.buffer.size() >= MANY || exchange.ring() != null)) {
            unseenCalls = 0;
            Parts.addLate(kind, this);
        }
    }

    // ---- facts ----

    /** What there is to see of channels that are called so. */
    static PartKind<ChannelCore<?>> kind(String type) {
        return kind(type, ChannelCore::statistics);
    }

    /** The same with other statistics. */
    static PartKind<ChannelCore<?>> kind(String type, Function<ChannelCore<?>, Object> statistics) {
        return PartKind.<ChannelCore<?>, Object>of(type, statistics, (core, figures) -> core.fullness())
                .detailed(core -> PartDetail.waiting(core.longestWaiting()))
                .until(core -> core.underLock(state -> state.ending() != null && state.buffer.isEmpty()));
    }

    /** Either senders wait or receivers. */
    private @Nullable Waiter longestWaiting() {
        return underLock(state -> {
            WaitingCall<T> first = state.senders.isEmpty() ? state.receivers.first() : state.senders.first();
            return first == null ? null : first.waiter;
        });
    }

    private double fullness() {
        return underLock(state -> PartKind.share(state.buffer.size(), state.capacity));
    }

    ChannelStatistics statistics() {
        return underLock(state -> new Statistics(
                state.capacity,
                state.buffer.size(),
                state.peakSize(),
                state.senders.size(),
                state.receivers.size(),
                state.ending() != null));
    }

    <R extends @Nullable Object> R underLock(Function<ChannelState<T>, R> body) {
        lock.lock();
        try {
            return body.apply(exchange);
        } finally {
            lock.unlock();
        }
    }

    String doing(boolean sends) {
        return (sends ? sending : receiving).toString();
    }

    @Override
    public String toString() {
        return what() + " of " + exchange.capacity + (exchange.ending() == null ? "" : ", closed");
    }

    /** What a waiting call does, for reports, and who was last to do the opposite. */
    private final class Doing implements WaitHints {
        private final boolean sends;

        Doing(boolean sends) {
            this.sends = sends;
        }

        @Override
        public long[] lastThreads() {
            return new long[]{exchange.lastThread(!sends)};
        }

        @Override
        public String toString() {
            return (sends ? "sending to a " : "receiving from a ") + ChannelCore.this;
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int capacity, int size, int peakSize, int waitingSenders, int waitingReceivers,
            boolean closed) implements ChannelStatistics {}
}
