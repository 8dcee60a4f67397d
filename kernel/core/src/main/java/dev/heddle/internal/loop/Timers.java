package dev.heddle.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop, by deadline and then by the order they were set. Loop's thread only.
 *
 * <p>Most timers are timeouts that are set far ahead and cancelled soon. They wait in a {@link TimerWheel}, where both
 * cost a few steps however many there are. Only when their tick begins do they move to the {@link TimerHeap}, which
 * knows the exact order: all in the heap come before all in the wheel. A cancelled timer leaves at once in both.
 */
public final class Timers {

    private final TimerHeap heap = new TimerHeap();
    private final TimerWheel wheel;
    private int size;
    private int nextSequence;

    /** @param nowNanos the time on the engine's clock */
    public Timers(long nowNanos) {
        wheel = new TimerWheel(nowNanos);
    }

    public int size() {
        return size;
    }

    /** Sets a timer that is not queued. */
    public void add(Timer timer, long deadlineNanos) {
        timer.deadlineNanos = deadlineNanos;
        timer.sequence = nextSequence++;
        size++;
        if (!wheel.add(timer)) {
            heap.add(timer);
        }
    }

    /** Takes a timer out; does nothing if it is not queued. */
    public void remove(Timer timer) {
        if (!timer.isQueued()) {
            return;
        }
        size--;
        if (timer.index >= 0) {
            heap.remove(timer);
        } else {
            wheel.remove(timer);
        }
    }

    /** Takes the first timer if it is due; a timer is never early. */
    public @Nullable Timer takeDue(long nowNanos) {
        if (heap.size() == 0) {
            wheel.turnTo(nowNanos, heap);
        }
        wheel.openAhead(heap);
        if (heap.size() == 0 || heap.first().deadlineNanos - nowNanos > 0) {
            return null;
        }
        size--;
        return heap.takeFirst();
    }

    /**
     * The nearest deadline; only if there is a timer. Once asked, timers that are set to earlier than that go to the
     * heap, so this is for simulated time, which jumps there at once.
     */
    public long nearest() {
        if (heap.size() == 0) {
            wheel.turnToFirst(heap);
        }
        return heap.first().deadlineNanos;
    }

    /**
     * When to look again: the nearest deadline, or a little before it if finding that would take long; only if there is
     * a timer.
     */
    public long lookAgain() {
        return heap.size() > 0 ? heap.first().deadlineNanos : wheel.lookAgain();
    }
}
