package dev.heddle.process.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells who wants to know that the work of a thread has ended, though the thread goes on: the next that runs there is other code. */
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
