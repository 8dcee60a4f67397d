package dev.heddle.process.internal;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import java.util.function.Supplier;

/** The waits that neither a cancel nor an interrupt ends, for what is short and must be seen to its end. */
public final class Shielded {

    private Shielded() {}

    /** Waits in a task or a thread; an interrupted thread stays interrupted. */
    public static <T> T get(Supplier<T> wait) {
        if (Offloading.isTask()) {
            return Heddle.shield(wait::get);
        }
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return wait.get();
                } catch (CancelledException e) {
                    // Interrupted once more.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Passes a cancel on behind such a wait: a task gets it back, and a thread is still interrupted. */
    public static void giveBack(CancelledException cancel) {
        if (Offloading.isTask()) {
            throw cancel;
        }
    }
}
