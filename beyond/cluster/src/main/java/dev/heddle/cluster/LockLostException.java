package dev.heddle.cluster;

import dev.heddle.BrokenException;

/**
 * A lock, a permit or leadership that the caller had has gone from it: its node's lease is over, since the store did not
 * answer in time or has taken the session, or the node has left. Somebody else may have it by now.
 */
public final class LockLostException extends BrokenException {

    private static final long serialVersionUID = 1L;

    /** Says what was lost, and why. */
    public LockLostException(String message) {
        super(message);
    }
}
