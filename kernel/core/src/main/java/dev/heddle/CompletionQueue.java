package dev.heddle;

import dev.heddle.internal.loop.EndListener;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue of tasks and promises in the order in which they end. One task or thread takes them, they come from any.
 *
 * <p>An iterator may be left early without a word, so what it listens to knows it only weakly, and drops in time what
 * has no iterator any more.
 *
 * <p>No locks, since ends are told below the tasks: who comes leaves itself in a queue and then completes the waiter,
 * who takes sets a waiter and then looks into the queue again before it waits.
 */
final class CompletionQueue<J extends Joinable<?>> implements Iterator<J>, AutoCloseable {

    private final Queue<J> arrived = new ConcurrentLinkedQueue<>();
    private final List<Arrival<J>> expected;
    private final String waitingFor;
    private int left;
    private volatile @Nullable Waiter waiter;

    /**
     * @param all without duplicates
     * @throws IllegalStateException if the calling task is among them
     */
    CompletionQueue(Collection<? extends J> all) {
        expected = new ArrayList<>(all.size());
        left = all.size();
        waitingFor = "the end of one of " + left + " tasks";
        var self = new WeakReference<>(this);
        for (J each : all) {
            JoinWait.refuseSelf(each);
            expected.add(new Arrival<>(each, self));
        }
        for (Arrival<J> arrival : expected) {
            switch ((Joinable<?>) arrival.joinable) {
                case Task<?> task -> task.listen(arrival);
                case Promise<?> promise -> {
                    promise.addListener(arrival);
                    promise.forgetListener(); // another iterator's, which has told nobody
                }
            }
        }
    }

    /** Whether there are more to take, come or not. */
    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public J next() {
        if (left == 0) {
            throw new NoSuchElementException("all have ended");
        }
        CancelScope.throwIfCancelled();
        while (true) {
            J next = arrived.poll();
            if (next == null) {
                Waiter wait = expect();
                next = arrived.poll();
                if (next == null) {
                    wait.await();
                    continue;
                }
            }
            left--;
            return next;
        }
    }

    /** The next, or null when none comes within the limit. Only while there are more. */
    @Nullable J nextWithin(Duration limit) {
        J next = arrived.poll();
        if (next == null) {
            Waiter wait = expect();
            next = arrived.poll();
            if (next == null) {
                wait.awaitWithin(limit);
                next = arrived.poll();
            }
        }
        if (next != null) {
            left--;
        }
        return next;
    }

    private Waiter expect() {
        var next = new Waiter(waitingFor);
        waiter = next;
        return next;
    }

    /** Waits for no more. */
    @Override
    public void close() {
        for (Arrival<J> arrival : expected) {
            arrival.queue.clear();
            switch ((Joinable<?>) arrival.joinable) {
                case Task<?> task -> task.unlisten(arrival);
                case Promise<?> promise -> promise.forgetListener();
            }
        }
    }

    private void arrived(J joinable) {
        arrived.add(joinable);
        Waiter taker = waiter;
        if (taker != null) {
            taker.complete();
        }
    }

    private static final class Arrival<J extends Joinable<?>> implements EndListener {
        private final J joinable;
        private final WeakReference<CompletionQueue<J>> queue;

        Arrival(J joinable, WeakReference<CompletionQueue<J>> queue) {
            this.joinable = Objects.requireNonNull(joinable);
            this.queue = queue;
        }

        @Override
        public void ended() {
            CompletionQueue<J> taker = queue.get();
            if (taker != null) {
                taker.arrived(joinable);
            }
        }

        @Override
        public boolean isForgotten() {
            return queue.get() == null;
        }
    }
}
