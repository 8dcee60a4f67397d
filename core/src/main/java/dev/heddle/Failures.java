package dev.heddle;

/** How throwables leave bodies. */
final class Failures {

    private Failures() {}

    /** Errors and unchecked exceptions as they are; a checked one wrapped once. Throws errors itself. */
    static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new TaskFailedException(text(e), e);
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
