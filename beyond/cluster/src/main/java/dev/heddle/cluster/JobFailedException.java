package dev.heddle.cluster;

import dev.heddle.HeddleException;

/** A job whose result somebody waits for has failed too often, and is a dead letter. */
public final class JobFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says which. */
    public JobFailedException(String message) {
        super(message, null);
    }
}
