package dev.heddle.internal;

import dev.heddle.CancelledException;
import dev.heddle.HeddleException;
import dev.heddle.TaskFailedException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;

/**
 * The throwables that say "you are cancelled": ours, those by which blocking JDK code answers an interrupt, and what
 * libraries make of these.
 */
public final class Cancellation {

    /** Most causes inside each other that are looked at. Libraries need a few, and a chain may be a circle. */
    private static final int MAX_CAUSES = 16;

    /** Why a task is cancelled that its owner has left behind; an owner that is cancelled has another reason. */
    public static final String OWNER_ENDED = "its owner ended";

    private Cancellation() {}

    /** Whether it may be the answer to a cancel; only to be believed while one is under way that code was told of. */
    public static boolean isCancellation(Throwable e) {
        Throwable inner = inner(e);
        return inner instanceof CancelledException
                || (inner instanceof InterruptedIOException && !(inner instanceof SocketTimeoutException))
                || comesOfInterrupt(inner);
    }

    /**
     * Whether it may be how JDK code answered an interrupt; only to be believed of a thread that was interrupted, since
     * it may be the failure of another. An {@link InterruptedIOException} is none: libraries throw it for time limits of
     * their own.
     */
    public static boolean isInterruptAnswer(Throwable e) {
        return isInterrupt(inner(e));
    }

    /** Whether it is the exception of a cancel itself. */
    public static boolean isOurs(Throwable e) {
        return inner(e) instanceof CancelledException;
    }

    /** What a failure of ours stands for that only makes it unchecked. */
    private static Throwable inner(Throwable e) {
        Throwable inner = e;
        for (int i = 0; i < MAX_CAUSES && inner instanceof TaskFailedException && inner.getCause() != null; i++) {
            inner = inner.getCause();
        }
        return inner;
    }

    /**
     * Whether an interrupt is behind it, as behind the {@code SQLException} of a driver. A failure of ours has its own
     * meaning, whatever its cause, and so has an error.
     */
    private static boolean comesOfInterrupt(Throwable e) {
        Throwable link = e;
        for (int i = 0; i < MAX_CAUSES && link instanceof Exception && !(link instanceof HeddleException); i++) {
            if (isInterrupt(link)) {
                return true;
            }
            link = Throwables.cause(link);
        }
        return false;
    }

    private static boolean isInterrupt(Throwable e) {
        return e instanceof InterruptedException
                || e instanceof ClosedByInterruptException
                || (e instanceof SocketException && Objects.equals(e.getMessage(), "Closed by interrupt"));
    }
}
