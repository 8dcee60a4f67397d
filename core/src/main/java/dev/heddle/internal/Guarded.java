package dev.heddle.internal;

import dev.heddle.Action;
import java.util.concurrent.Callable;

/** The functions that run a body and then a release, whatever happens in the body. */
public final class Guarded {

    private Guarded() {}

    public static <T> T run(Callable<? extends T> body, Runnable release) {
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            throw released(e, release);
        }
        release.run();
        return result;
    }

    public static void run(Action body, Runnable release) {
        try {
            body.run();
        } catch (Throwable e) {
            throw released(e, release);
        }
        release.run();
    }

    /** Releases after a failure, which stays the one that is thrown. Throws errors itself. */
    private static RuntimeException released(Throwable e, Runnable release) {
        try {
            release.run();
        } catch (RuntimeException failed) {
            e.addSuppressed(failed);
        }
        return Throwables.unchecked(e);
    }
}
