package dev.heddle.sync;

import dev.heddle.HeldResource;
import dev.heddle.Waiter;
import dev.heddle.internal.Holders;
import dev.heddle.internal.Holds;
import dev.heddle.internal.WaitLine;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for one thing, in the order they came: what the locks, events and barriers here have in common.
 *
 * <p>A synchronizer and its lots are guarded by one lock, held for a few steps, never while waiting. A call that cannot
 * go on adds itself under the lock and awaits after it. Whoever makes the call possible wakes it under the lock, and in
 * the same step changes the state on its behalf: what is handed over never lies about for somebody else to take. Waking
 * is one atomic step against the call's cancel, so a call was either skipped or returns with what it was given.
 *
 * <p>Threads: {@link #add}, the wakes and {@link #size} under the lock, the awaits outside of it, the rest anywhere.
 */
final class ParkedCalls extends WaitLine<Parked> implements HeldResource, Holds.Held {

    /** How often those who wait for a thread of whose end nobody is told look whether it is alive. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** Longer than anybody waits. */
    static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final ReentrantLock lock;
    private final String what;
    private final Supplier<List<Thread>> holders;
    private final Holds.@Nullable Held held;

    /** How many more calls are to wait before the thing is registered; 0 for nothing left to do. */
    private int unseenCalls;

    private @Nullable PartKind<?> kind;
    private @Nullable Object thing;

    /**
     * @param what what the waiting calls do, for reports: {@code acquiring mutex noodles}
     * @param holders who could end the wait, as {@link HeldResource#holders} has it
     * @param held what a woken call holds, and is to be told if its task ends there; null for nothing
     */
    ParkedCalls(ReentrantLock lock, String what, Supplier<List<Thread>> holders, Holds.@Nullable Held held) {
        this.lock = lock;
        this.what = what;
        this.holders = holders;
        this.held = held;
    }

    /** A lot for which nobody knows who will end the wait. */
    ParkedCalls(ReentrantLock lock, String what) {
        this(lock, what, List::of, null);
    }

    /** Lets others see the thing that they wait for, from now on or when some have waited. */
    <T> void show(PartKind<T> what, T waitedFor) {
        kind = what;
        thing = waitedFor;
        unseenCalls = Parts.addSoon(what, waitedFor);
    }

    // ---- under the lock ----

    @Override
    public Parked add(Parked call) {
        if (unseenCalls > 0 && --unseenCalls == 0) {
            showNow(Objects.requireNonNull(kind), thing);
        }
        return super.add(call);
    }

    @SuppressWarnings("unchecked") // they came together
    private static <T> void showNow(PartKind<T> kind, @Nullable Object thing) {
        Parts.addLate(kind, (T) Objects.requireNonNull(thing));
    }

    Parked add() {
        return add(new Parked(new Waiter(this), null));
    }

    Parked addFor(Object borrower) {
        return add(new Parked(new Waiter(this), borrower));
    }

    /** Adds a call whose waiter waits for other things as well. */
    Parked add(Waiter waiter) {
        return add(new Parked(waiter, null));
    }

    /** Wakes all calls and lets them fail. */
    void breakAll(Broken why) {
        for (Parked call = first(); call != null; call = call.next()) {
            call.broken = why;
        }
        wakeAll();
    }

    // ---- outside of the lock ----

    /** Waits until the call is woken. A cancelled call is out of the lot. */
    void await(Parked call) {
        try {
            call.waiter.await();
        } finally {
            leaveUnlessWoken(call);
        }
        throwIfBroken(call);
    }

    /**
     * Waits until the call is woken, but not longer than told. A cancelled call, and one whose time has passed, are out
     * of the lot.
     *
     * @return whether it was woken
     */
    boolean awaitWithin(Parked call, Duration limit) {
        return awaitWithin(call, limit, limit, () -> {});
    }

    /**
     * Waits until the call is woken, but not longer than told, and has a look at the holders again and again if the
     * call must.
     */
    boolean await(Parked call, Duration limit, Runnable look) {
        if (call.mustLook) {
            return limit == FOREVER ? awaitLooking(call, look) : awaitWithin(call, limit, LOOK_EVERY, look);
        }
        if (limit == FOREVER) {
            await(call);
            return true;
        }
        return awaitWithin(call, limit);
    }

    /** Reports know by its name that the wait has no limit. */
    private boolean awaitLooking(Parked call, Runnable look) {
        return awaitWithin(call, FOREVER, LOOK_EVERY, look);
    }

    /** Waits as {@link #awaitWithin(Parked, Duration)} does, and has a look again and again meanwhile. */
    boolean awaitWithin(Parked call, Duration limit, Duration lookEvery, Runnable look) {
        Duration left = limit;
        try {
            Duration step = shorter(left, lookEvery);
            while (!call.waiter.awaitWithin(step)) {
                left = left.minus(step);
                if (!left.isPositive() && call.waiter.cancel()) {
                    break;
                }
                look.run();
                step = shorter(left, lookEvery);
            }
        } finally {
            leaveUnlessWoken(call);
        }
        throwIfBroken(call); // also if its time has just passed
        return call.waiter.isCompleted();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private void leaveUnlessWoken(Parked call) {
        if (!call.waiter.isCompleted()) {
            lock.lock();
            try {
                remove(call);
            } finally {
                lock.unlock();
            }
        }
    }

    private static void throwIfBroken(Parked call) {
        if (call.broken != null) {
            throw call.broken.exception();
        }
    }

    /** A task has ended in the moment between being woken here and running. */
    @Override
    public void holderEnded(Thread thread, boolean goesOn) {
        if (held != null) {
            held.holderEnded(thread, goesOn);
        }
    }

    // ---- for reports ----

    /** Who could end the wait, and how long the first call has waited. */
    PartDetail detail() {
        return detail(holders().stream()
                .limit(PartDetail.MAX_HOLDERS)
                .map(thread -> PartDetail.Holder.of(Holders.name(thread), thread, -1))
                .toList());
    }

    /** The same with holders who may be no threads. */
    PartDetail detail(List<PartDetail.Holder> holders) {
        Parked first;
        lock.lock();
        try {
            first = first();
        } finally {
            lock.unlock();
        }
        return new PartDetail(holders, PartDetail.waited(first == null ? null : first.waiter));
    }

    @Override
    public List<Thread> holders() {
        return holders.get();
    }

    @Override
    public String toString() {
        return what;
    }
}
