package dev.heddle.internal;

import dev.heddle.FailureHandler;
import dev.heddle.TaskFailedException;

/** The handling of throwables that leave bodies, and their texts. */
public final class Throwables {

    private Throwables() {}

    /** Errors and unchecked exceptions as they are; a checked one wrapped once. Throws errors itself. */
    public static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new TaskFailedException(text(e), e);
    }

    /** Tells a handler of a failure; where the handler fails too, {@link FailureHandler#LOG} hears of both. */
    public static void report(FailureHandler handler, String what, Throwable failure) {
        try {
            handler.failed(what, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            FailureHandler.LOG.failed("the failure handler failed; suppressed: " + what, e);
        }
    }

    /** The type and the message in one line; the words may come from code of users, and that may fail too. */
    public static String text(Throwable e) {
        try {
            return e.toString();
        } catch (RuntimeException | StackOverflowError broken) {
            return e.getClass().getName();
        }
    }

    /** The message, or the type where there is none: for the inside of another message. */
    public static String describe(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
