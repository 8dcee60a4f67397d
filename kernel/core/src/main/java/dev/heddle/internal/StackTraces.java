package dev.heddle.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces of running threads, of one or of all, read between the switches of their {@linkplain Suspendable
 * suspendables}.
 *
 * <p>HotSpot 25 crashes when it reads the stack of a mounted virtual thread that is in the middle of suspending a
 * continuation inside of it ({@code vframeStream} finds half of the frames gone). So reader and switch keep out of each
 * other's way, as in Dekker's algorithm; the one fence of the switch is left to the reader, who can wait for it:
 *
 * <pre>
 * reader                                         switch
 *   subject := the thread                          switching := true
 *   wait until its processor must see it           while this thread is the subject:
 *   wait while it is switching                       switching := false; wait while it is; switching := true
 *   read its stack                                 switch
 *   subject := null                                switching := false
 *   wait, so that it can switch before the next read
 * </pre>
 *
 * <p>One is read at a time, or all. What others read, by {@link Thread#getStackTrace} or a dump of all threads, is not
 * guarded.
 */
@AsksSystem("who looks is another thread")
public final class StackTraces {

    /** How long a processor may keep a write to itself, with much to spare: hardware takes less than a microsecond. */
    private static final long VISIBLE_NANOS = 100_000;

    /** More than the JDK has above {@code parkOnCarrierThread}. */
    private static final int PARKING_FRAMES = 4;

    private static final ReentrantLock READERS = new ReentrantLock();

    /** Stands for all threads. */
    private static final Object ALL = new Object();

    /** The thread whose stack is being read, or {@link #ALL}. */
    private static final AtomicReference<@Nullable Object> SUBJECT = new AtomicReference<>();

    /** Whether there may be suspendables. */
    private static volatile boolean guards;

    private StackTraces() {}

    /** The stack of a thread at one moment; empty if it is not alive. Any thread may ask. */
    public static StackTraceElement[] of(Thread thread) {
        if (!thread.isVirtual() || thread == Thread.currentThread()) {
            return thread.getStackTrace();
        }
        // A task that waited here for other readers, or yielded where the JDK must try again, would come back only by its
        // loop; and that may be the next to read, and wait for the lock.
        return Thread.currentThread().isVirtual() && VirtualThreads.hasAccess()
                ? Unyielding.call(() -> read(thread))
                : read(thread);
    }

    private static StackTraceElement[] read(Thread thread) {
        READERS.lock();
        try {
            return guards ? guarded(thread) : thread.getStackTrace();
        } finally {
            READERS.unlock();
        }
    }

    /** Something that reads the stacks of all threads. */
    @FunctionalInterface
    public interface Reading {

        /** Reads them. */
        void run() throws IOException;
    }

    /**
     * Has all stacks read by somebody else, such as a heap dump: what would switch meanwhile waits. For a thread that
     * is not virtual.
     */
    public static void readAll(Reading reading) throws IOException {
        READERS.lock();
        try {
            SUBJECT.set(ALL);
            do {
                pause();
            } while (guards && Suspendable.isAnySwitching());
            reading.run();
        } finally {
            SUBJECT.set(null);
            pause();
            READERS.unlock();
        }
    }

    /** Whether a virtual thread waits in it that could not leave its carrier: the JDK parks both then. */
    public static boolean isPinned(StackTraceElement[] trace) {
        return Arrays.stream(trace)
                .limit(PARKING_FRAMES)
                .anyMatch(frame -> frame.getMethodName().equals("parkOnCarrierThread")
                        && frame.getClassName().equals("java.lang.VirtualThread"));
    }

    private static StackTraceElement[] guarded(Thread thread) {
        SUBJECT.set(thread);
        boolean mounted = VirtualThreads.carrierOf(thread) != null; // what mounts it later sees that it is the subject
        try {
            if (mounted) {
                do {
                    pause();
                } while (Suspendable.isSwitching(thread));
            }
            return thread.getStackTrace();
        } finally {
            SUBJECT.set(null);
            if (mounted) {
                pause();
            }
        }
    }

    /**
     * There will be a suspendable. Not while its class is being initialized, which a reader might wait for. To make one
     * is no wait, so no other task runs meanwhile.
     */
    static void guard() {
        if (!guards) {
            Unyielding.run(() -> {
                READERS.lock(); // so not while somebody reads without a guard
                try {
                    guards = true;
                } finally {
                    READERS.unlock();
                }
            });
        }
    }

    /** Whether the stack of some thread is being read. */
    static boolean isReading() {
        return SUBJECT.getOpaque() != null;
    }

    /** Whether the stack of the calling thread is being read. */
    static boolean isReadingThis() {
        Object subject = SUBJECT.getOpaque();
        return subject == ALL || subject == Thread.currentThread();
    }

    private static void pause() {
        long until = System.nanoTime() + VISIBLE_NANOS;
        do {
            if (Thread.currentThread().isVirtual()) {
                Thread.onSpinWait(); // its loop must not run anything else in between
            } else {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        } while (System.nanoTime() - until < 0);
    }
}
