package dev.heddle.sim;

import dev.heddle.Waiter;
import java.util.ArrayList;
import java.util.List;

/** The tasks that wait until all others wait. */
final class IdleWaiters {

    private final List<Waiter> waiting = new ArrayList<>();

    /** Waits until nothing can run unless time passes. */
    void await() {
        Waiter waiter = new Waiter("waiting until all other tasks wait");
        waiting.add(waiter);
        try {
            waiter.await();
        } finally {
            waiting.remove(waiter);
        }
    }

    /** Nothing can run: lets those go on who wait for that. Tells whether there was any. Below the tasks. */
    boolean release() {
        boolean any = false;
        for (Waiter each : waiting) {
            any |= each.complete();
        }
        return any;
    }
}
