package dev.heddle;

import dev.heddle.internal.VirtualThreads;

/**
 * The runner of callbacks: each on a virtual thread of its own and never on the loop's, since code of users may take
 * locks and wait. So no callback blocks another, none sees what another left in its thread, and each has the scoped
 * values of whoever set it.
 *
 * <p>A callback runs at its turn until it ends or waits, so the order of callbacks holds.
 */
final class Callbacks {

    private final Loop loop;
    private final String name;

    /** Callbacks that have begun and not ended. */
    private int busy;

    Callbacks(Loop loop) {
        this.loop = loop;
        this.name = "callback of " + loop.name();
    }

    /** Runs a callback until it ends or waits. On the loop's thread. */
    void run(LoopCallback handle) {
        var fiber = new Fiber(loop, name, () -> call(handle));
        loop.scheduler.mountNow(fiber, () -> VirtualThreads.start(fiber.thread, handle.bindings()));
    }

    private void call(LoopCallback handle) {
        busy++;
        try {
            handle.call();
        } finally {
            busy--;
        }
    }

    /** Whether no callback waits in the middle of its work. */
    boolean isIdle() {
        return busy == 0;
    }
}
