package dev.heddle.sim;

/** Says how to see a failure again; rides along on the failure, so that it is wherever its stack is shown. */
final class Replay extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Replay(String message) {
        // Its own stack would only hide the one that matters.
        super(message, null, false, false);
    }
}
