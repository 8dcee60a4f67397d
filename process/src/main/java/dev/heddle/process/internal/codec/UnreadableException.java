package dev.heddle.process.internal.codec;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** What came from another process is no value: wrong bytes, or a class that this process does not have. */
public final class UnreadableException extends HeddleException {

    private static final long serialVersionUID = 1;

    public UnreadableException(String message) {
        super(message);
    }

    public UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
