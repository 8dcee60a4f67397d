package dev.heddle.process.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ends of work on threads that go on, for who has kept something for the thread: the next that runs there is other
 * code.
 *
 * <p>Threads: any.
 */
public final class WorkEnds {

    private static final List<Runnable> LISTENERS = new CopyOnWriteArrayList<>();

    private WorkEnds() {}

    /** Has somebody told, by the thread whose work it was. */
    public static void listen(Runnable listener) {
        LISTENERS.add(listener);
    }

    /** The calling thread's work has ended. */
    public static void tell() {
        LISTENERS.forEach(Runnable::run);
    }
}
