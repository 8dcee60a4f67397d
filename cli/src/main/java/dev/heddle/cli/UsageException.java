package dev.heddle.cli;

import java.io.Serial;

/**
 * The failure of a command line that is wrong: the message says how, in one line, and what to write instead where that
 * is known.
 */
final class UsageException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
