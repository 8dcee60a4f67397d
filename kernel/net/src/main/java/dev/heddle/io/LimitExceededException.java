package dev.heddle.io;

import dev.heddle.HeddleException;

/** The failure of a read that would take more bytes than the caller allows. Nothing is taken from the stream. */
public final class LimitExceededException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final long limit;

    /**
     * @param what what is too long: {@code a line}
     * @param limit the most bytes allowed
     */
    public LimitExceededException(String what, long limit) {
        super(what + " is longer than " + limit + " bytes");
        this.limit = limit;
    }

    /** The most bytes allowed. */
    public long limit() {
        return limit;
    }
}
