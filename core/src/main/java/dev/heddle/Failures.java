package dev.heddle;

/** The handling of throwables that leave bodies. */
final class Failures {

    private Failures() {}

    /** Errors and unchecked exceptions as they are; a checked one wrapped once. Throws errors itself. */
    static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new TaskFailedException(text(e), e);
    }

    /** Tells a handler of a failure; where the handler fails too, {@link FailureHandler#LOG} hears of both. */
    static void report(FailureHandler handler, String what, Throwable failure) {
        try {
            handler.failed(what, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            FailureHandler.LOG.failed("the failure handler failed; suppressed: " + what, e);
        }
    }

    /** A throwable in one line; its own words may come from code of users, and that may fail too. */
    static String text(Throwable e) {
        try {
            return e.toString();
        } catch (RuntimeException broken) {
            return e.getClass().getName();
        }
    }
}
