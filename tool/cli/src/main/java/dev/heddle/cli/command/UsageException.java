package dev.heddle.cli.command;

import java.io.Serial;

/**
 * The failure of a command line that is wrong: the message says how, in one line, and what to write instead where that
 * is known.
 */
public final class UsageException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
