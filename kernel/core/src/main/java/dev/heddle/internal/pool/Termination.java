package dev.heddle.internal.pool;

import dev.heddle.CancelledException;
import dev.heddle.HeldResource;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import dev.heddle.internal.TaskAccess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The end of an executor or a loop, and who waits for it. */
public final class Termination implements HeldResource {

    private static final TaskAccess TASKS = TaskAccess.get();

    private final ReentrantLock lock;
    private final Object what;
    private final BooleanSupplier reached;
    private final Supplier<List<Thread>> holders;
    private final ParkingLot waiting;

    /**
     * @param lock guards what the end depends on
     * @param what for reports
     * @param reached whether it has ended; asked behind the lock
     */
    public Termination(ReentrantLock lock, Object what, BooleanSupplier reached) {
        this(lock, what, reached, List::of);
    }

    /** @param holders the threads that must end before; asked from any thread at any time */
    public Termination(ReentrantLock lock, Object what, BooleanSupplier reached, Supplier<List<Thread>> holders) {
        this.lock = lock;
        this.what = what;
        this.reached = reached;
        this.holders = holders;
        this.waiting = new ParkingLot(this, lock);
    }

    public boolean isReached() {
        lock.lock();
        try {
            return reached.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** Tells those who wait, if it is reached. */
    public void check() {
        lock.lock();
        try {
            if (reached.getAsBoolean()) {
                waiting.unparkAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as {@code ExecutorService.awaitTermination} does.
     *
     * @throws InterruptedException if a thread that is no task is interrupted, as that interface promises
     * @throws CancelledException if the scope of a task is cancelled
     */
    public boolean awaitWithin(long limit, TimeUnit unit) throws InterruptedException {
        TASKS.throwIfCancelledOrInterrupted();
        lock.lock();
        try {
            return reached.getAsBoolean() || waiting.parkWithin(Duration.ofNanos(unit.toNanos(limit)));
        } catch (CancelledException e) {
            if (TASKS.current() == null) {
                Thread.interrupted();
                throw new InterruptedException(e.getMessage());
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Waits however long it takes; a cancel or an interrupt is told and does not end the wait. */
    public void awaitDespiteCancel(Runnable onCancel) {
        lock.lock();
        try {
            if (!reached.getAsBoolean()) {
                TASKS.parkDespiteCancel(waiting, onCancel);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits however long it takes, where a cancel hurries the end: it is then given back. A thread that was interrupted
     * still is.
     *
     * @throws CancelledException if the scope of a task was cancelled meanwhile
     */
    public void awaitHurried(Runnable hurry) {
        var hurried = new AtomicBoolean();
        awaitDespiteCancel(() -> {
            hurried.set(true);
            hurry.run();
        });
        Task<?> task = TASKS.current();
        if (task != null && hurried.get()) {
            throw TASKS.deliverCancel(task);
        }
    }

    @Override
    public List<Thread> holders() {
        return holders.get();
    }

    @Override
    public String toString() {
        return "the end of " + what;
    }
}
