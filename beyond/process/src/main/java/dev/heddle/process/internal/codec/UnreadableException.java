package dev.heddle.process.internal.codec;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of what came from another process and is no value: wrong bytes, or a class that this process does not
 * have.
 */
public final class UnreadableException extends HeddleException {

    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message);
    }

    UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** One of a special form. No public constructor, since users know no such exception: it travels in words. */
    public static UnreadableException of(String message, @Nullable Throwable cause) {
        return new UnreadableException(message, cause);
    }
}
