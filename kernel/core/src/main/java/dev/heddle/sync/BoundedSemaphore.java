package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A semaphore: a fixed number of permits, so many may be in at the same time.
 *
 * <pre>{@code
 * BoundedSemaphore tables = BoundedSemaphore.of(3);
 * tables.run(() -> dine());
 * }</pre>
 *
 * <p>{@link Semaphore} works between tasks as well. This one is fair, and refuses a release that nobody acquired, which
 * otherwise silently lets in one more for ever. Who acquires need not be who releases, so a permit has no owner whose
 * end would give it back. To have that, or the number changed, use a {@link ConcurrencyLimiter}.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has no permit.
 */
public final class BoundedSemaphore implements Permits {

    private static final PartKind<BoundedSemaphore> KIND = PartKind.<BoundedSemaphore, SemaphoreStatistics>of(
            "semaphore", BoundedSemaphore::statistics,
            (part, figures) -> 1 - PartKind.share(figures.available(), figures.permits()))
            .titled(semaphore -> semaphore.name)
            .detailed(semaphore -> semaphore.waiting.detail());

    private final ReentrantLock lock = new ReentrantLock();
    private final String name;
    private final ParkedCalls waiting;
    private final int permits;
    private int available;

    private BoundedSemaphore(String name, int permits) {
        Checks.atLeast("permits", permits, 1);
        this.name = name;
        this.permits = permits;
        this.available = permits;
        this.waiting = new ParkedCalls(lock, "acquiring " + name);
        waiting.show(KIND, this);
    }

    /**
     * Makes a semaphore with all permits available.
     *
     * @param permits how many may be in at the same time, at least 1
     */
    public static BoundedSemaphore of(int permits) {
        return new BoundedSemaphore("a semaphore", permits);
    }

    /** Makes a semaphore with a name that shows in reports and failures. */
    public static BoundedSemaphore named(String name, int permits) {
        return new BoundedSemaphore("semaphore " + Objects.requireNonNull(name), permits);
    }

    /**
     * Takes a permit, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has no permit.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    @Override
    public void acquire() {
        CancelScope.throwIfCancelled();
        Parked call = acquireOrPark();
        if (call != null) {
            waiting.await(call);
        }
    }

    /**
     * Takes a permit, waiting while there is none, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has no permit.
     *
     * @param limit zero or less only tries
     * @return whether the caller has a permit
     * @throws CancelledException if the enclosing scope is cancelled
     */
    @Override
    public boolean acquireWithin(Duration limit) {
        Objects.requireNonNull(limit);
        CancelScope.throwIfCancelled();
        Parked call = acquireOrPark();
        return call == null || waiting.awaitWithin(call, limit);
    }

    /** Takes a permit if there is one; whether there was. */
    @Override
    public boolean tryAcquire() {
        lock.lock();
        try {
            return acquireNow();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a permit to the longest waiting call, or back.
     *
     * @throws IllegalStateException if all permits are back already
     */
    @Override
    public void release() {
        lock.lock();
        try {
            if (available == permits) {
                throw new IllegalStateException(name + " was released more often than acquired: all " + permits
                        + " permits are back already");
            }
            if (waiting.wakeFirst() == null) {
                available++;
            }
        } finally {
            lock.unlock();
        }
    }

    public SemaphoreStatistics statistics() {
        lock.lock();
        try {
            return new Statistics(permits, available, waiting.size());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return name + " of " + permits;
    }

    /** Null with a permit; else the call waits. */
    private @Nullable Parked acquireOrPark() {
        lock.lock();
        try {
            return acquireNow() ? null : waiting.add();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. Nobody waits while a permit is available, so this passes nobody by. */
    private boolean acquireNow() {
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /** What the statistics are, at one moment. */
    record Statistics(int permits, int available, int waiting) implements SemaphoreStatistics {}
}
