package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of work that knows when all of it is done.
 *
 * <pre>{@code
 * WorkQueue<Path> files = WorkQueue.fifo(100);
 * group(g -> {
 *     for (int i = 0; i < 4; i++) {
 *         g.spawn(() -> {
 *             for (Path file : files) {
 *                 index(file);
 *                 files.taskDone();
 *             }
 *         });
 *     }
 *     files.put(root);
 *     files.awaitAllDone();
 *     files.close();                             // the workers end
 * });
 * }</pre>
 *
 * <p>Elements come out in the order they went in, the last first, or the smallest first. Waiting calls are served in
 * the order they came, whatever they put. To hand things over without keeping count of them, a {@link Channel} does.
 *
 * <p>Workers that put more work wait for room like everybody else: when the queue is full and all of them put, none
 * takes, and they wait for ever. Give such a queue room for all that may come, or let them {@link #tryPut} and do at
 * once what does not fit.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has neither put nor taken an element.
 */
public final class WorkQueue<T> implements Source<T>, Sink<T>, Iterable<T>, AutoCloseable {

    private static final PartKind<ChannelCore<?>> KIND = ChannelCore.kind("queue", WorkQueue::statistics);

    private static final Object ALL_DONE = "all elements of a queue to be done";

    final ChannelCore<T> core;

    /** Those who wait until nothing is unfinished; guarded by the channel's lock. */
    private final WaitList<T> finishers = new WaitList<>();

    private WorkQueue(int capacity, Queue<T> buffer) {
        this(capacity, new OrderedLock(), buffer);
    }

    private WorkQueue(int capacity, OrderedLock lock, Queue<T> buffer) {
        Checks.atLeast("capacity", capacity, 1);
        this.core = new ChannelCore<>(KIND, capacity, lock, buffer, () -> {});
        core.show();
    }

    /**
     * Makes a queue that gives the oldest element first.
     *
     * @param capacity most elements it holds, 1 or more
     */
    public static <T> WorkQueue<T> fifo(int capacity) {
        return new WorkQueue<>(capacity, new ArrayDeque<>());
    }

    /**
     * Makes a queue that gives the newest element first.
     *
     * @param capacity most elements it holds, 1 or more
     */
    public static <T> WorkQueue<T> lifo(int capacity) {
        return new WorkQueue<>(capacity, Collections.asLifoQueue(new ArrayDeque<>()));
    }

    /**
     * Makes a queue that gives the smallest element first, and equal ones in the order they went in.
     *
     * @param capacity most elements it holds, 1 or more
     * @param comparator must not wait, nor call this queue, which is refused; what it throws comes out of the put,
     *     which then has put nothing
     */
    public static <T> WorkQueue<T> priority(int capacity, Comparator<? super T> comparator) {
        var lock = new OrderedLock();
        return new WorkQueue<>(capacity, lock, new StablePriority<>(Objects.requireNonNull(comparator), lock));
    }

    // ---- putting and taking ----

    /**
     * Puts an element, waiting while the queue is full.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @throws ClosedException if the queue is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void put(T element) {
        core.send(element, null, null);
    }

    /**
     * Puts an element, waiting while the queue is full, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @param limit zero or less does not wait
     * @return whether it was put
     * @throws ClosedException if the queue is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean putWithin(T element, Duration limit) {
        return core.send(element, null, Objects.requireNonNull(limit));
    }

    /**
     * Puts an element if there is room.
     *
     * @return whether it was put
     * @throws ClosedException if the queue is closed
     */
    public boolean tryPut(T element) {
        return core.trySend(element, null);
    }

    /**
     * Takes the next element, waiting while the queue is empty. Call {@link #taskDone} when it is dealt with, if
     * somebody waits for that.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @throws ClosedException if the queue is closed and drained
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public T take() {
        return core.receive(null);
    }

    /**
     * Takes the next element, waiting while the queue is empty, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @param limit zero or less does not wait
     * @return the element; empty if the time is over
     * @throws ClosedException if the queue is closed and drained
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public Optional<T> takeWithin(Duration limit) {
        return core.receiveWithin(null, limit);
    }

    /** Takes the next element if there is one; empty if not, also when the queue is closed. */
    public Optional<T> tryTake() {
        return core.tryReceive(null);
    }

    /** The element that would be taken next, which stays; empty if there is none. */
    public Optional<T> tryPeek() {
        return Optional.ofNullable(core.<@Nullable T>underLock(state -> state.buffer.peek()));
    }

    /** Takes until the queue is closed and drained. {@code hasNext} waits, and takes an element when it says yes. */
    @Override
    public Iterator<T> iterator() {
        return core.iterator(null);
    }

    // ---- keeping count ----

    /**
     * Says that an element which was taken is dealt with.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    public void taskDone() {
        core.lock.lock();
        try {
            if (core.exchange.done == core.exchange.taken()) {
                throw new IllegalStateException("taskDone was called more often than elements were taken");
            }
            core.exchange.done++;
            tellFinishers();
        } finally {
            core.lock.unlock();
        }
    }

    /**
     * Waits until each element that was put is done.
     *
     * <p>Cancellation: a cancelled call changes nothing.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void awaitAllDone() {
        awaitFinish(null);
    }

    /**
     * Waits until each element that was put is done, but not longer than told.
     *
     * <p>Cancellation: a cancelled call changes nothing.
     *
     * @param limit zero or less only looks
     * @return whether all are done
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean awaitAllDoneWithin(Duration limit) {
        return awaitFinish(Objects.requireNonNull(limit));
    }

    private boolean awaitFinish(@Nullable Duration limit) {
        CancelScope.throwIfCancelled();
        WaitingCall<T> waiting;
        core.lock.lock();
        try {
            if (unfinished() == 0) {
                return true;
            }
            waiting = new WaitingCall<>(ALL_DONE, null);
            finishers.add(waiting);
        } finally {
            core.lock.unlock();
        }
        return finishers.await(waiting, limit, core.lock);
    }

    /** Under the lock. */
    private long unfinished() {
        return core.exchange.accepted() - core.exchange.done;
    }

    /** Under the lock. */
    private void tellFinishers() {
        if (unfinished() == 0) {
            finishers.wakeAll();
        }
    }

    // ---- ending ----

    /**
     * Takes no more elements. What is in it can still be taken, and counts until it is done; calls that wait for room
     * get a ClosedException. Idempotent.
     */
    @Override
    public void close() {
        core.close();
    }

    /** Closes it and throws away what is in it, which counts as done. Idempotent. */
    public void abort() {
        core.lock.lock();
        try {
            core.abort();
            tellFinishers();
        } finally {
            core.lock.unlock();
        }
    }

    /**
     * Closes it because of a failure: as {@link #close}, but who takes or puts gets a ClosedException with this cause,
     * and so do iterations, which do not just end. Does nothing if the queue is closed.
     */
    public void fail(Throwable cause) {
        core.fail(cause);
    }

    /** Whether it takes no more elements; there may still be some to take. */
    public boolean isClosed() {
        return core.isEnded();
    }

    // ---- facts ----

    /**
     * The queue for code that knows {@code java.util.concurrent} only; see {@link Channel#asBlockingQueue}. What is
     * removed through it in any way counts as taken.
     */
    public BlockingQueue<T> asBlockingQueue() {
        return new BlockingView<>(core);
    }

    public QueueStatistics statistics() {
        return statistics(core);
    }

    private static QueueStatistics statistics(ChannelCore<?> core) {
        return core.underLock(state -> new Statistics(
                state.capacity,
                state.buffer.size(),
                state.accepted() - state.done,
                state.senders.size(),
                state.receivers.size(),
                state.ending() != null));
    }

    @Override
    public String toString() {
        return core.toString();
    }

    /** What the statistics are, at one moment. */
    record Statistics(int capacity, int size, long unfinished, int waitingPutters, int waitingTakers,
            boolean closed) implements QueueStatistics {}
}
