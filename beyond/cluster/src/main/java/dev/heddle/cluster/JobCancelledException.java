package dev.heddle.cluster;

import dev.heddle.HeddleException;

/** A job whose result somebody waits for was cancelled. */
public final class JobCancelledException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says which. */
    public JobCancelledException(String message) {
        super(message, null);
    }
}
