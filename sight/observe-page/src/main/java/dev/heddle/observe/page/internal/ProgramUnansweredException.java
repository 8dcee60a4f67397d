package dev.heddle.observe.page.internal;

/** The failure of a question to a program: the message says what is the matter with it. */
public final class ProgramUnansweredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProgramUnansweredException(String message, Throwable cause) {
        super(message, cause);
    }

    ProgramUnansweredException(String message) {
        super(message);
    }
}
