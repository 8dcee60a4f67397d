package dev.heddle.engine;

import java.util.function.BooleanSupplier;

/**
 * An adaptive spin: a loop looks for a moment whether another thread wakes it, before it sleeps in the kernel.
 *
 * <p>Two loops that hand each other elements wait for each other all the time, and each time only for as long as the
 * other needs for some of them. To sleep and to be woken takes many times as long. So a loop that another thread has
 * woken soon spins before its next sleep, for about as long as that would cost. Where spins are in vain, because the
 * other has more to do or no processor, they become rare: each doubles the number of sleeps that begin without one. A
 * loop that only its own I/O and timers wake never spins.
 *
 * <p>Threads: the loop's own.
 */
final class AdaptiveSpin {

    /** Longest spin. */
    static final long MAX_NANOS = 50_000;

    /** A sleep that ends as soon as this is one that a spin might have spared; most of it is the waking itself. */
    static final long SOON_NANOS = 100_000;

    /** Most sleeps that could have begun with a spin, and do not, after spins in vain. */
    static final int MAX_SKIPPED = 31;

    /** Pauses between two looks, of which each takes the cache line that is looked at from who writes it. */
    private static final int PAUSES = 8;

    private final boolean possible;
    private boolean promising;

    /** How many sleeps are skipped after the next spin in vain, less one, as 2^n - 1; and how many still are now. */
    private int skipped;

    private int skipping;

    AdaptiveSpin() {
        this(Runtime.getRuntime().availableProcessors(), false);
    }

    /** @param promising whether even the first sleep begins with a spin */
    AdaptiveSpin(int processors, boolean promising) {
        this.possible = processors > 1;
        this.promising = possible && promising;
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

    /** Spins until a look says that the loop was woken, but not longer than told; whether it was. */
    boolean await(BooleanSupplier look, long mostNanos) {
        long end = System.nanoTime() + Math.min(mostNanos, MAX_NANOS);
        do {
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
            if (look.getAsBoolean()) {
                skipped = 0;
                return true;
            }
        } while (System.nanoTime() - end < 0);
        skipped = Math.min(2 * skipped + 1, MAX_SKIPPED);
        skipping = skipped;
        return false;
    }

    /** The loop has slept, so long, and another thread has woken it. */
    void wokenAfter(long nanos) {
        promising = possible && nanos <= SOON_NANOS;
    }

    /** The loop has slept, and something of its own has ended that. */
    void notWoken() {
        promising = false;
    }
}
