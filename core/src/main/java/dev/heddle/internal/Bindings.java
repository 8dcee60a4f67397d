package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Puts the scoped values of one place around a body on another platform thread. The JDK lets only a new thread inherit them; a
 * pool whose threads live longer than a body needs this.
 */
public final class Bindings {

    private Bindings() {}

    /**
     * Runs a body on this platform thread with the given scoped values and no others.
     *
     * @param bindings from {@link VirtualThreads#bindings}
     */
    public static void run(Object bindings, Runnable body) {
        try {
            Object before = (Object) Access.GET.invokeExact();
            enter(bindings);
            try {
                // A frame of this name is where the JDK finds the bindings again after it dropped them, as on a stack overflow.
                Access.RUN_WITH.invokeExact(Thread.currentThread(), bindings, body);
            } finally {
                enter(before);
            }
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each platform thread caches values that it found, so the cache goes with the bindings. */
    private static void enter(Object bindings) throws Throwable {
        Access.SET.invokeExact(bindings);
        Access.SET_CACHE.invokeExact((Object[]) null);
    }

    /** Apart, so that {@link VirtualThreads#requireAccess} can tell of a missing flag first. */
    private static final class Access {
        static final MethodHandle GET;
        static final MethodHandle SET;
        static final MethodHandle SET_CACHE;
        static final MethodHandle RUN_WITH;

        static {
            try {
                MethodHandles.Lookup thread = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
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
