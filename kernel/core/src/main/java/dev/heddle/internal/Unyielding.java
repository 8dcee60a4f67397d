package dev.heddle.internal;

import jdk.internal.vm.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * The sections of code that keep their thread. A task or callback that meets a taken lock in one waits together with its
 * loop, instead of leaving that to the others, which would see what it has half done: for what is confined to a loop
 * and takes a lock that everybody holds for a few steps only.
 *
 * <p>Nothing in such a section may wait for something else of the loop. And whoever takes such a lock on that loop takes
 * it in such a section, nobody below the tasks: those who wait for a lock wake up in line, so a task that waits for it in
 * the ordinary way could be the next and need the loop, which waits behind it. For the same reason what runs below the
 * tasks only tries locks that tasks take, and leaves the rest to a callback.
 *
 * <p>On a thread of the JDK's own it makes no difference. Needs what {@link VirtualThreads#requireAccess} checks.
 */
public final class Unyielding {

    private Unyielding() {}

    /** Checks that the JDK has what this calls. */
    static void require(JdkMembers jdk) throws ReflectiveOperationException {
        Class<?> continuation = jdk.type("jdk.internal.vm.Continuation");
        jdk.require(continuation, "pin");
        jdk.require(continuation, "unpin");
    }

    /** What is done in one piece. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object, X extends Exception> {
        T run() throws X;
    }

    public static <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
        Continuation.pin();
        try {
            return body.run();
        } finally {
            Continuation.unpin();
        }
    }

    public static void run(Runnable body) {
        Continuation.pin();
        try {
            body.run();
        } finally {
            Continuation.unpin();
        }
    }
}
