package dev.heddle;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;

/** Which throwables say "you are cancelled": ours, and those by which blocking JDK code answers an interrupt. */
final class Cancellation {

    private Cancellation() {}

    static boolean isCancellation(Throwable e) {
        return e instanceof CancelledException
                || e instanceof InterruptedException
                || e instanceof ClosedByInterruptException
                || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
                || (e instanceof SocketException && Objects.equals(e.getMessage(), "Closed by interrupt"))
                || (e instanceof TaskFailedException && e.getCause() != null && isCancellation(e.getCause()));
    }
}
