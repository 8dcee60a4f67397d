package dev.heddle.process.shared;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.engine.WaitSlot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The line of those who wait at a queue in its manager, first come, first served: the first of them tries again whenever
 * something has changed, the others when they are the first.
 *
 * <p>Confined to the manager's loop.
 */
final class QueueLine {

    /** How soon who found a lock taken tries again. */
    private static final Duration BUSY = Duration.ofMillis(1);

    /** How often a prompt call tries again: for longer than a running process loses its processor. */
    private static final int MAX_TRIES = 100;

    private final String what;
    private final ArrayDeque<WaitSlot> line = new ArrayDeque<>();
    private boolean busy;

    /**
     * @param what is waited for
     */
    QueueLine(String what) {
        this.what = what;
    }

    int size() {
        return line.size();
    }

    /** In an attempt: it fails only because a lock is taken. */
    void foundBusy() {
        busy = true;
    }

    /** Whether the attempt has failed so. */
    boolean isBusy() {
        return busy;
    }

    private <R> @Nullable R run(Supplier<@Nullable R> attempt) {
        busy = false;
        return attempt.get();
    }

    /**
     * Tries until there is a result. Attempts do not wait.
     *
     * <p>Cancellation: a cancelled call has made no attempt since, and the next in line goes on.
     */
    <R> R tryUntilDone(Supplier<@Nullable R> attempt) {
        CancelScope.throwIfCancelled();
        if (line.isEmpty()) {
            R now = run(attempt);
            if (now != null) {
                return now;
            }
        }
        var slot = new WaitSlot(what);
        line.add(slot);
        try {
            while (true) {
                boolean first = line.peek() == slot;
                R result = first ? run(attempt) : null;
                if (result != null) {
                    return result;
                }
                await(slot, first && busy);
            }
        } finally {
            line.remove(slot);
            changed();
        }
    }

    private static void await(WaitSlot slot, boolean briefly) {
        if (briefly) {
            Heddle.moveOnAfter(BUSY, slot::await);
        } else {
            slot.await();
        }
    }

    /**
     * Tries once, unless others wait; again, for a bounded time, only where a lock was taken. Whatever is cancelled: it
     * is done soon.
     */
    <R> @Nullable R tryNow(Supplier<@Nullable R> attempt) {
        return line.isEmpty() ? look(attempt) : null;
    }

    /** As {@link #tryNow}, also while others wait: for what one does not take away from another. */
    <R> @Nullable R look(Supplier<@Nullable R> attempt) {
        R result = run(attempt);
        for (int i = 0; result == null && busy && i < MAX_TRIES; i++) {
            Heddle.shield(() -> Heddle.sleep(BUSY));
            result = run(attempt);
        }
        return result;
    }

    /** Tries until there is a result or the time is over, and once at least. */
    <R> Optional<R> tryWithin(Duration limit, Supplier<@Nullable R> attempt) {
        if (!limit.isPositive()) {
            return Optional.ofNullable(tryNow(attempt));
        }
        R now = line.isEmpty() ? run(attempt) : null;
        return now == null ? Heddle.moveOnAfter(limit, () -> tryUntilDone(attempt)) : Optional.of(now);
    }

    /** Something has changed. */
    void changed() {
        WaitSlot first = line.peek();
        if (first != null) {
            first.wake();
        }
    }
}
