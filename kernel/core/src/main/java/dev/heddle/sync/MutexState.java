package dev.heddle.sync;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.Holders;
import dev.heddle.internal.Holds;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link Mutex}: who holds it, who waits for it, and whether the holder is alive.
 *
 * <p>The end of a task that holds it is told to it, and of a body on a worker. A thread that is neither has no such
 * call, so those who wait for one look every second whether it is alive; those who wait for a condition do not, since
 * they cannot know who will hold it. Who must look is known when a call joins the line, for it only ever waits for those
 * before it. So tasks that share a mutex among themselves wait without timers, and a simulation sees that nothing can
 * happen any more.
 */
final class MutexState implements Holds.Held {

    private static final PartKind<MutexState> KIND = PartKind.<MutexState, MutexStatistics>of(
            "mutex", MutexState::seen, (part, figures) -> figures.held() ? 1 : 0)
            .titled(mutex -> mutex.name)
            .detailed(mutex -> mutex.waiting.detail());

    final ReentrantLock lock = new ReentrantLock();
    final String name;
    private final ParkedCalls waiting;

    /** Written under the lock; reports read it without. */
    private volatile @Nullable Thread holder;

    private @Nullable Broken broken;

    /** The lots of conditions in which somebody may wait: without a living holder, nobody would ever wake them. */
    private final Set<ParkedCalls> conditions = new LinkedHashSet<>(2);

    /** Whether a thread that is no task is before the end of the line; means something only while somebody waits. */
    private boolean threadsAhead;

    MutexState(String name) {
        this.name = name;
        this.waiting = new ParkedCalls(lock, "acquiring " + name, this::holders, this);
        waiting.show(KIND, this);
    }

    boolean tryAcquire() {
        lock.lock();
        try {
            return acquireNow();
        } finally {
            lock.unlock();
        }
    }

    boolean acquireWithin(Duration limit) {
        Parked call;
        lock.lock();
        try {
            if (acquireNow()) {
                return true;
            }
            call = park();
        } finally {
            lock.unlock();
        }
        boolean acquired = waiting.await(call, limit, this::look);
        if (acquired) {
            Holds.add(this);
        }
        return acquired;
    }

    /** Acquires it after a wait for a condition, cancelled or not; a thread's interrupt is kept for later. */
    void acquireAgain(Parked call, ParkedCalls condition) {
        lock.lock();
        try {
            if (condition.size() == 0) {
                conditions.remove(condition);
            }
            if (call.broken != null || acquireNow()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        acquireDespiteCancel();
    }

    private void acquireDespiteCancel() {
        if (Task.ofThread(Thread.currentThread()).isPresent()) {
            Heddle.shield(() -> {
                acquireWithin(ParkedCalls.FOREVER);
            });
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            while (!acquireUnlessInterrupted()) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean acquireUnlessInterrupted() {
        try {
            return acquireWithin(ParkedCalls.FOREVER);
        } catch (CancelledException e) {
            return false;
        }
    }

    void release() {
        lock.lock();
        try {
            requireHolder();
            handOver();
        } finally {
            lock.unlock();
        }
    }

    /** Releases it and in the same step parks the caller in the lot of a condition. */
    Parked releaseAndPark(ParkedCalls condition) {
        lock.lock();
        try {
            requireHolder();
            conditions.add(condition);
            Parked call = condition.add();
            handOver();
            return call;
        } finally {
            lock.unlock();
        }
    }

    void repair() {
        lock.lock();
        try {
            breakIfHolderEnded();
            broken = null;
        } finally {
            lock.unlock();
        }
    }

    @Nullable Thread holder() {
        lock.lock();
        try {
            breakIfHolderEnded();
            return holder;
        } finally {
            lock.unlock();
        }
    }

    MutexStatistics statistics() {
        lock.lock();
        try {
            breakIfHolderEnded();
            return seen();
        } finally {
            lock.unlock();
        }
    }

    /** The same as it stands: who only looks on breaks nothing. */
    private MutexStatistics seen() {
        lock.lock();
        try {
            return new Statistics(holder != null, waiting.size(), broken != null);
        } finally {
            lock.unlock();
        }
    }

    private List<Thread> holders() {
        Thread held = holder;
        return held == null ? List.of() : List.of(held);
    }

    @Override
    public String toString() {
        Thread held = holder;
        return name + (held == null ? ", not held" : ", held by " + Holders.name(held));
    }

    // ---- under the lock ----

    /** Whether the caller holds it now; if not, somebody else does. */
    private boolean acquireNow() {
        breakIfHolderEnded();
        if (broken != null) {
            throw broken.exception();
        }
        Thread caller = Thread.currentThread();
        if (holder == caller) {
            throw new IllegalStateException(name + " is held by its caller, " + Holders.name(caller)
                    + ", already: it is not re-entrant, so the wait would never end");
        }
        if (holder != null) {
            return false;
        }
        holder = caller;
        Holds.add(this);
        return true;
    }

    private Parked park() {
        if (waiting.size() == 0) {
            threadsAhead = Task.ofThread(Objects.requireNonNull(holder)).isEmpty();
        }
        Parked call = waiting.add();
        call.mustLook = threadsAhead;
        if (Task.ofThread(call.thread).isEmpty()) {
            threadsAhead = true;
        }
        return call;
    }

    private void handOver() {
        Holds.remove(this);
        Parked next = waiting.wakeFirst();
        holder = next == null ? null : next.thread;
        breakIfHolderEnded(); // one that its loop has left behind has been woken in vain
    }

    /** Checks that the caller holds it. */
    void requireHolder() {
        if (holder == Thread.currentThread()) {
            return;
        }
        breakIfHolderEnded();
        if (broken != null) {
            throw broken.exception();
        }
        Thread held = holder;
        throw new IllegalStateException("only its holder may do this with " + name + ": it is "
                + (held == null ? "not held" : "held by " + Holders.name(held)) + ", the caller is "
                + Holders.name(Thread.currentThread()));
    }

    private void breakIfHolderEnded() {
        Thread held = holder;
        if (held != null && Holders.hasEnded(held)) {
            breakAfter(Holders.name(held));
        }
    }

    private void breakAfter(String ended) {
        broken = new Broken(name + " is broken: " + ended + " ended without releasing it", null);
        holder = null;
        waiting.breakAll(broken);
        for (ParkedCalls condition : conditions) {
            condition.breakAll(broken);
        }
    }

    // ---- the end of a holder ----

    private void look() {
        lock.lock();
        try {
            breakIfHolderEnded();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void holderEnded(Thread thread, boolean goesOn) {
        lock.lock();
        try {
            if (holder == thread) {
                breakAfter(Holders.ended(thread, goesOn));
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(boolean held, int waiting, boolean broken) implements MutexStatistics {}
}
