package dev.heddle.process.shared;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.sync.EventStatistics;
import java.time.Duration;

/**
 * A flag that all processes can wait for: {@link dev.heddle.sync.Event} for processes.
 *
 * <pre>{@code
 * SharedEvent ready = manager.event();
 * JvmProcess.spawn(() -> { warmUp(); ready.set(); });
 * ready.await();
 * }</pre>
 *
 * <p>Threads: any task or thread of any process. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call leaves nothing behind.
 */
public interface SharedEvent {

    /** Sets it and wakes everybody who waits for it. Does nothing if it is set. Prompt. */
    @NonBlocking
    void set();

    /** Makes it not set. Who was woken by then stays so. Prompt. */
    @NonBlocking
    void clear();

    /** Whether it is set. Prompt. */
    @NonBlocking
    boolean isSet();

    /**
     * Waits until it is set.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws ClosedException if the manager is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void await();

    /**
     * Waits until it is set, but not longer than told; otherwise as {@link #await}.
     *
     * @param limit zero or less only looks
     * @return whether it was set in time
     */
    boolean awaitWithin(Duration limit);

    /** Its state. Prompt. */
    @NonBlocking
    EventStatistics statistics();
}
