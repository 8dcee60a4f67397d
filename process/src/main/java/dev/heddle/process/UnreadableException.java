package dev.heddle.process;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** What came from another process is no value: wrong bytes, or a class that this process does not have. */
final class UnreadableException extends HeddleException {

    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message);
    }

    UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
