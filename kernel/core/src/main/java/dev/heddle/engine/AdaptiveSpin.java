package dev.heddle.engine;

import dev.heddle.internal.AsksSystem;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * An adaptive spin: a loop looks for a moment whether another thread wakes it, before it sleeps in the kernel.
 *
 * <p>Two loops that hand each other elements wait for each other all the time, and each time only for as long as the
 * other needs for some of them. To sleep and to be woken takes many times as long. So a loop that another thread has
 * woken from its last sleep spins before the next one, for about as long as that would cost. Where spins are in vain,
 * because the other has more to do, they become rare: each doubles the number of sleeps that begin without one, and each
 * that ends well halves it. A loop that only its own I/O and timers wake never spins.
 *
 * <p>On a busy machine the other loop may have no processor. So a spin soon gives its own away, and the system goes from
 * one loop to the other without a sleep. It then keeps both on one processor, even if another falls idle: it looks for
 * an idle one only for a thread that was asleep. So where only giving away helps, the loop sleeps now and then.
 *
 * <p>Threads: the loop's own.
 */
@AsksSystem("the processor spins in real time")
final class AdaptiveSpin {

    /** Longest spin: what a sleep and its end cost, on both sides. */
    static final long MAX_NANOS = 20_000;

    /** Most sleeps that could have begun with a spin, and do not, after spins in vain. */
    static final int MAX_SKIPPED = 31;

    /** After so many spins that have ended well only since the processor was given away, the loop sleeps. */
    static final int MAX_GIVEN_AWAY = 32;

    /** When the processor is given away first: soon, where it has helped the last time. */
    private static final long LATE_NANOS = 8_000;

    private static final long SOON_NANOS = 500;

    /** Pauses between two looks, of which each takes the cache line that is looked at from who writes it. */
    private static final int PAUSES = 8;

    private final boolean possible;
    private final LongSupplier clock;
    private boolean promising;

    /** How many spins in a row have ended well only since the processor was given away. */
    private int givenAway;

    /** How many sleeps are skipped after the next spin in vain, less one, as 2^n - 1; and how many still are now. */
    private int skipped;

    private int skipping;

    AdaptiveSpin() {
        this(Runtime.getRuntime().availableProcessors(), false, System::nanoTime);
    }

    /** @param promising whether even the first sleep begins with a spin */
    AdaptiveSpin(int processors, boolean promising, LongSupplier clock) {
        this.possible = processors > 1;
        this.promising = possible && promising;
        this.clock = clock;
    }

    /** Whether to spin before the sleep that comes now; asked once for each. */
    boolean isDue() {
        if (!promising) {
            return false;
        }
        if (skipping > 0) {
            skipping--;
            return false;
        }
        return true;
    }

    /** Spins until a look says that the loop was woken, but not longer than told; whether it was. Looks once at least. */
    @SuppressWarnings("ThreadPriorityCheck") // whatever the yield does, the sleep comes after
    boolean await(BooleanSupplier look, long mostNanos) {
        long begin = clock.getAsLong();
        long most = Math.min(mostNanos, MAX_NANOS);
        long alone = givenAway == 0 ? LATE_NANOS : SOON_NANOS;
        boolean gaveAway = false;
        for (long spun = 0; spun <= most; spun = clock.getAsLong() - begin) {
            if (spun >= alone) {
                gaveAway = true;
                Thread.yield();
            }
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
            if (look.getAsBoolean()) {
                endedWell(gaveAway);
                return true;
            }
        }
        givenAway = 0;
        skipped = Math.min(2 * skipped + 1, MAX_SKIPPED);
        skipping = skipped;
        return false;
    }

    private void endedWell(boolean gaveAway) {
        skipped /= 2;
        givenAway = gaveAway ? givenAway + 1 : 0;
        if (givenAway == MAX_GIVEN_AWAY) {
            givenAway = 0;
            skipping = 1;
        }
    }

    /** The loop has slept, until another thread woke it or something of its own ended that. */
    void slept(boolean woken) {
        promising = possible && woken;
    }
}
