package dev.heddle.sync;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.internal.Throwables;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A lock, a permit or a token: what a task or thread acquires, has while it does something, and releases.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has acquired nothing.
 */
public interface Permits {

    /**
     * Waits until the calling task or thread has it, and {@linkplain #release releases} it in the end. {@link
     * #run(Action)} does both.
     *
     * <p>Cancellation: a cancelled call has acquired nothing.
     *
     * @throws BrokenException if it is a lock whose holder ended without releasing it, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the caller has it already, where one may have it only once
     */
    void acquire();

    /**
     * Waits until the caller has it, but not longer than told; otherwise as {@link #acquire}.
     *
     * @param limit zero or less only tries
     * @return whether the caller has it now
     */
    boolean acquireWithin(Duration limit);

    /** Acquires it if that needs no waiting; whether the caller has it now. */
    boolean tryAcquire();

    /**
     * Gives it to the longest waiting call, or back.
     *
     * @throws IllegalStateException if it was not acquired
     */
    void release();

    /**
     * Runs a body that has it, and gives the body's result.
     *
     * <p>Cancellation: as {@link #acquire} until it is acquired, then as the body; it is released in any case.
     *
     * @return the result; a failure of the body is thrown, a checked one as the cause of a {@link
     *     dev.heddle.TaskFailedException}
     */
    default <T> T run(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        acquire();
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            try {
                release();
            } catch (RuntimeException failed) {
                e.addSuppressed(failed);
            }
            throw Throwables.unchecked(e);
        }
        release();
        return result;
    }

    /** Runs a body without a result that has it. */
    default void run(Action body) {
        Objects.requireNonNull(body);
        run(() -> {
            body.run();
            return Boolean.TRUE;
        });
    }
}
