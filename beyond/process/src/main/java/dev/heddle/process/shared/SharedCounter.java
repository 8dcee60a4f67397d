package dev.heddle.process.shared;

/**
 * A number that all processes can change, each change at once: {@link java.util.concurrent.atomic.AtomicLong} for
 * processes.
 *
 * <pre>{@code
 * SharedCounter done = manager.counter();
 * JvmProcess.spawn(() -> { work(); done.incrementAndGet(); });
 * }</pre>
 *
 * <p>Each call asks the manager; for numbers that change all the time use shared memory.
 *
 * <p>Threads: any task or thread of any process. To test code that uses it, run it in the simulator. Cancellation: all
 * calls are prompt, so a cancel does not end them. All throw {@link dev.heddle.ClosedException} if the manager is
 * closed.
 */
public interface SharedCounter {

    @NonBlocking
    long get();

    @NonBlocking
    void set(long value);

    /** Adds, and gives the sum. */
    @NonBlocking
    long addAndGet(long amount);

    /** Adds one, and gives the sum. */
    default long incrementAndGet() {
        return addAndGet(1);
    }

    /** Takes one away, and gives the rest. */
    default long decrementAndGet() {
        return addAndGet(-1);
    }

    /** Sets it if it has a value; whether it had. */
    @NonBlocking
    boolean compareAndSet(long expected, long value);
}
