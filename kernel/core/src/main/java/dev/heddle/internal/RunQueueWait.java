package dev.heddle.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The time for which a thread was ready to run and no processor was free for it: {@code
 * /proc/<pid>/task/<tid>/schedstat} of Linux. Other systems do not tell, and it then reads as none.
 */
public final class RunQueueWait {

    private static final Path SELF = Path.of("/proc/thread-self");
    private static final Path PROC = Path.of("/proc");

    private final @Nullable Path statistics;

    private RunQueueWait(@Nullable Path statistics) {
        this.statistics = statistics;
    }

    /** That of the calling platform thread, for any thread to read. */
    public static RunQueueWait ofThisThread() {
        try {
            return new RunQueueWait(PROC.resolve(Files.readSymbolicLink(SELF)).resolve("schedstat"));
        } catch (IOException | RuntimeException e) {
            return none();
        }
    }

    /** That of a thread of which nothing is known. */
    public static RunQueueWait none() {
        return new RunQueueWait(null);
    }

    /** The nanoseconds since the thread's start. */
    public long nanos() {
        if (statistics == null) {
            return 0;
        }
        try {
            return Long.parseLong(Files.readString(statistics).split(" ", -1)[1]); // behind its time on one
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
