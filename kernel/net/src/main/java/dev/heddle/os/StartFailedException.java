package dev.heddle.os;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The failure to start a process; none was started. Tells what was to be started and why it was not. */
public final class StartFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** The reasons for which a process is not started. */
    public enum Reason {
        /** There is no such program. */
        NOT_FOUND,
        /** There is a file of this name, but this user may not run it, or it is no program. */
        NOT_EXECUTABLE,
        /** The directory to start in is not there. */
        NO_DIRECTORY,
        /**
         * The system refused, for instance because the arguments are too long or there is no memory; the cause says
         * why.
         */
        REFUSED
    }

    private final Reason reason;

    StartFailedException(String command, Reason reason, String details, @Nullable Throwable cause) {
        super("cannot start " + command + ": " + details, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
