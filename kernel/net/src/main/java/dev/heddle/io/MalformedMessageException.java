package dev.heddle.io;

import dev.heddle.HeddleException;

/**
 * The failure of a receive whose bytes are no message in the agreed form. They stay unread; what would follow them
 * cannot be known, so the stream is of no more use.
 */
public final class MalformedMessageException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what came, and what should have
     */
    public MalformedMessageException(String message) {
        super(message);
    }
}
