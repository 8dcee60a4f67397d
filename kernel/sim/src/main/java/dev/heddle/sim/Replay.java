package dev.heddle.sim;

/** The recipe to see a failure again; rides along on the failure, so that it is wherever its stack is shown. */
final class Replay extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private Replay(String message) {
        // Its own stack would only hide the one that matters.
        super(message, null, false, false);
    }

    /** Adds the note to a failure, and prints it. */
    static void add(Throwable failure, String message) {
        failure.addSuppressed(new Replay(message));
        System.err.println(message);
    }

    /**
     * Adds the note, and throws the failure; the return type is for the compiler. What a run throws is never checked.
     */
    static RuntimeException fail(Throwable failure, String message) {
        add(failure, message);
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
