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

    private static final String LINUX = "dev.heddle.linux";

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
            failure = Access.FAILURE;
        } catch (LinkageError e) {
            failure = e;
        }
        if (failure != null) {
            throw new IllegalStateException(refusal(failure, Runtime.version()), failure);
        }
    }

    /** What to do where the JDK does not let Heddle in: it keeps its doors closed, or has others. */
    public static String refusal(Throwable failure, Runtime.Version jdk) {
        return switch (failure) {
            case NoSuchMethodException _,NoSuchFieldException _,ClassNotFoundException _ ->
                "Heddle cannot run its loops on JDK " + jdk + ", which does not have " + failure.getMessage()
                        + ". Run with JDK 25, on which Heddle is proven, or with a Heddle that is newer.";
            default ->
                "Heddle runs tasks on its own loops, which the JDK allows only with these flags. Add to the java command: "
                        + flags() + elsewhere();
        };
    }

    /** Whether the JDK lets Heddle in; without it there are no loops. */
    public static boolean hasAccess() {
        return Access.FAILURE == null;
    }

    /** The two without which there are no loops, and the one without which the JDK warns of native code at each start. */
    private static String flags() {
        Module module = VirtualThreads.class.getModule();
        String target = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return "--add-opens java.base/java.lang=" + target + " --add-exports java.base/jdk.internal.vm=" + target
                + " --enable-native-access=" + target + linux(module);
    }

    /** A module that is not there would be warned about, too. */
    private static String linux(Module core) {
        ModuleLayer layer = core.getLayer();
        return layer != null && layer.findModule(LINUX).isPresent() ? "," + LINUX : "";
    }

    /** Where they stand if no command of the user's starts the JVM. */
    private static String elsewhere() {
        return VirtualThreads.class.getModule().isNamed()
                ? " (tests: argLine of Surefire; an image: --add-options of jlink, each with = behind its name)"
                : " (tests: argLine of Surefire, jvmArgs of Gradle; a jar that java -jar starts, shaded or not:"
                        + " its manifest, Add-Opens: java.base/java.lang, Add-Exports: java.base/jdk.internal.vm and"
                        + " Enable-Native-Access: ALL-UNNAMED)";
    }

    /** Makes a virtual thread that is not started yet; inheritable thread locals come from the current thread. */
    public static Thread create(Executor scheduler, @Nullable String name, Runnable body) {
        try {
            return (Thread) Access.NEW_THREAD.invokeExact(scheduler, name, 0, body);
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
            Access.SET_BINDINGS.invokeExact(thread, bindings);
            Access.START.invokeExact(thread);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The scoped values that the calling code sees, to start a thread with later. */
    public static Object bindings() {
        try {
            return (Object) Access.CURRENT_BINDINGS.invokeExact();
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The scheduler of a virtual thread. */
    public static Executor schedulerOf(Thread virtual) {
        try {
            return (Executor) Access.SCHEDULER.invokeExact(virtual);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The platform thread that runs a virtual thread; null while it is not mounted. May change at once. */
    public static @Nullable Thread carrierOf(Thread virtual) {
        try {
            return (@Nullable Thread) Access.CARRIER.invokeExact(virtual);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The platform thread that is running this code, also when asked from a virtual thread. */
    public static Thread currentCarrier() {
        try {
            return (Thread) Access.CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** The JDK's own scheduler of virtual threads. */
    public static Executor defaultScheduler() {
        return Objects.requireNonNull(Access.DEFAULT_SCHEDULER);
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

    /** Apart, so that a missing flag fails here and can be told in words. */
    private static final class Access {
        static final MethodHandle NEW_THREAD;
        static final MethodHandle START;
        static final MethodHandle CURRENT_BINDINGS;
        static final MethodHandle SET_BINDINGS;
        static final MethodHandle SCHEDULER;
        static final MethodHandle CARRIER;
        static final MethodHandle CURRENT_CARRIER;
        static final @Nullable Executor DEFAULT_SCHEDULER;
        static final @Nullable Throwable FAILURE;

        static {
            MethodHandle none = MethodHandles.empty(MethodType.methodType(void.class));
            MethodHandle newThread = none;
            MethodHandle start = none;
            MethodHandle currentBindings = none;
            MethodHandle setBindings = none;
            MethodHandle scheduler = none;
            MethodHandle carrier = none;
            MethodHandle currentCarrier = none;
            Executor defaultScheduler = null;
            Throwable failure = null;
            try {
                MethodHandles.Lookup thread = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
                Class<?> virtual = Class.forName("java.lang.VirtualThread");
                MethodHandles.Lookup inside = MethodHandles.privateLookupIn(virtual, MethodHandles.lookup());
                newThread = thread.findStatic(
                        Class.forName("java.lang.ThreadBuilders"),
                        "newVirtualThread",
                        MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class));
                MethodHandle startIn = thread.findVirtual(
                        Thread.class,
                        "start",
                        MethodType.methodType(void.class, TaskContainer.class.getSuperclass()));
                start = MethodHandles.insertArguments(startIn, 1, TaskContainer.INSTANCE);
                currentBindings = MethodHandles.privateLookupIn(ScopedValue.class, MethodHandles.lookup())
                        .findStatic(
                                ScopedValue.class,
                                "scopedValueBindings",
                                MethodType.methodType(Class.forName("java.lang.ScopedValue$Snapshot")))
                        .asType(MethodType.methodType(Object.class));
                setBindings = thread.findSetter(Thread.class, "scopedValueBindings", Object.class);
                scheduler = inside.findGetter(virtual, "scheduler", Executor.class)
                        .asType(MethodType.methodType(Executor.class, Thread.class));
                carrier = inside.findGetter(virtual, "carrierThread", Thread.class)
                        .asType(MethodType.methodType(Thread.class, Thread.class));
                currentCarrier = thread.findStatic(Thread.class, "currentCarrierThread",
                        MethodType.methodType(Thread.class));
                defaultScheduler = (Executor) inside.findStaticGetter(virtual, "DEFAULT_SCHEDULER", ForkJoinPool.class)
                        .asType(MethodType.methodType(Executor.class))
                        .invokeExact();
            } catch (Throwable e) {
                failure = e;
            }
            NEW_THREAD = newThread;
            START = start;
            CURRENT_BINDINGS = currentBindings;
            SET_BINDINGS = setBindings;
            SCHEDULER = scheduler;
            CARRIER = carrier;
            CURRENT_CARRIER = currentCarrier;
            DEFAULT_SCHEDULER = defaultScheduler;
            FAILURE = failure;
        }
    }
}
