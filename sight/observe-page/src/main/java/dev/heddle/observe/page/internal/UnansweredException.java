package dev.heddle.observe.page.internal;

/** The failure of a question to a program: the message says what is the matter with it. */
public final class UnansweredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnansweredException(String message, Throwable cause) {
        super(message, cause);
    }

    UnansweredException(String message) {
        super(message);
    }
}
