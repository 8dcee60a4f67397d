package dev.heddle.http.internal.codec;

import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.util.concurrent.Callable;

/** The work with files, which may block, on worker threads. */
public final class OffloadedIo {

    private OffloadedIo() {}

    /** Does the work and waits for its end; its own IOException comes out as it is. */
    public static <T> T call(Callable<T> work) throws IOException {
        try {
            return Heddle.offload(work);
        } catch (TaskFailedException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
