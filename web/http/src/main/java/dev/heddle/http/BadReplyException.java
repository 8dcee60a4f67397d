package dev.heddle.http;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a request whose answer is not the HTTP that was asked for: broken framing, forbidden bytes, a switch
 * of protocol nobody asked for, or a text that cannot be decoded. Its connection is closed and not used again.
 */
public sealed class BadReplyException extends HeddleException permits DigestMismatchException {

    private static final long serialVersionUID = 1L;

    public BadReplyException(String message) {
        super(message);
    }

    public BadReplyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
