package dev.heddle.sync;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Holders;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.PartKind;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A place where a fixed number of tasks or threads wait for each other, again and again.
 *
 * <pre>{@code
 * Barrier round = Barrier.of(3, () -> publish());
 * group(g -> {
 *     for (Part part : parts) {                  // three of them
 *         g.spawn(() -> { while (part.compute()) { round.await(); } });
 *     }
 * });
 * }</pre>
 *
 * <pre>
 *                 ┌──────── all released, next round ◀────────┐
 *                 ▼                                           │
 *   ┌────────▶ FILLING ──last one arrives──▶ ACTION RUNS ─────┘
 *   │             │                            │
 *   │          abort, a cancelled wait      abort, a cancelled wait, a failed action
 *   │             └──────────────┬─────────────┘
 *   └─────────reset────────── BROKEN        waiting and later calls get a BrokenException
 * </pre>
 *
 * <p>One that is cancelled while it waits breaks the barrier, because the others would wait for ever for a number that
 * cannot be reached. {@link CyclicBarrier} works between tasks as well; this one tells each caller why it is broken,
 * and its action may wait.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled wait breaks the barrier.
 */
public final class Barrier {

    private static final PartKind<Barrier> KIND = PartKind.<Barrier, BarrierStatistics>of(
            "barrier", Barrier::statistics, (part, figures) -> PartKind.share(figures.arrived(), figures.parties()))
            .titled(barrier -> barrier.name)
            .detailed(barrier -> barrier.waiting.detail());

    /** The index of one that came while an action was running. */
    private static final int EARLY = -1;

    private static final Action NOTHING = () -> {};

    private final ReentrantLock lock = new ReentrantLock();
    private final String name;
    private final int parties;
    private final Action action;

    /** Who has arrived in this round. */
    private final ParkedCalls waiting;

    /** Who came while the action of the last round was running, and is not counted yet. */
    private final ParkedCalls entering;

    private int arrived;

    /** Counts the fillings, whatever their end. */
    private long round;

    private boolean acting;
    private @Nullable Broken broken;

    private Barrier(String name, int parties, Action action) {
        Checks.atLeast("parties", parties, 1);
        this.name = name;
        this.parties = parties;
        this.action = Objects.requireNonNull(action);
        this.waiting = new ParkedCalls(lock, "waiting for the others at " + name);
        this.entering = new ParkedCalls(lock, "waiting for the action of " + name);
        waiting.show(KIND, this);
    }

    /**
     * Makes a barrier.
     *
     * @param parties how many wait for each other, at least 1
     */
    public static Barrier of(int parties) {
        return of(parties, NOTHING);
    }

    /**
     * Makes a barrier with an action that the last one to arrive runs, before all are released. It may wait.
     *
     * @param parties how many wait for each other, at least 1
     */
    public static Barrier of(int parties, Action action) {
        return new Barrier("a barrier", parties, action);
    }

    /** Makes a barrier with a name that shows in reports and failures. */
    public static Barrier named(String name, int parties) {
        return named(name, parties, NOTHING);
    }

    /** Makes a barrier with an action, and a name that shows in reports and failures. */
    public static Barrier named(String name, int parties, Action action) {
        return new Barrier("barrier " + Objects.requireNonNull(name), parties, action);
    }

    /**
     * Arrives, and waits until all have.
     *
     * <p>Cancellation: a call that is cancelled while it waits breaks the barrier. One that was cancelled before has
     * not arrived and breaks nothing.
     *
     * @return how many had arrived in this round before, from 0
     * @throws BrokenException if the barrier is or becomes broken, or is reset while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws RuntimeException what the action threw, to the last one to arrive; a checked exception as the cause of a
     *     {@link dev.heddle.TaskFailedException}
     */
    public int await() {
        CancelScope.throwIfCancelled();
        Arrival mine = arrive();
        while (mine.isEarly()) {
            entering.await(mine.place());
            CancelScope.throwIfCancelled();
            mine = arrive();
        }
        if (mine.isLast()) {
            act(mine);
        } else {
            awaitOthers(mine);
        }
        return mine.index;
    }

    /** Breaks it: waiting calls and later ones get a BrokenException, until {@link #reset}. */
    public void abort() {
        lock.lock();
        try {
            breakNow("it was aborted by " + Holders.name(Thread.currentThread()), null);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes it empty and whole again. Calls that wait get a BrokenException; later ones wait for each other. While the
     * action runs, those who wait for its round get the exception at once, the one that runs it after its end, and
     * later ones wait for that end.
     */
    public void reset() {
        lock.lock();
        try {
            endRound();
            waiting.breakAll(new Broken(name + " was reset by " + Holders.name(Thread.currentThread()), null));
            broken = null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was aborted or a wait or the action failed, and it was not reset since. */
    public boolean isBroken() {
        lock.lock();
        try {
            return broken != null;
        } finally {
            lock.unlock();
        }
    }

    public BarrierStatistics statistics() {
        lock.lock();
        try {
            return new Statistics(parties, arrived, broken != null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return name + " of " + parties;
    }

    // ---- arriving ----

    private Arrival arrive() {
        lock.lock();
        try {
            if (broken != null) {
                throw broken.exception();
            }
            if (acting) {
                return new Arrival(EARLY, round, entering.add());
            }
            int index = arrived++;
            acting = arrived == parties;
            return new Arrival(index, round, acting ? null : waiting.add());
        } finally {
            lock.unlock();
        }
    }

    private void awaitOthers(Arrival mine) {
        Parked place = mine.place();
        try {
            waiting.await(place);
        } finally {
            if (!place.waiter.isCompleted()) {
                cancelled(mine);
            }
        }
    }

    private void cancelled(Arrival mine) {
        lock.lock();
        try {
            if (round == mine.round) {
                breakNow(Holders.name(Thread.currentThread()) + " was cancelled while it waited", null);
            }
        } finally {
            lock.unlock();
        }
    }

    private void act(Arrival mine) {
        Throwable failure = null;
        try {
            action.run();
        } catch (Throwable e) {
            failure = e;
        }
        RuntimeException broke;
        lock.lock();
        try {
            broke = afterAction(mine, failure);
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            throw Throwables.unchecked(failure);
        }
        if (broke != null) {
            throw broke;
        }
    }

    // ---- under the lock ----

    /** Ends the round of an action; why it did not end well, or null. */
    private @Nullable RuntimeException afterAction(Arrival mine, @Nullable Throwable failure) {
        acting = false;
        entering.wakeAll();
        if (round != mine.round) {
            return broken != null ? broken.exception() : new BrokenException(name + " was reset during its action");
        }
        if (failure != null) {
            return breakNow("its action failed", failure).exception();
        }
        endRound();
        waiting.wakeAll();
        return null;
    }

    /** The first reason stays. */
    private Broken breakNow(String why, @Nullable Throwable cause) {
        if (broken == null) {
            broken = new Broken(name + " is broken: " + why, cause);
        }
        endRound();
        waiting.breakAll(broken);
        entering.breakAll(broken);
        return broken;
    }

    private void endRound() {
        round++;
        arrived = 0;
    }

    /** One that has come: counted and last, counted and waiting, or early. */
    private record Arrival(int index, long round, @Nullable Parked parked) {

        boolean isEarly() {
            return index == EARLY;
        }

        boolean isLast() {
            return parked == null;
        }

        Parked place() {
            return Objects.requireNonNull(parked);
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int parties, int arrived, boolean broken) implements BarrierStatistics {}
}
