package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads on a chosen scheduler, which JDK 25 can do but keeps behind {@code java.lang.ThreadBuilders}.
 *
 * <p>The scheduler of a thread is called with the same runnable each time the thread is ready; running that runnable on
 * a platform thread mounts the thread there until it waits, yields or ends.
 */
public final class VirtualThreads {

    private VirtualThreads() {}

    /**
     * Checks that the JDK lets Heddle in.
     *
     * @throws IllegalStateException if not, with the flags to add, or with what this JDK does not have
     */
    public static void requireAccess() {
        if (Runtime.version().feature() < 25) {
            throw new IllegalStateException("Heddle needs JDK 25 or later; this is " + Runtime.version()
                    + ". Install one, for example from https://adoptium.net, and run with it.");
        }
        Throwable failure;
        try {
            failure = Access.FOUND.failure();
        } catch (LinkageError e) {
            failure = e;
        }
        if (failure != null) {
            throw new IllegalStateException(
                    JdkHook.LOOPS.refusal(failure, Runtime.version(), JdkFlags.areGiven()), failure);
        }
    }

    /** Whether the JDK lets Heddle in; without it there are no loops. */
    public static boolean hasAccess() {
        return Access.FOUND.failure() == null;
    }

    /** Makes a virtual thread that is not started yet; inheritable thread locals come from the current thread. */
    public static Thread create(Executor scheduler, @Nullable String name, Runnable body) {
        try {
            return (Thread) handles().newThread().invokeExact(scheduler, name, 0, body);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** Starts a thread; it inherits the current thread's scoped values. */
    public static void start(Thread thread) {
        start(thread, bindings());
    }

    /** Starts a thread with the scoped values of the code that asked for {@link #bindings}. */
    public static void start(Thread thread, Object bindings) {
        try {
            handles().setBindings().invokeExact(thread, bindings);
            handles().start().invokeExact(thread);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The scoped values that the calling code sees, to start a thread with later. */
    public static Object bindings() {
        try {
            return (Object) handles().currentBindings().invokeExact();
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The scheduler of a virtual thread. */
    public static Executor schedulerOf(Thread virtual) {
        try {
            return (Executor) handles().scheduler().invokeExact(virtual);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The platform thread that runs a virtual thread; null while it is not mounted. May change at once. */
    public static @Nullable Thread carrierOf(Thread virtual) {
        try {
            return (@Nullable Thread) handles().carrier().invokeExact(virtual);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The platform thread that is running this code, also when asked from a virtual thread. */
    public static Thread currentCarrier() {
        try {
            return (Thread) handles().currentCarrier().invokeExact();
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The JDK's own scheduler of virtual threads. */
    public static Executor defaultScheduler() {
        return handles().defaultScheduler();
    }

    static RuntimeException propagate(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        if (e instanceof RuntimeException runtime) {
            throw runtime;
        }
        throw new IllegalStateException(e);
    }

    private static Handles handles() {
        return Objects.requireNonNull(Access.FOUND.handles());
    }

    /** What is called of the JDK; a record, whose fields compiled code takes for constants. */
    record Handles(MethodHandle newThread, MethodHandle start, MethodHandle currentBindings, MethodHandle setBindings,
            MethodHandle scheduler, MethodHandle carrier, MethodHandle currentCarrier, Executor defaultScheduler) {

        /** Finds it, and whatever else a loop needs. */
        static Handles of(JdkMembers jdk) throws Throwable {
            Class<?> virtual = jdk.type("java.lang.VirtualThread");
            Class<?> container = jdk.type("jdk.internal.vm.ThreadContainer");
            jdk.require(container, "ThreadContainer", boolean.class);
            ScopedBindings.Handles.of(jdk);
            Unyielding.require(jdk);
            return new Handles(
                    jdk.staticMethod(
                            jdk.type("java.lang.ThreadBuilders"),
                            "newVirtualThread",
                            MethodType.methodType(
                                    Thread.class, Executor.class, String.class, int.class, Runnable.class)),
                    MethodHandles.insertArguments(
                            jdk.method(Thread.class, "start", MethodType.methodType(void.class, container)),
                            1,
                            TaskContainer.INSTANCE),
                    jdk.staticMethod(
                            ScopedValue.class,
                            "scopedValueBindings",
                            MethodType.methodType(jdk.type("java.lang.ScopedValue$Snapshot")))
                            .asType(MethodType.methodType(Object.class)),
                    jdk.setter(Thread.class, "scopedValueBindings", Object.class),
                    jdk.getter(virtual, "scheduler", Executor.class)
                            .asType(MethodType.methodType(Executor.class, Thread.class)),
                    jdk.getter(virtual, "carrierThread", Thread.class)
                            .asType(MethodType.methodType(Thread.class, Thread.class)),
                    jdk.staticMethod(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class)),
                    (Executor) jdk.staticGetter(virtual, "DEFAULT_SCHEDULER", ForkJoinPool.class)
                            .asType(MethodType.methodType(Executor.class))
                            .invokeExact());
        }
    }

    /** Apart, so that what lacks fails here and can be told in words. */
    private static final class Access {
        static final JdkMembers.Found<Handles> FOUND = JdkMembers.Found.by(Handles::of);
    }
}
