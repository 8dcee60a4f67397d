package dev.heddle.process;

import dev.heddle.HeddleException;

/**
 * The failure of a value that cannot go to another process; nothing of it was sent. The message names its type and the
 * path to it, such as {@code result.owner.lock[3]}.
 */
public final class CannotTravelException extends HeddleException {

    private static final long serialVersionUID = 1;

    /** One with the words of where and why. */
    public CannotTravelException(String message) {
        super(message);
    }
}
