package dev.heddle.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The holds of a task, or of a body that is none: locks and tokens, each of which is told when the holder ends.
 *
 * <p>Threads: the holder's, until it has ended.
 */
public final class Holds {

    /** Something that a thread holds until it releases it, or ends, or the body that it runs does. */
    public interface Held {

        /**
         * A holder has ended. It may have released this since.
         *
         * @param goesOn whether it was only a body, and its thread goes on to others
         */
        void holderEnded(Thread thread, boolean goesOn);
    }

    /** The scheduler of a virtual thread that is a holder. */
    public interface OfScheduler {

        /** What the calling thread holds; null if it is another that has only inherited the scheduler. */
        @Nullable Holds holds();
    }

    private static final ThreadLocal<@Nullable Holds> OF_PLATFORM_THREAD = new ThreadLocal<>();

    private final boolean goesOn;

    /** Mostly it is one, or none. */
    private final List<Held> held = new ArrayList<>(1);

    /**
     * @param goesOn whether the thread goes on when the holder has ended
     */
    public Holds(boolean goesOn) {
        this.goesOn = goesOn;
    }

    /** Those of the calling thread; null for one of which nobody is told that it ends. */
    private static @Nullable Holds current() {
        Thread thread = Thread.currentThread();
        if (!thread.isVirtual()) {
            return OF_PLATFORM_THREAD.get();
        }
        return VirtualThreads.schedulerOf(thread) instanceof OfScheduler scheduler ? scheduler.holds() : null;
    }

    /** The calling thread holds something from now on. */
    public static void add(Held taken) {
        Holds holds = current();
        if (holds != null && !holds.held.contains(taken)) {
            holds.held.add(taken);
        }
    }

    /** The calling thread has released something. */
    public static void remove(Held released) {
        Holds holds = current();
        if (holds != null) {
            holds.held.remove(released);
        }
    }

    /** Runs a body as a holder on a platform thread, perhaps inside of another. */
    public static <T extends @Nullable Object> T call(Callable<? extends T> body) throws Exception {
        Holds outer = OF_PLATFORM_THREAD.get();
        var holds = new Holds(true);
        OF_PLATFORM_THREAD.set(holds);
        try {
            return body.call();
        } finally {
            holds.end(Thread.currentThread());
            OF_PLATFORM_THREAD.set(outer);
        }
    }

    /** The holder has ended. On a virtual thread or a worker's, since it takes locks. */
    public void end(Thread thread) {
        for (Held each : List.copyOf(held)) {
            each.holderEnded(thread, goesOn);
        }
        held.clear();
    }
}
