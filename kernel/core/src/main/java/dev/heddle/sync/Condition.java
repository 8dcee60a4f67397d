package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * A condition variable: what the holder of a {@link Mutex} waits for when the state that the mutex guards is not yet as
 * it must be.
 *
 * <pre>{@code
 * Condition notEmpty = mutex.newCondition();
 * mutex.run(() -> {
 *     notEmpty.awaitUntil(() -> !dishes.isEmpty());
 *     return dishes.remove();
 * });
 * }</pre>
 *
 * <p>Waiting lets go of the mutex and takes it again, in the order of asking, before it returns. Meanwhile others may
 * have changed the state once more, so look again: {@link #awaitUntil} does. There are no wake-ups without a signal.
 *
 * <p>When a task that holds the mutex ends without releasing it, waiting calls fail at once. The end of a thread that
 * is no task is noticed when somebody next asks for the mutex.
 *
 * <p>Threads: the task or thread that holds the mutex. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled wait has used up no signal and holds the mutex again, for which it waits as if shielded.
 */
public final class Condition {

    private static final PartKind<Condition> KIND = PartKind.<Condition>of("condition", Condition::statistics)
            .named(condition -> condition.mutex.name)
            .detailed(condition -> condition.waiting.detail());

    private final MutexState mutex;
    private final ParkedCalls waiting;

    Condition(MutexState mutex) {
        this.mutex = mutex;
        this.waiting = new ParkedCalls(mutex.lock, "waiting for a condition of " + mutex.name);
        waiting.show(KIND, this);
    }

    /**
     * Lets go of the mutex, waits for a signal, and takes the mutex again.
     *
     * <p>Cancellation: a cancelled call has used up no signal and holds the mutex.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws BrokenException if the holder of the mutex ended without releasing it; the caller does not hold it then
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    public void await() {
        CancelScope.throwIfCancelled();
        Parked call = mutex.releaseAndPark(waiting);
        try {
            waiting.await(call);
        } finally {
            mutex.acquireAgain(call, waiting);
        }
    }

    /**
     * Lets go of the mutex, waits for a signal, but not longer than told, and takes the mutex again, however long that
     * takes.
     *
     * <p>Cancellation: a cancelled call has used up no signal and holds the mutex.
     *
     * @return whether there was a signal in time; if not, none was used up
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws BrokenException if the holder of the mutex ended without releasing it; the caller does not hold it then
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    public boolean awaitWithin(Duration limit) {
        Objects.requireNonNull(limit);
        CancelScope.throwIfCancelled();
        Parked call = mutex.releaseAndPark(waiting);
        try {
            return waiting.awaitWithin(call, limit);
        } finally {
            mutex.acquireAgain(call, waiting);
        }
    }

    /**
     * Waits until a test of the state says yes; asks it at once, and after each signal. The mutex is held while it is
     * asked.
     *
     * <p>Cancellation: a cancelled call holds the mutex.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws BrokenException if the holder of the mutex ended without releasing it; the caller does not hold it then
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    public void awaitUntil(BooleanSupplier test) {
        Objects.requireNonNull(test);
        CancelScope.throwIfCancelled();
        requireHolder();
        while (!test.getAsBoolean()) {
            await();
        }
    }

    /**
     * Wakes the longest waiting call, if there is one.
     *
     * @throws BrokenException if the mutex is broken, so that the caller does not hold it
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    public void signal() {
        mutex.lock.lock();
        try {
            mutex.requireHolder();
            waiting.wakeFirst();
        } finally {
            mutex.lock.unlock();
        }
    }

    /**
     * Wakes all waiting calls.
     *
     * @throws BrokenException if the mutex is broken, so that the caller does not hold it
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    public void signalAll() {
        mutex.lock.lock();
        try {
            mutex.requireHolder();
            waiting.wakeAll();
        } finally {
            mutex.lock.unlock();
        }
    }

    private void requireHolder() {
        mutex.lock.lock();
        try {
            mutex.requireHolder();
        } finally {
            mutex.lock.unlock();
        }
    }

    public ConditionStatistics statistics() {
        mutex.lock.lock();
        try {
            return new Statistics(waiting.size());
        } finally {
            mutex.lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "condition of " + mutex.name;
    }

    /** What the statistics are, at one moment. */
    record Statistics(int waiting) implements ConditionStatistics {}
}
