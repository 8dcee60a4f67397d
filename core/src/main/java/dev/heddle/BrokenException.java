package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The connection is lost: the peer reset it, the network failed, or a cancelled write left it with half a message.
 */
public class BrokenException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public BrokenException(String message) {
        super(message);
    }

    public BrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
