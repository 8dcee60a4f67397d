package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainers;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the JVM knows of a thread that waits: the monitor it wants, the monitors it has, and who has a lock of
 * {@code java.util.concurrent}.
 *
 * <p>The facts come from {@code jdk.internal.vm.ThreadSnapshot}, which knows virtual threads too. It lies in a package
 * that the flags of Heddle do not open; but they open {@code java.lang}, whose {@link Module} can open the rest. Where
 * that fails, nothing is known and nothing else breaks.
 *
 * <p>In JDK 25 a snapshot of a virtual thread that is being mounted or unmounted crashes the JVM (JDK-8364343). So
 * virtual threads have one only where they cannot move: {@link #ofUnmounted}.
 *
 * @param blockedOn the object whose monitor the thread wants to enter, or null
 * @param waitingOn the object whose {@code notify} the thread waits for, or null
 * @param monitors the objects whose monitors it has
 * @param stack its stack, innermost frame first
 */
public record ThreadFacts(
        @Nullable Object blockedOn, @Nullable Object waitingOn, List<Object> monitors, List<StackTraceElement> stack) {

    /** Nothing is known. */
    public static final ThreadFacts NONE = new ThreadFacts(null, null, List.of(), List.of());

    /** The facts of a thread at one moment; of a virtual one, its stack only. Any thread may ask. */
    public static ThreadFacts of(Thread thread) {
        return thread.isVirtual() ? stackOnly(thread) : snapshot(thread);
    }

    /**
     * The facts of a virtual thread that is not mounted and that nobody can mount before this returns. Where only one
     * platform thread ever mounts it, that one may ask.
     */
    public static ThreadFacts ofUnmounted(Thread virtual) {
        return snapshot(virtual);
    }

    private static ThreadFacts snapshot(Thread thread) {
        try {
            Object snapshot = Access.SNAPSHOT.invokeExact(thread);
            if (snapshot != null) {
                return read(snapshot, (Thread.State) Access.STATE.invokeExact(snapshot));
            }
        } catch (Throwable e) {
            rethrowError(e);
        }
        return stackOnly(thread);
    }

    private static ThreadFacts stackOnly(Thread thread) {
        return thread.isAlive() ? new ThreadFacts(null, null, List.of(), List.of(StackTraces.of(thread))) : NONE;
    }

    private static ThreadFacts read(Object snapshot, Thread.State state) throws Throwable {
        StackTraceElement[] stack = (StackTraceElement[]) Access.STACK.invokeExact(snapshot);
        Object blockedOn = state == Thread.State.BLOCKED ? Access.BLOCKED_ON.invokeExact(snapshot) : null;
        Object waitingOn = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING
                ? Access.WAITING_ON.invokeExact(snapshot)
                : null;
        List<Object> monitors = named(snapshot, stack.length);
        if (state == Thread.State.BLOCKED && blockedOn == null && !monitors.isEmpty()) {
            // Notified in wait(), it wants the monitor again that it gave up there: nearly always its innermost.
            blockedOn = monitors.getFirst();
        }
        Object gone = blockedOn;
        // A frame keeps naming a monitor that its thread gave up in wait() or only wants.
        monitors.removeIf(each -> each == gone || each == waitingOn);
        return new ThreadFacts(blockedOn, waitingOn, monitors, List.of(stack));
    }

    /** The monitors that the frames name, the innermost first. */
    private static List<Object> named(Object snapshot, int frames) throws Throwable {
        List<Object> monitors = new ArrayList<>(0);
        if ((boolean) Access.OWNS_MONITORS.invokeExact(snapshot)) {
            for (int depth = 0; depth < frames; depth++) {
                var owned = (Stream<?>) Access.MONITORS_AT.invokeExact(snapshot, depth);
                owned.filter(Objects::nonNull).forEach(monitors::add);
            }
        }
        return monitors;
    }

    /** The thread that has a lock exclusively; null if none has, or it is not known. */
    public static @Nullable Thread exclusiveOwner(AbstractOwnableSynchronizer lock) {
        try {
            return (Thread) Access.OWNER.invokeExact(lock);
        } catch (Throwable e) {
            rethrowError(e);
            return null;
        }
    }

    /** All platform threads, and the virtual threads that were started by themselves, but not more than told. */
    public static List<Thread> threads(int most) {
        List<Thread> threads = new ArrayList<>();
        try {
            threads.addAll(List.of((Thread[]) Access.PLATFORM_THREADS.invokeExact()));
            ThreadContainers.root()
                    .threads()
                    .filter(Thread::isVirtual)
                    .limit(most)
                    .forEach(threads::add);
        } catch (Throwable e) {
            rethrowError(e);
        }
        return threads;
    }

    private static void rethrowError(Throwable e) {
        if (e instanceof VirtualMachineError error) {
            throw error;
        }
    }

    /** Apart, so that what a JDK does not have is missing here and nowhere else. */
    private static final class Access {
        static final MethodHandle SNAPSHOT;
        static final MethodHandle STATE;
        static final MethodHandle STACK;
        static final MethodHandle BLOCKED_ON;
        static final MethodHandle WAITING_ON;
        static final MethodHandle OWNS_MONITORS;
        static final MethodHandle MONITORS_AT;
        static final MethodHandle OWNER;
        static final MethodHandle PLATFORM_THREADS;

        static {
            try {
                MethodHandles.Lookup self = MethodHandles.lookup();
                JdkPackages.open("jdk.internal.vm");
                JdkPackages.open("java.util.concurrent.locks");
                Class<?> type = Class.forName("jdk.internal.vm.ThreadSnapshot");
                MethodHandles.Lookup snapshots = MethodHandles.privateLookupIn(type, self);
                SNAPSHOT = snapshots
                        .findStatic(type, "of", MethodType.methodType(type, Thread.class))
                        .asType(MethodType.methodType(Object.class, Thread.class));
                STATE = getter(snapshots, type, "threadState", Thread.State.class);
                STACK = getter(snapshots, type, "stackTrace", StackTraceElement[].class);
                BLOCKED_ON = getter(snapshots, type, "blockedOn", Object.class);
                WAITING_ON = getter(snapshots, type, "waitingOn", Object.class);
                OWNS_MONITORS = getter(snapshots, type, "ownsMonitors", boolean.class);
                MONITORS_AT = snapshots
                        .findVirtual(type, "ownedMonitorsAt", MethodType.methodType(Stream.class, int.class))
                        .asType(MethodType.methodType(Stream.class, Object.class, int.class));
                OWNER = MethodHandles.privateLookupIn(AbstractOwnableSynchronizer.class, self)
                        .findVirtual(
                                AbstractOwnableSynchronizer.class,
                                "getExclusiveOwnerThread",
                                MethodType.methodType(Thread.class));
                PLATFORM_THREADS = MethodHandles.privateLookupIn(Thread.class, self)
                        .findStatic(Thread.class, "getAllThreads", MethodType.methodType(Thread[].class));
            } catch (Throwable e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private static MethodHandle getter(MethodHandles.Lookup lookup, Class<?> type, String name, Class<?> result)
                throws ReflectiveOperationException {
            return lookup.findVirtual(type, name, MethodType.methodType(result))
                    .asType(MethodType.methodType(result, Object.class));
        }
    }
}
