package dev.heddle;

import dev.heddle.internal.UserWords;
import dev.heddle.internal.WaitLine;
import dev.heddle.internal.diagnosis.WaitTexts;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A line of waiting calls, first come, first served: what locks, pools and queues of one's own are made of.
 *
 * <pre>{@code
 * final class Places {
 *     private final ParkingLot waiting = new ParkingLot("a free place");
 *     private int free = 10;
 *
 *     void take() {
 *         if (free > 0) {
 *             free--;
 *         } else {
 *             waiting.park();              // whoever gives a place back hands it over: free stays 0
 *         }
 *     }
 *
 *     void give() {
 *         if (!waiting.unpark()) {
 *             free++;
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A lot keeps no wakes: unparking where nobody waits does nothing. A wake is one atomic step against the call's
 * cancel, so a call was either passed over or returns with what it was given, even if a cancel comes in that moment.
 *
 * <p>Threads: one made without a lock is for the tasks and callbacks of one loop. One made with a lock is for any task
 * or thread that holds the lock; like {@link java.util.concurrent.locks.Condition}, parking gives the lock back while
 * it waits and has it again when it returns or throws. The lock is held once, not twice by the same thread.
 *
 * <p>Cancellation: a cancelled call is out of the lot.
 *
 * <p>To test code that uses it, run it in the simulator.
 */
public final class ParkingLot {

    private final Object what;
    private final @Nullable Lock lock;
    private final WaitLine<Parked> line = new WaitLine<>();

    /** How many more calls are to wait before others see it, if it is a user's; 0 for nothing left to do. */
    private int unseenCalls = Parts.callsUntilSeen();

    /**
     * Makes a lot for one loop.
     *
     * @param what what the calls wait for, as its {@code toString()} reads in a report; a {@link HeldResource} also
     *     names who could end the wait
     */
    public ParkingLot(Object what) {
        this.what = Objects.requireNonNull(what);
        this.lock = null;
    }

    /**
     * Makes a lot for several threads.
     *
     * @param what as {@link #ParkingLot(Object)} has it
     * @param lock guards the lot and what its calls wait for
     */
    public ParkingLot(Object what, Lock lock) {
        this.what = Objects.requireNonNull(what);
        this.lock = Objects.requireNonNull(lock);
    }

    // ---- waiting ----

    /**
     * Waits until unparked, behind those who came before.
     *
     * <p>Cancellation: a cancelled call is out of the lot.
     *
     * @throws CancelledException if the enclosing scope is cancelled, or a thread that is no task is interrupted
     */
    public void park() {
        Parked call = enter();
        try {
            call.waiter.await();
        } finally {
            leave(call);
        }
    }

    /**
     * Waits until unparked, but not longer than told.
     *
     * <p>Cancellation: a cancelled call, and one whose time has passed, is out of the lot.
     *
     * @param limit zero or less does not wait
     * @return whether it was unparked
     * @throws CancelledException if the enclosing scope is cancelled, or a thread that is no task is interrupted
     */
    public boolean parkWithin(Duration limit) {
        Objects.requireNonNull(limit);
        Parked call = enter();
        try {
            return call.waiter.awaitWithin(limit) || !call.waiter.cancel();
        } finally {
            leave(call);
        }
    }

    /** Waits until unparked whatever happens; a cancel or an interrupt is told once. */
    void parkDespiteCancel(Runnable onCancel) {
        Parked call = enter();
        try {
            call.waiter.awaitDespiteCancel(onCancel);
        } finally {
            leave(call);
        }
    }

    private Parked enter() {
        Parked call = line.add(new Parked(new Waiter(what)));
        if (unseenCalls > 0 && --unseenCalls == 0) {
            Parts.addIfUsers(Shown.KIND, this);
        }
        if (lock != null) {
            lock.unlock();
        }
        return call;
    }

    private void leave(Parked call) {
        if (lock != null) {
            lock.lock();
        }
        line.remove(call);
    }

    // ---- waking ----

    /**
     * Wakes the call that waits longest. Never waits.
     *
     * @return whether there was one
     */
    public boolean unpark() {
        return line.wakeFirst() != null;
    }

    /**
     * Wakes the calls that wait longest. Never waits.
     *
     * @param max how many at most
     * @return how many there were
     */
    public int unpark(int max) {
        int woken = 0;
        while (woken < max && unpark()) {
            woken++;
        }
        return woken;
    }

    /**
     * Wakes all calls. Never waits.
     *
     * @return how many there were
     */
    public int unparkAll() {
        return line.wakeAll();
    }

    // ---- facts ----

    /** Whether nobody waits; somebody cancelled counts until he has left. */
    public boolean isEmpty() {
        return line.isEmpty();
    }

    public ParkingLotStatistics statistics() {
        return new Statistics(line.size());
    }

    /** Who could end the wait of the first call, and how long that has waited. As of a moment ago. */
    private PartDetail detail() {
        List<Thread> holders = what instanceof HeldResource held ? held.holders() : List.of();
        return new PartDetail(
                holders.stream()
                        .limit(PartDetail.MAX_HOLDERS)
                        .map(thread -> PartDetail.Holder.of(WaitTexts.who(thread), thread, -1))
                        .toList(),
                waitedNanos());
    }

    /** How long the first call has waited; -1 if there is none, or it is not known. Any thread. */
    long waitedNanos() {
        Parked first = line.first();
        return PartDetail.waited(first == null ? null : first.waiter);
    }

    /** What the calls wait for, and how many there are. */
    @Override
    public String toString() {
        return line.size() + " waiting for " + what;
    }

    private static final class Parked extends WaitLine.Call<Parked> {
        Parked(Waiter waiter) {
            super(waiter);
        }
    }

    /** Loaded when the first lot of a user is shown: each program has lots of its loops, and few have others. */
    private static final class Shown {
        static final PartKind<ParkingLot> KIND = PartKind.later(
                () -> PartKind.<ParkingLot>of("parking lot", ParkingLot::statistics)
                        .named(lot -> UserWords.of(lot.what))
                        .detailed(ParkingLot::detail));

        private Shown() {}
    }

    /** What the statistics are, at one moment. */
    record Statistics(int waiting) implements ParkingLotStatistics {}
}
