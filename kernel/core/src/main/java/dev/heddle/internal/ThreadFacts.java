package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainers;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the JVM knows of a thread that waits: the monitor it wants, the monitors it has, and who has a lock of
 * {@code java.util.concurrent}.
 *
 * <p>The facts come from {@code jdk.internal.vm.ThreadSnapshot}, which knows virtual threads too. It lies in a package
 * that the flags of Heddle do not open, see {@link JdkMembers#open}. Where that fails, nothing is known and nothing else
 * breaks; {@link JdkHook#THREAD_FACTS} says so once.
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
        Handles handles = handles();
        try {
            Object snapshot = handles == null ? null : handles.snapshot().invokeExact(thread);
            if (handles != null && snapshot != null) {
                return read(handles, snapshot, (Thread.State) handles.state().invokeExact(snapshot));
            }
        } catch (Throwable e) {
            rethrowError(e);
        }
        return stackOnly(thread);
    }

    private static ThreadFacts stackOnly(Thread thread) {
        return thread.isAlive() ? new ThreadFacts(null, null, List.of(), List.of(StackTraces.of(thread))) : NONE;
    }

    private static ThreadFacts read(Handles handles, Object snapshot, Thread.State state) throws Throwable {
        StackTraceElement[] stack = (StackTraceElement[]) handles.stack().invokeExact(snapshot);
        Object blockedOn = state == Thread.State.BLOCKED ? handles.blockedOn().invokeExact(snapshot) : null;
        Object waitingOn = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING
                ? handles.waitingOn().invokeExact(snapshot)
                : null;
        List<Object> monitors = named(handles, snapshot, stack.length);
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
    private static List<Object> named(Handles handles, Object snapshot, int frames) throws Throwable {
        List<Object> monitors = new ArrayList<>(0);
        if ((boolean) handles.ownsMonitors().invokeExact(snapshot)) {
            for (int depth = 0; depth < frames; depth++) {
                var owned = (Stream<?>) handles.monitorsAt().invokeExact(snapshot, depth);
                owned.filter(Objects::nonNull).forEach(monitors::add);
            }
        }
        return monitors;
    }

    /** The thread that has a lock exclusively; null if none has, or it is not known. */
    public static @Nullable Thread exclusiveOwner(AbstractOwnableSynchronizer lock) {
        Handles handles = handles();
        try {
            return handles == null ? null : (Thread) handles.owner().invokeExact(lock);
        } catch (Throwable e) {
            rethrowError(e);
            return null;
        }
    }

    /** The lock in whose line a thread may stand that waits or has just been signalled; null if it is not known. */
    public static @Nullable AbstractQueuedSynchronizer lockOf(Thread waiting) {
        Object blocker = LockSupport.getBlocker(waiting);
        Handles handles = handles();
        try {
            return switch (blocker) {
                case AbstractQueuedSynchronizer lock -> lock;
                case AbstractQueuedSynchronizer.ConditionObject condition when handles != null ->
                    (AbstractQueuedSynchronizer) handles.lock().invokeExact(condition);
                case null, default -> null;
            };
        } catch (Throwable e) {
            rethrowError(e);
            return null;
        }
    }

    /** Whether a virtual thread has waited for a monitor, may have it now, and has not run since. */
    public static boolean isUnblocked(Thread virtual) {
        Handles handles = handles();
        try {
            return handles != null && (int) handles.virtualState().invokeExact(virtual) == handles.unblocked();
        } catch (Throwable e) {
            rethrowError(e);
            return false;
        }
    }

    /** All platform threads, and the virtual threads that were started by themselves, but not more than told. */
    public static List<Thread> threads(int most) {
        Handles handles = handles();
        List<Thread> threads = new ArrayList<>();
        try {
            threads.addAll(
                    handles == null
                            ? Thread.getAllStackTraces().keySet()
                            : List.of((Thread[]) handles.platformThreads().invokeExact()));
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

    /** Null if the JDK lacks some, which is said once. */
    private static @Nullable Handles handles() {
        if (Access.FOUND.failure() != null) {
            JdkHook.THREAD_FACTS.tellOnce(Access.FOUND.failure());
        }
        return Access.FOUND.handles();
    }

    private static void rethrowError(Throwable e) {
        if (e instanceof VirtualMachineError error) {
            throw error;
        }
    }

    /** What is called of the JDK. */
    record Handles(MethodHandle snapshot, MethodHandle state, MethodHandle stack, MethodHandle blockedOn,
            MethodHandle waitingOn, MethodHandle ownsMonitors, MethodHandle monitorsAt, MethodHandle owner,
            MethodHandle lock, MethodHandle platformThreads, MethodHandle virtualState, int unblocked) {

        static Handles of(JdkMembers jdk) throws Throwable {
            jdk.open("jdk.internal.vm");
            jdk.open("java.util.concurrent.locks");
            Class<?> type = jdk.type("jdk.internal.vm.ThreadSnapshot");
            jdk.require(jdk.type("jdk.internal.vm.ThreadContainers"), "root");
            Class<?> virtual = jdk.type("java.lang.VirtualThread");
            return new Handles(
                    jdk.staticMethod(type, "of", MethodType.methodType(type, Thread.class))
                            .asType(MethodType.methodType(Object.class, Thread.class)),
                    part(jdk, type, "threadState", Thread.State.class),
                    part(jdk, type, "stackTrace", StackTraceElement[].class),
                    part(jdk, type, "blockedOn", Object.class),
                    part(jdk, type, "waitingOn", Object.class),
                    part(jdk, type, "ownsMonitors", boolean.class),
                    jdk.method(type, "ownedMonitorsAt", MethodType.methodType(Stream.class, int.class))
                            .asType(MethodType.methodType(Stream.class, Object.class, int.class)),
                    jdk.method(
                            AbstractOwnableSynchronizer.class,
                            "getExclusiveOwnerThread",
                            MethodType.methodType(Thread.class)),
                    jdk.getter(
                            AbstractQueuedSynchronizer.ConditionObject.class,
                            "this$0",
                            AbstractQueuedSynchronizer.class),
                    jdk.staticMethod(Thread.class, "getAllThreads", MethodType.methodType(Thread[].class)),
                    jdk.getter(virtual, "state", int.class).asType(MethodType.methodType(int.class, Thread.class)),
                    (int) jdk.staticGetter(virtual, "UNBLOCKED", int.class).invokeExact());
        }

        private static MethodHandle part(JdkMembers jdk, Class<?> type, String name, Class<?> result)
                throws ReflectiveOperationException {
            return jdk.method(type, name, MethodType.methodType(result))
                    .asType(MethodType.methodType(result, Object.class));
        }
    }

    /** Apart, so that what a JDK does not have is missing here and nowhere else. */
    private static final class Access {
        static final JdkMembers.Found<Handles> FOUND = JdkMembers.Found.by(Handles::of);
    }
}
