package dev.heddle.sync;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that one task or thread holds at a time, and that is handed over in the order of asking.
 *
 * <pre>{@code
 * Mutex noodles = Mutex.named("noodles");
 * noodles.run(() -> eat());
 * }</pre>
 *
 * <p>Tasks of one loop need it only around a wait: between waits no other task of the loop runs. {@link ReentrantLock}
 * works between tasks as well. This one is fair; it is not re-entrant, so that asking again is an error and never a
 * silent second hold; and a holder that ends without releasing breaks it, where others would wait for ever:
 *
 * <pre>
 *           acquire                 release, with nobody waiting
 *   FREE ───────────▶ HELD ───────────────────────────────────────▶ FREE
 *                     │  └─ release, with others waiting ──▶ HELD by the longest waiting
 *                     └─ the holder ends ──▶ BROKEN ── repair ──▶ FREE
 * </pre>
 *
 * <p>Waiting calls learn at once of the end of a task, of a body on a worker and of a callback; of the end of any other
 * thread within a second. For those who wait for a {@link Condition} see there.
 *
 * <p>Threads: any task of any loop, and platform threads; who acquired it must release it. To test code that uses it,
 * run it in the simulator; a thread outside of the simulation must not hold it there.
 *
 * <p>Cancellation: a cancelled call does not hold it, and the next in line is served as if it had not asked.
 */
public final class Mutex implements Permits {

    private final MutexState state;

    private Mutex(String name) {
        this.state = new MutexState(name);
    }

    /** Makes a mutex that nobody holds. */
    public static Mutex create() {
        return new Mutex("a mutex");
    }

    /** Makes a mutex that nobody holds, with a name that shows in reports and failures. */
    public static Mutex named(String name) {
        return new Mutex("mutex " + Objects.requireNonNull(name));
    }

    /** Makes a condition that holders of this mutex can wait for. */
    public Condition newCondition() {
        return new Condition(state);
    }

    /**
     * Waits until the calling task or thread holds it, which then must {@link #release} it. {@link #run(Action)} does
     * both.
     *
     * <p>Cancellation: a cancelled call does not hold it.
     *
     * @throws BrokenException if a holder ended without releasing it, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    public void acquire() {
        CancelScope.throwIfCancelled();
        state.acquireWithin(ParkedCalls.FOREVER);
    }

    /**
     * Waits until the caller holds it, but not longer than told.
     *
     * <p>Cancellation: a cancelled call does not hold it.
     *
     * @param limit zero or less only tries
     * @return whether the caller holds it now
     * @throws BrokenException as {@link #acquire}
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    public boolean acquireWithin(Duration limit) {
        Objects.requireNonNull(limit);
        CancelScope.throwIfCancelled();
        return state.acquireWithin(limit);
    }

    /**
     * Holds it if nobody else does.
     *
     * @return whether the caller holds it now
     * @throws BrokenException if a holder ended without releasing it
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    public boolean tryAcquire() {
        return state.tryAcquire();
    }

    /**
     * Hands it to the longest waiting call, or leaves it free.
     *
     * @throws BrokenException if it is broken, so that the caller does not hold it
     * @throws IllegalStateException if the caller does not hold it
     */
    @Override
    public void release() {
        state.release();
    }

    /**
     * Makes a broken mutex usable again, free; does nothing to one that is not broken. For who has put in order what
     * the dead holder may have left half done.
     */
    public void repair() {
        state.repair();
    }

    /** Whether a task or thread holds it. */
    public boolean isHeld() {
        return state.holder() != null;
    }

    /** The thread that holds it, which for a task is its virtual thread; empty if it is free or broken. */
    public Optional<Thread> holder() {
        return Optional.ofNullable(state.holder());
    }

    public MutexStatistics statistics() {
        return state.statistics();
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
