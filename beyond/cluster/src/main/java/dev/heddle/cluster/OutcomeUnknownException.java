package dev.heddle.cluster;

import dev.heddle.HeddleException;

/**
 * A change of which nobody can say here whether it has taken place: the session with the store ended before the answer
 * came. Read what there is before you ask for it again.
 */
public final class OutcomeUnknownException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public OutcomeUnknownException(String message) {
        super(message, null);
    }
}
