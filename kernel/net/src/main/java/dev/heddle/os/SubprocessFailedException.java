package dev.heddle.os;

import dev.heddle.HeddleException;
import dev.heddle.engine.ExitStatus;

/**
 * The failure of a subprocess that ended with another exit code than 0, or by a signal. Shows the last lines of what it
 * wrote to its standard error.
 */
public final class SubprocessFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private static final int LINES_SHOWN = 10;
    private static final int CHARACTERS_SHOWN = 2_000;

    private final transient Subprocess.Result result;

    SubprocessFailedException(Subprocess.Result result) {
        super(result.command().getFirst() + ": " + result.status() + lastLines(result.errorText()));
        this.result = result;
    }

    private static String lastLines(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return "";
        }
        int from = Math.max(0, stripped.length() - CHARACTERS_SHOWN);
        int line = stripped.length();
        for (int i = 0; i < LINES_SHOWN && line >= from; i++) {
            line = stripped.lastIndexOf('\n', line - 1);
        }
        return ":\n" + stripped.substring(Math.max(from, line + 1));
    }

    /** How it ended. */
    public ExitStatus status() {
        return result.status();
    }

    /** All that is known of it. */
    public Subprocess.Result result() {
        return result;
    }
}
