package dev.heddle.cluster.store;

import dev.heddle.HeddleException;

/** The session with the store is over: what it owned there is gone. */
public final class SessionLostException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public SessionLostException(String message) {
        super(message, null);
    }
}
