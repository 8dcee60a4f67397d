package dev.heddle.process.shared;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.sync.Permits;
import dev.heddle.sync.SemaphoreStatistics;
import java.time.Duration;

/**
 * A semaphore for processes, {@link dev.heddle.sync.BoundedSemaphore}: a fixed number of permits for all of them.
 *
 * <pre>{@code
 * SharedSemaphore licences = manager.semaphore(3);
 * JvmProcess.spawn(() -> licences.run(() -> simulate(model)));
 * }</pre>
 *
 * <p>Who acquires need not be who releases. The permits of a process come back when it ends: those that it acquired
 * more than it released.
 *
 * <p>Threads: any task or thread of any process. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has no permit.
 */
public interface SharedSemaphore extends Permits {

    /**
     * Takes a permit, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has no permit.
     *
     * @throws ClosedException if the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    @Override
    void acquire();

    /**
     * Takes a permit, waiting while there is none, but not longer than told; otherwise as {@link #acquire}.
     *
     * @param limit zero or less only tries
     * @return whether the caller has a permit
     */
    @Override
    boolean acquireWithin(Duration limit);

    /** Takes a permit if there is one; whether there was. Prompt. */
    @Override
    @NonBlocking
    boolean tryAcquire();

    /**
     * Gives a permit to the longest waiting call, or back. Prompt.
     *
     * @throws IllegalStateException if all permits are back already
     */
    @Override
    @NonBlocking
    void release();

    /** Its state. Prompt. */
    @NonBlocking
    SemaphoreStatistics statistics();
}
