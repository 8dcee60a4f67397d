package dev.heddle.cli.command;

import java.io.Serial;

/**
 * The failure of a command that cannot do its work for a reason outside the program; the message is one line for the
 * user.
 */
public final class FailureException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public FailureException(String message) {
        super(message);
    }

    public FailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
