package dev.heddle.internal;

import java.util.function.Supplier;
import jdk.internal.vm.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * The sections of code that keep their thread. A task or callback that meets a taken lock in one waits together with its
 * loop, instead of leaving that to the others, which would see what it has half done: for what is confined to a loop
 * and takes a lock that everybody holds for a few steps only.
 *
 * <p>Nothing in such a section may wait for something else of the loop. On a thread of the JDK's own it makes no
 * difference. Needs what {@link VirtualThreads#requireAccess} checks.
 */
public final class Unyielding {

    private Unyielding() {}

    public static <T extends @Nullable Object> T call(Supplier<T> body) {
        Continuation.pin();
        try {
            return body.get();
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
