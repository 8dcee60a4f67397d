package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * A continuation: code that can be suspended in its middle and resumed by the same thread, with scoped values of its
 * own.
 *
 * <p>Suspendables may run inside each other, and inside virtual threads. A virtual thread that waits while it runs some
 * takes them along: the JDK suspends them from the innermost out and puts them back the same way.
 *
 * <p>Threads: one, the one that resumes it first; compiled code may have read the current thread before it was
 * suspended. Needs what {@link VirtualThreads#requireAccess} checks; not even loaded without it.
 */
public final class Suspendable extends Continuation {

    // What suspends itself takes along what runs inside it, so the two kinds may be inside each other.
    private static final ContinuationScope GENERATOR = new ContinuationScope("heddle generator");
    private static final ContinuationScope COROUTINE = new ContinuationScope("heddle coroutine");

    private static final MethodHandle INNERMOST;
    private static final VarHandle SWITCHING = Handles.of(MethodHandles.lookup(), Suspendable.class, "switching",
            boolean.class);

    static {
        try {
            INNERMOST = Members.innermost(JdkMembers.OWN, Continuation.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ContinuationScope scope;
    private final Object whose;

    /** While it is suspended, what its code has bound; at first what is bound where it is made. */
    private Object bindings;

    private Pinned pinned = Pinned.NATIVE;

    /** From just before it is suspended until it runs again; nobody reads the stack of its thread meanwhile. */
    @SuppressWarnings("UnusedVariable") // by SWITCHING
    private boolean switching;

    private Suspendable(ContinuationScope scope, Object whose, Runnable body) {
        super(scope, body);
        this.whose = whose;
        this.scope = scope;
        VirtualThreads.bindings(); // has the JDK find them where it has not looked yet
        this.bindings = ScopedBindings.get(Thread.currentThread());
        StackTraces.guard();
    }

    /**
     * Makes one for a generator; it suspends itself only where it is innermost.
     *
     * @param whose what {@link #whose} gives
     * @param body must not throw
     */
    public static Suspendable generator(Object whose, Runnable body) {
        return new Suspendable(GENERATOR, whose, body);
    }

    /**
     * Makes one for a coroutine; it suspends itself together with the generators that run inside it.
     *
     * @param whose what {@link #whose} gives
     * @param body must not throw
     */
    public static Suspendable coroutine(Object whose, Runnable body) {
        return new Suspendable(COROUTINE, whose, body);
    }

    /** Whose code it runs. */
    public Object whose() {
        return whose;
    }

    /** Runs it until it suspends itself or ends. */
    public void resume() {
        Thread thread = Thread.currentThread();
        Object outer = ScopedBindings.get(thread);
        if (bindings != outer) {
            ScopedBindings.set(thread, bindings);
        }
        try {
            run();
        } finally {
            Object inner = ScopedBindings.get(thread);
            if (inner != bindings) {
                bindings = inner;
            }
            if (inner != outer) {
                ScopedBindings.set(thread, outer);
            }
        }
    }

    /**
     * Suspends it, from inside.
     *
     * @return after it was resumed, true; at once false if it cannot be suspended, and {@link #obstacle} says why
     */
    public boolean suspend() {
        SWITCHING.setOpaque(this, true);
        if (StackTraces.isReading()) {
            letRead();
        }
        try {
            return Continuation.yield(scope);
        } finally {
            SWITCHING.setOpaque(this, false);
        }
    }

    /** Comes back when it is switching and nobody reads the stack of this thread. */
    private void letRead() {
        while (StackTraces.isReadingThis()) {
            SWITCHING.setOpaque(this, false);
            while (StackTraces.isReadingThis()) {
                Thread.onSpinWait(); // not by a park, which would suspend what must not be
            }
            SWITCHING.setOpaque(this, true);
        }
    }

    /** What the last {@link #suspend} that gave false has met. */
    public String obstacle() {
        return obstacle(pinned.name());
    }

    /** By name: JDK 26 has no MONITOR any more, and a later one may have more, which are told in its own words. */
    static String obstacle(String pinned) {
        return switch (pinned) {
            case "NATIVE" ->
                "there is native code in between, such as a static initializer or a method that a C library calls back";
            case "CRITICAL_SECTION" -> "the JDK is in the middle of a critical section";
            case "EXCEPTION" -> "the stack or the heap is full";
            case "MONITOR" -> "there is a synchronized block in between";
            default -> "the JDK says " + pinned;
        };
    }

    /** Whether the calling code runs in it, and not in another one that runs in it. */
    public boolean isInnermost() {
        return innermost() == this;
    }

    /** The identity of what the calling code runs in; null outside of all of them and of virtual threads. */
    public static Object innermost() {
        return innermost(VirtualThreads.currentCarrier());
    }

    /** Whether a thread may be in the middle of suspending one. Any thread may ask; it may change at once. */
    static boolean isSwitching(Thread virtual) {
        Thread carrier = VirtualThreads.carrierOf(virtual);
        return carrier != null && isSwitchingOn(carrier);
    }

    /** Whether any thread may be in the middle of suspending one; it may change at once. */
    static boolean isAnySwitching() {
        return ThreadFacts.threads(0).stream().anyMatch(Suspendable::isSwitchingOn);
    }

    private static boolean isSwitchingOn(Thread carrier) {
        for (Object each = innermost(carrier); each instanceof Continuation continuation; each = continuation
                .getParent()) {
            if (continuation instanceof Suspendable suspendable && (boolean) SWITCHING.getOpaque(suspendable)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("NullAway") // only compared, or asked for its class
    private static Object innermost(Thread carrier) {
        try {
            return (Object) INNERMOST.invokeExact(carrier);
        } catch (Throwable e) {
            throw VirtualThreads.propagate(e);
        }
    }

    /** {@link #suspend} gives false then, and a thread that parks inside does so without unmounting. */
    @Override
    protected void onPinned(Pinned reason) {
        pinned = reason;
    }

    /** What this calls and overrides of the JDK; apart, so that it can be looked for where the superclass is not. */
    static final class Members {

        private Members() {}

        static MethodHandle of(JdkMembers jdk) throws ReflectiveOperationException {
            Class<?> continuation = jdk.type("jdk.internal.vm.Continuation");
            Class<?> scope = jdk.type("jdk.internal.vm.ContinuationScope");
            jdk.require(scope, "ContinuationScope", String.class);
            jdk.require(continuation, "Continuation", scope, Runnable.class);
            jdk.require(continuation, "run");
            jdk.require(continuation, "yield", scope);
            jdk.require(continuation, "getParent");
            jdk.require(continuation, "onPinned", jdk.type("jdk.internal.vm.Continuation$Pinned"));
            return innermost(jdk, continuation);
        }

        private static MethodHandle innermost(JdkMembers jdk, Class<?> continuation)
                throws ReflectiveOperationException {
            return jdk.getter(Thread.class, "cont", continuation)
                    .asType(MethodType.methodType(Object.class, Thread.class));
        }
    }
}
