package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.sync.ConditionStatistics;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * A condition variable for processes, {@link dev.heddle.sync.Condition}: what the holder of a {@link SharedMutex} waits
 * for when the state that the mutex guards is not yet as it must be.
 *
 * <p>Waiting lets go of the mutex and takes it again, in the order of asking, before it returns.
 *
 * <p>Threads: the task or thread that holds the mutex. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled wait has used up no signal and holds the mutex again, for which it waits as if shielded.
 */
public interface SharedCondition {

    /**
     * Lets go of the mutex, waits for a signal, and takes the mutex again.
     *
     * <p>Cancellation: a cancelled call has used up no signal and holds the mutex.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws BrokenException if the holder of the mutex ended without releasing it; the caller does not hold it then
     * @throws ClosedException if the manager is closed
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    void await();

    /**
     * Lets go of the mutex, waits for a signal, but not longer than told, and takes the mutex again, however long that
     * takes; otherwise as {@link #await}.
     *
     * @return whether there was a signal in time; if not, none was used up
     */
    boolean awaitWithin(Duration limit);

    /**
     * Waits until a test of the state says yes; asks it at once, and after each signal. It runs in the caller, which
     * holds the mutex meanwhile; otherwise as {@link #await}.
     */
    default void awaitUntil(BooleanSupplier test) {
        Objects.requireNonNull(test);
        while (!test.getAsBoolean()) {
            await();
        }
    }

    /**
     * Wakes the longest waiting call, if there is one. Prompt.
     *
     * @throws BrokenException if the mutex is broken, so that the caller does not hold it
     * @throws IllegalStateException if the caller does not hold the mutex
     */
    @NonBlocking
    void signal();

    /** Wakes all waiting calls, as {@link #signal}. Prompt. */
    @NonBlocking
    void signalAll();

    /** Its state. Prompt. */
    @NonBlocking
    ConditionStatistics statistics();
}
