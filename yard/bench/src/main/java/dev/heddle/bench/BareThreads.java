package dev.heddle.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The floor: virtual threads of the JDK on the least scheduler that works, a queue that the calling thread drains. No
 * tasks, no cancelling, no timers, no I/O.
 */
final class BareThreads {

    private static final MethodHandle NEW_THREAD = newThread();

    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final Executor scheduler = ready::add;

    private static MethodHandle newThread() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(
                            builders,
                            "newVirtualThread",
                            MethodType.methodType(
                                    Thread.class, Executor.class, String.class, int.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Makes a thread that is not started yet. */
    Thread create(Runnable body) {
        try {
            return (Thread) NEW_THREAD.invokeExact(scheduler, (@Nullable String) null, 0, body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes and starts a thread. */
    Thread start(Runnable body) {
        Thread thread = create(body);
        thread.start();
        return thread;
    }

    /** Runs threads on the calling platform thread until all have ended or wait for something else. */
    void drain() {
        for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
            next.run();
        }
    }

    /** Lets the other threads run once; the scheduler here is known, so this is relied on. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void giveWay() {
        Thread.yield();
    }

    /** Joins where an interrupt is a mistake. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
