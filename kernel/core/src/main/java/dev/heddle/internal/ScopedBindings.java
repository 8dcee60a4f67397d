package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/**
 * The scoped values bound in a thread, as one thing that can be put aside and put back. The JDK keeps them in a field
 * of the thread, next to a cache of values found.
 *
 * <p>Needs what {@link VirtualThreads#requireAccess} checks.
 */
public final class ScopedBindings {

    private static final Handles HANDLES;

    static {
        try {
            HANDLES = Handles.of(JdkMembers.OWN);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ScopedBindings() {}

    /** What is bound in the current thread. */
    @SuppressWarnings("NullAway") // null has a meaning for the JDK, and for nobody else
    public static Object get(Thread current) {
        try {
            return (Object) HANDLES.get().invokeExact(current);
        } catch (Throwable e) {
            throw VirtualThreads.propagate(e);
        }
    }

    /** Binds in the current thread what was got before; the cache is somebody else's business. */
    static void set(Thread current, Object bindings) {
        try {
            HANDLES.set().invokeExact(current, bindings);
        } catch (Throwable e) {
            throw VirtualThreads.propagate(e);
        }
    }

    /** Binds in the current thread what was got before, and forgets the values found under the bindings until now. */
    @SuppressWarnings("NullAway") // null is the empty cache
    public static void exchange(Thread current, Object bindings) {
        set(current, bindings);
        try {
            HANDLES.setCache().invokeExact((Object[]) null);
        } catch (Throwable e) {
            throw VirtualThreads.propagate(e);
        }
    }

    /**
     * Runs a body in the current platform thread with other bindings: for a pool whose threads live longer than a body,
     * since only a new thread inherits them.
     *
     * @param bindings from {@link VirtualThreads#bindings}
     */
    public static void run(Object bindings, Runnable body) {
        Thread current = Thread.currentThread();
        Object before = get(current);
        exchange(current, bindings);
        try {
            // A frame of this name is where the JDK finds the bindings again after it dropped them, as on a stack
            // overflow.
            HANDLES.runWith().invokeExact(current, bindings, body);
        } catch (Throwable e) {
            throw VirtualThreads.propagate(e);
        } finally {
            exchange(current, before);
        }
    }

    /** What is called of the JDK. */
    record Handles(MethodHandle get, MethodHandle set, MethodHandle setCache, MethodHandle runWith) {

        static Handles of(JdkMembers jdk) throws ReflectiveOperationException {
            return new Handles(
                    jdk.getter(Thread.class, "scopedValueBindings", Object.class),
                    jdk.setter(Thread.class, "scopedValueBindings", Object.class),
                    jdk.staticMethod(
                            Thread.class, "setScopedValueCache", MethodType.methodType(void.class, Object[].class)),
                    jdk.method(
                            Thread.class, "runWith", MethodType.methodType(void.class, Object.class, Runnable.class)));
        }
    }
}
