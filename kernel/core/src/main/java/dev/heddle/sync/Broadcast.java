package dev.heddle.sync;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel that gives each element to every subscriber.
 *
 * <pre>{@code
 * Broadcast<Price> prices = Broadcast.create();
 * spawn(() -> {
 *     try (Subscription<Price> mine = prices.subscribe(100, Overflow.DROP_OLDEST)) {
 *         for (Price price : mine) { show(price); }
 *     }
 * });
 * prices.send(new Price("ACME", 12));
 * }</pre>
 *
 * <p>Each subscriber has a buffer of its own and says what happens when it is full, so a slow one holds up the others
 * only if it wants the sender to wait. A subscriber gets what is sent after it subscribed. All see the elements in one
 * order, also of several senders, who take turns.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled send may have reached some of the subscribers, see {@link #send}.
 */
public final class Broadcast<T> implements AutoCloseable {

    private static final String WHAT = "broadcast";

    private static final PartKind<Broadcast<?>> KIND = PartKind.of(WHAT, Broadcast::statistics);

    /** Holds one thing while somebody sends. */
    private final ChannelCore<Object> turn = new ChannelCore<>(ChannelCore.kind(WHAT), 1, new ArrayDeque<>(1));

    /** Guards the fields below. Taken inside the lock of a subscriber that ends, so no such lock is taken inside it. */
    final ReentrantLock lock = new ReentrantLock();

    private final Map<Object, Subscription<T>> open = new LinkedHashMap<>();
    private List<Subscription<T>> snapshot = List.of();
    private boolean snapshotIsOld;
    private @Nullable Ending ending;

    private Broadcast() {
        Parts.add(KIND, this);
    }

    /** Makes a broadcast without subscribers; what is sent to it then goes to nobody. */
    public static <T> Broadcast<T> create() {
        return new Broadcast<>();
    }

    /**
     * Subscribes to all that is sent from now on. Close it to end the subscription.
     *
     * @param capacity most elements it holds for the subscriber, 1 or more
     * @param policy what becomes of an element when that many are there
     * @throws ClosedException if the broadcast is closed
     */
    public Subscription<T> subscribe(int capacity, Overflow policy) {
        Checks.atLeast("capacity", capacity, 1);
        Objects.requireNonNull(policy);
        var key = new Object();
        var core = new ChannelCore<T>(Subscription.KIND, capacity, new OrderedLock(),
                new ArrayDeque<>(Math.min(capacity, 16)),
                () -> forget(key));
        var subscription = new Subscription<T>(core, policy);
        lock.lock();
        try {
            if (ending != null) {
                throw ending.forSender();
            }
            open.put(key, subscription);
            snapshotIsOld = true;
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    /** A subscription has ended; under its lock. */
    private void forget(Object key) {
        lock.lock();
        try {
            open.remove(key);
            snapshotIsOld = true;
            snapshot = List.of(); // keeps nothing alive that nobody reads
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives an element to every subscriber, waiting for its turn among other senders, and for each full subscriber that
     * wants to be waited for.
     *
     * <p>Cancellation: a call cancelled while it waits for its turn has given it to nobody; one cancelled while it
     * waits for full subscribers has given it to all others, and to those of the full ones that subscribed before the
     * one it waited for.
     *
     * @throws ClosedException if the broadcast is closed, before or while waiting; in the latter case some may have it
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void send(T element) {
        Objects.requireNonNull(element);
        turn.send(this, null, null);
        try {
            offer(element).forEach(full -> full.awaitRoom(element));
        } finally {
            turn.tryReceive(null);
        }
    }

    /** Gives it to all who can take it now; those who are to be waited for come back. */
    private List<Subscription<T>> offer(T element) {
        List<Subscription<T>> full = new ArrayList<>(0);
        for (Subscription<T> subscription : subscriptions()) {
            if (!subscription.offer(element)) {
                full.add(subscription);
            }
        }
        return full;
    }

    /** @throws ClosedException if the broadcast is closed: a sender may have come to its turn before */
    private List<Subscription<T>> subscriptions() {
        lock.lock();
        try {
            if (ending != null) {
                throw ending.forSender();
            }
            if (snapshotIsOld) {
                snapshot = List.copyOf(open.values());
                snapshotIsOld = false;
            }
            return snapshot;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more elements. Subscribers drain what they have and then end. Idempotent. */
    @Override
    public void close() {
        end(Ending.closed(WHAT));
    }

    /**
     * Closes it because of a failure. Subscribers drain what they have and then get a ClosedException with this cause.
     * Does nothing if it is closed.
     */
    public void fail(Throwable cause) {
        end(Ending.failed(WHAT, Objects.requireNonNull(cause)));
    }

    private void end(Ending how) {
        List<Subscription<T>> last;
        lock.lock();
        try {
            if (ending != null) {
                return;
            }
            last = subscriptions();
            ending = how;
        } finally {
            lock.unlock();
        }
        turn.end(how, false);
        last.forEach(subscription -> subscription.core.end(how, false));
    }

    public BroadcastStatistics statistics() {
        int waiting = turn.statistics().waitingSenders();
        lock.lock();
        try {
            return new Statistics(open.size(), waiting, ending != null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        BroadcastStatistics now = statistics();
        return WHAT + " to " + now.subscribers() + (now.closed() ? ", closed" : "");
    }

    /** What the statistics are, at one moment. */
    record Statistics(int subscribers, int waitingSenders, boolean closed) implements BroadcastStatistics {}
}
