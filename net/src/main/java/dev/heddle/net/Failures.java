package dev.heddle.net;

/** How failures read inside other messages. */
final class Failures {

    private Failures() {}

    /** The message, or the type where there is none. */
    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
