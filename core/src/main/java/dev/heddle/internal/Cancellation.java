package dev.heddle.internal;

import dev.heddle.CancelledException;
import dev.heddle.TaskFailedException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;

/** The throwables that say "you are cancelled": ours, and those by which blocking JDK code answers an interrupt. */
public final class Cancellation {

    private Cancellation() {}

    /** Whether it may be the answer to a cancel; only to be believed while one is under way. */
    public static boolean isCancellation(Throwable e) {
        return e instanceof CancelledException
                || e instanceof InterruptedException
                || e instanceof ClosedByInterruptException
                || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
                || isSocketClosedByInterrupt(e)
                || (e instanceof TaskFailedException && e.getCause() != null && isCancellation(e.getCause()));
    }

    /**
     * Whether it proves by itself that somebody interrupted the thread. An {@link InterruptedIOException} does not:
     * libraries throw it for time limits of their own.
     */
    public static boolean provesInterrupt(Throwable e) {
        return e instanceof InterruptedException
                || e instanceof ClosedByInterruptException
                || isSocketClosedByInterrupt(e)
                || (e instanceof TaskFailedException && e.getCause() != null && provesInterrupt(e.getCause()));
    }

    private static boolean isSocketClosedByInterrupt(Throwable e) {
        return e instanceof SocketException && Objects.equals(e.getMessage(), "Closed by interrupt");
    }
}
