package dev.heddle.io.internal;

/** The text of failures inside other messages. */
public final class Failures {

    private Failures() {}

    /** The message, or the type where there is none. */
    public static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
