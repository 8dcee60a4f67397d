package dev.heddle.process.shared;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.process.ProcessPool;
import dev.heddle.sync.MutexStatistics;
import dev.heddle.sync.Permits;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock that one task or thread of all processes holds at a time, handed over in the order of asking: {@link
 * dev.heddle.sync.Mutex} for processes.
 *
 * <pre>{@code
 * SharedMutex file = manager.mutex();
 * JvmProcess.spawn(() -> file.run(() -> append(line)));
 * }</pre>
 *
 * <p>It is not re-entrant. If its holder ends without releasing it, it is broken until {@link #repair}: the others are
 * told, and do not wait for ever. The end of a process is noticed at once, and so is that of a body of a {@link
 * ProcessPool}; of a task or thread inside a process, within a second.
 *
 * <p>Threads: any task or thread of any process; who acquired it must release it. To test code that uses it, run it in
 * the simulator.
 *
 * <p>Cancellation: a cancelled call does not hold it, and the next in line is served as if it had not asked.
 */
public interface SharedMutex extends Permits {

    /**
     * Waits until the calling task or thread holds it, which then must {@link #release} it. {@link #run(Action)} does
     * both.
     *
     * <p>Cancellation: a cancelled call does not hold it.
     *
     * @throws BrokenException if a holder ended without releasing it, before or while waiting
     * @throws ClosedException if the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    void acquire();

    /**
     * Waits until the caller holds it, but not longer than told; otherwise as {@link #acquire}.
     *
     * @param limit zero or less only tries
     * @return whether the caller holds it now
     */
    @Override
    boolean acquireWithin(Duration limit);

    /** Holds it if nobody else does, as {@link #acquire}; whether the caller holds it now. Prompt. */
    @Override
    @NonBlocking
    boolean tryAcquire();

    /**
     * Hands it to the longest waiting call, or leaves it free. Prompt.
     *
     * @throws BrokenException if it is broken, so that the caller does not hold it
     * @throws IllegalStateException if the caller does not hold it
     */
    @Override
    @NonBlocking
    void release();

    /**
     * Makes a broken mutex usable again, free; does nothing to one that is not broken. For who has put in order what
     * the dead holder may have left half done. Prompt.
     */
    @NonBlocking
    void repair();

    /** The name of the task or thread that holds it, with its process; empty if it is free or broken. Prompt. */
    @NonBlocking
    Optional<String> holder();

    /** Makes a condition that holders of this mutex can wait for. Prompt. */
    @NonBlocking
    SharedCondition newCondition();

    /** Its state. Prompt. */
    @NonBlocking
    MutexStatistics statistics();
}
