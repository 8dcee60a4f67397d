package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A flag that can be waited for.
 *
 * <pre>{@code
 * Event ready = Event.create();
 * spawn(() -> { warmUp(); ready.set(); });
 * ready.await();
 * }</pre>
 *
 * <p>Setting it wakes everybody who waits; who comes later does not wait at all. Clearing it concerns only who comes
 * after: a call that was woken returns, though the event may be clear again by then.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call leaves nothing behind.
 */
public final class Event {

    private static final PartKind<Event> KIND = PartKind.<Event>of("event", Event::statistics)
            .titled(event -> event.name)
            .detailed(event -> event.waiting.detail());

    final OrderedLock lock = new OrderedLock();
    private final String name;
    final ParkedCalls waiting;
    private volatile boolean set;

    private Event(String name) {
        this.name = name;
        this.waiting = new ParkedCalls(lock, "waiting for " + name);
        waiting.show(KIND, this);
    }

    /** Makes an event that is not set. */
    public static Event create() {
        return new Event("an event");
    }

    /** Makes an event that is not set, with a name that shows in reports. */
    public static Event named(String name) {
        return new Event("event " + Objects.requireNonNull(name));
    }

    /** Sets it and wakes everybody who waits for it. Does nothing if it is set. */
    public void set() {
        lock.lock();
        try {
            set = true;
            waiting.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes it not set. Who was woken by then stays so. */
    public void clear() {
        lock.lock();
        try {
            set = false;
        } finally {
            lock.unlock();
        }
    }

    public boolean isSet() {
        return set;
    }

    /**
     * Waits until it is set.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void await() {
        CancelScope.throwIfCancelled();
        Parked call = parkUnlessSet();
        if (call != null) {
            waiting.await(call);
        }
    }

    /**
     * Waits until it is set, but not longer than told.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @param limit zero or less only looks
     * @return whether it was set in time
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public boolean awaitWithin(Duration limit) {
        Objects.requireNonNull(limit);
        CancelScope.throwIfCancelled();
        Parked call = parkUnlessSet();
        return call == null || waiting.awaitWithin(call, limit);
    }

    public EventStatistics statistics() {
        lock.lock();
        try {
            return new Statistics(set, waiting.size());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return name + (set ? ", set" : ", not set");
    }

    private @Nullable Parked parkUnlessSet() {
        if (set) {
            return null;
        }
        lock.lock();
        try {
            return set ? null : waiting.add();
        } finally {
            lock.unlock();
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(boolean set, int waiting) implements EventStatistics {}
}
