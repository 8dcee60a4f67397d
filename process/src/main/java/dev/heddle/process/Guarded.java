package dev.heddle.process;

import dev.heddle.Action;
import dev.heddle.TaskFailedException;
import java.util.concurrent.Callable;

/** Runs bodies that are followed by a release, whatever happens in them. */
final class Guarded {

    private Guarded() {}

    static <T> T run(Callable<? extends T> body, Runnable release) {
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            try {
                release.run();
            } catch (RuntimeException failed) {
                e.addSuppressed(failed);
            }
            throw unchecked(e);
        }
        release.run();
        return result;
    }

    static void run(Action body, Runnable release) {
        Guarded.<Boolean>run(() -> {
            body.run();
            return true;
        }, release);
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new TaskFailedException(e.toString(), e);
    }
}
