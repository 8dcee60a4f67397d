package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.process.CannotTravelException;
import dev.heddle.sync.QueueStatistics;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * A bounded queue between processes that knows when all that was put is done: {@link dev.heddle.sync.WorkQueue} for
 * processes.
 *
 * <pre>{@code
 * SharedQueue<Path> files = manager.queue(100);
 * for (int i = 0; i < 4; i++) {
 *     JvmProcess.spawn(() -> {
 *         for (Path file : files) {
 *             index(file);
 *             files.taskDone();
 *         }
 *     });
 * }
 * files.put(root);
 * files.awaitAllDone();
 * files.close();                             // the workers end
 * }</pre>
 *
 * <p>Elements are encoded by who puts and decoded by who takes; the manager does not look into them. They lie in a ring
 * in memory that all these processes share: a call that need not wait does its work there by itself, others wait in the
 * manager. An element that is too long for the ring waits there too, and keeps its place among the others.
 *
 * <p>Elements come out in the order in which they were put. Waiting calls of all processes are served in the order they
 * came; one that finds room, or an element, at once may overtake those that are just being woken.
 *
 * <p>A process that is killed, wherever it was, has put an element or has not, and never a part of one, and keeps nobody
 * else from going on. One that is stopped (SIGSTOP, a debugger) in the middle of a step may keep others waiting until it
 * goes on: within their limits and deadlines, and a prompt call for 100 ms at most; it then gives what it gives where
 * there is no room, or no element. An {@link #abort} then throws away as soon as that process goes on.
 *
 * <p>An element that a process had taken when it ended, without a {@link #taskDone} for it, is lost: nobody knows how
 * far it got, so it is not given to another. When nothing else is left to be done, {@link #awaitAllDone} says so by a
 * BrokenException instead of waiting for ever. Put again what must be done, and call {@link #repair}.
 *
 * <p>Threads: any task or thread of any process. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has neither put nor taken an element.
 */
public interface SharedQueue<T> extends Iterable<T>, AutoCloseable {

    /**
     * Puts an element, waiting while the queue is full.
     *
     * <p>Cancellation: a cancelled call has not left the element.
     *
     * @throws CannotTravelException if it has something in it that cannot travel
     * @throws ClosedException if the queue or the manager is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    void put(T element);

    /**
     * Puts an element, waiting while the queue is full, but not longer than told; otherwise as {@link #put}.
     *
     * @param limit zero or less does not wait
     * @return whether it was put
     */
    boolean putWithin(T element, Duration limit);

    /** Puts an element if there is room, as {@link #put}; whether there was. Prompt. */
    @NonBlocking
    boolean tryPut(T element);

    /**
     * Takes the next element, waiting while the queue is empty. Call {@link #taskDone} when it is dealt with, if
     * somebody waits for that.
     *
     * <p>Cancellation: a cancelled call has taken no element.
     *
     * @throws ClosedException if the queue is closed and drained, or the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    T take();

    /**
     * Takes the next element, waiting while the queue is empty, but not longer than told; otherwise as {@link #take}.
     *
     * @param limit zero or less does not wait
     * @return the element; empty if the time is over
     */
    Optional<T> takeWithin(Duration limit);

    /** Takes the next element if there is one; empty if not, also when the queue is closed. Prompt. */
    @NonBlocking
    Optional<T> tryTake();

    /** Takes until the queue is closed and drained. {@code hasNext} waits, and takes an element when it says yes. */
    @Override
    default Iterator<T> iterator() {
        return TakenElements.of(this::take, this::isClosed);
    }

    /**
     * Says that an element which was taken is dealt with. Prompt.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    @NonBlocking
    void taskDone();

    /**
     * Waits until each element that was put is done.
     *
     * <p>Cancellation: a cancelled call changes nothing.
     *
     * @throws BrokenException if all that is not done was taken by processes that have ended
     * @throws ClosedException if the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    void awaitAllDone();

    /**
     * Waits until each element that was put is done, but not longer than told; otherwise as {@link #awaitAllDone}.
     *
     * @param limit zero or less only looks
     * @return whether all are done
     */
    boolean awaitAllDoneWithin(Duration limit);

    /**
     * Counts elements as done that are lost with the processes that had taken them. Prompt.
     *
     * @return how many there were
     */
    @NonBlocking
    long repair();

    /**
     * Takes no more elements. What is in it can still be taken, and counts until it is done; calls that wait for room
     * get a ClosedException. Idempotent, prompt.
     */
    @NonBlocking
    @Override
    void close();

    /** Closes it and throws away what is in it, which counts as done. Idempotent, prompt. */
    @NonBlocking
    void abort();

    /** Whether it takes no more elements; there may still be some to take. Prompt. */
    @NonBlocking
    boolean isClosed();

    /** Its state. Prompt. */
    @NonBlocking
    QueueStatistics statistics();
}
