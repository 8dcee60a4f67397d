package dev.heddle;

/** How throwables leave bodies. */
final class Failures {

    private Failures() {}

    /** Errors and unchecked exceptions as they are; a checked one wrapped once. Throws errors itself. */
    static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new TaskFailedException(e.toString(), e);
    }
}
