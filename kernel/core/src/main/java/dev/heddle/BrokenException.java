package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a call on something shared that the other side has made unusable: the peer reset the connection or a
 * cancelled write left it with half a message; the holder of a mutex ended; no receiver of a channel is left; a party
 * of a barrier gave up.
 */
public class BrokenException extends HeddleException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("this-escape") // only kept, for its text
    public BrokenException(String message) {
        super(message);
        RefusedCalls.note(this);
    }

    @SuppressWarnings("this-escape") // only kept, for its text
    public BrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
        RefusedCalls.note(this);
    }
}
