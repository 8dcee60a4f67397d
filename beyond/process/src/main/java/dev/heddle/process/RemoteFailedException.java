package dev.heddle.process;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The failure of a body in another process with an exception whose class cannot be made here; the message names it. */
public final class RemoteFailedException extends HeddleException {

    private static final long serialVersionUID = 1;

    /** One with the words of the exception there. */
    public RemoteFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
