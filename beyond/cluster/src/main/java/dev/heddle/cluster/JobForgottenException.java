package dev.heddle.cluster;

import dev.heddle.HeddleException;

/**
 * A job whose result somebody waits for is not known: it was never submitted, or has ended longer ago than results are
 * kept.
 */
public final class JobForgottenException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says which. */
    public JobForgottenException(String message) {
        super(message, null);
    }
}
