package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The scoped values that hold at one place, to be put around a body on another platform thread. The JDK lets only a new thread
 * inherit them; a pool whose threads live longer than a body needs this.
 */
public final class Bindings {

    private final Object snapshot;

    private Bindings(Object snapshot) {
        this.snapshot = snapshot;
    }

    /** The scoped values of the calling code. */
    public static Bindings capture() {
        try {
            return new Bindings((Object) Access.CURRENT.invokeExact());
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** Runs a body with these scoped values and no others. On a platform thread. */
    public void run(Runnable body) {
        try {
            Object before = (Object) Access.GET.invokeExact();
            enter(snapshot);
            try {
                // A frame of this name is where the JDK finds the bindings again after it dropped them, as on a stack overflow.
                Access.RUN_WITH.invokeExact(Thread.currentThread(), snapshot, body);
            } finally {
                enter(before);
            }
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /** Each platform thread caches values that it found, so the cache goes with the bindings. */
    private static void enter(Object bindings) throws Throwable {
        Access.SET.invokeExact(bindings);
        Access.SET_CACHE.invokeExact((Object[]) null);
    }

    private static RuntimeException propagate(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    /** Apart, so that {@link VirtualThreads#requireAccess} can tell of a missing flag first. */
    private static final class Access {
        static final MethodHandle CURRENT;
        static final MethodHandle GET;
        static final MethodHandle SET;
        static final MethodHandle SET_CACHE;
        static final MethodHandle RUN_WITH;

        static {
            try {
                MethodHandles.Lookup thread = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
                CURRENT = MethodHandles.privateLookupIn(ScopedValue.class, MethodHandles.lookup())
                        .findStatic(
                                ScopedValue.class,
                                "scopedValueBindings",
                                MethodType.methodType(Class.forName("java.lang.ScopedValue$Snapshot")))
                        .asType(MethodType.methodType(Object.class));
                GET = thread.findStatic(Thread.class, "scopedValueBindings", MethodType.methodType(Object.class));
                SET = thread.findStatic(
                        Thread.class,
                        "setScopedValueBindings",
                        MethodType.methodType(void.class, Object.class));
                SET_CACHE = thread.findStatic(
                        Thread.class,
                        "setScopedValueCache",
                        MethodType.methodType(void.class, Object[].class));
                RUN_WITH = thread.findVirtual(
                        Thread.class,
                        "runWith",
                        MethodType.methodType(void.class, Object.class, Runnable.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
