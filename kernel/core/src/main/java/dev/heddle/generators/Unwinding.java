package dev.heddle.generators;

/**
 * The error that is thrown into a body closed before its end, so that its finally blocks run. An error, since code that
 * catches exceptions in order to go on shall not catch this one; without a stack, since it is no failure.
 */
final class Unwinding extends Error {
    private static final long serialVersionUID = 1;

    Unwinding(String who) {
        super(who + " is closed: let this pass", null, false, false);
    }
}
