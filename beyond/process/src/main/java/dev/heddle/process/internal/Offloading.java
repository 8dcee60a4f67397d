package dev.heddle.process.internal;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.util.concurrent.Callable;

/**
 * The calls of the system that may take a while: a task has them done by a worker thread, every other thread does them
 * itself.
 */
public final class Offloading {

    private Offloading() {}

    /** Whether the calling code is that of a task. */
    public static boolean isTask() {
        return Task.ofThread(Thread.currentThread()).isPresent();
    }

    /** Cancellation: as {@link Heddle#offload}. */
    public static <T> T call(Callable<T> body) {
        if (isTask()) {
            return Heddle.offload(body);
        }
        try {
            return body.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** For cleaning up: no cancel from outside reaches the body. */
    public static void despiteCancel(Action body) {
        if (isTask()) {
            Heddle.shield(() -> Heddle.offload(body));
        } else {
            call(() -> {
                body.run();
                return true;
            });
        }
    }
}
