package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.sync.BarrierStatistics;

/**
 * A place where a fixed number of tasks or threads of any processes wait for each other, again and again: {@link
 * dev.heddle.sync.Barrier} for processes.
 *
 * <pre>{@code
 * SharedBarrier round = manager.barrier(4);
 * for (Part part : parts) {                  // four of them
 *     JvmProcess.spawn(() -> { while (part.compute()) { round.await(); } });
 * }
 * }</pre>
 *
 * <p>A call that is cancelled while it waits, or whose process ends, breaks it, because the others would wait for ever
 * for a number that cannot be reached.
 *
 * <p>Threads: any task or thread of any process. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled wait breaks the barrier.
 */
public interface SharedBarrier {

    /**
     * Arrives, and waits until all have.
     *
     * <p>Cancellation: a call that is cancelled while it waits breaks the barrier. One that was cancelled before has
     * not arrived and breaks nothing.
     *
     * @return how many had arrived in this round before, from 0
     * @throws BrokenException if the barrier is or becomes broken, or is reset while waiting
     * @throws ClosedException if the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    int await();

    /** Breaks it: waiting calls and later ones get a BrokenException, until {@link #reset}. Prompt. */
    @NonBlocking
    void abort();

    /**
     * Makes it empty and whole again. Calls that wait get a BrokenException; later ones wait for each other. Prompt.
     */
    @NonBlocking
    void reset();

    /** Whether it was aborted or a wait failed, and it was not reset since. Prompt. */
    @NonBlocking
    boolean isBroken();

    /** Its state. Prompt. */
    @NonBlocking
    BarrierStatistics statistics();
}
