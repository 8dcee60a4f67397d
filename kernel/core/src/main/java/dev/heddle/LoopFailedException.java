package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a loop by an error below its tasks: of its engine, of the JVM, or a bug in Heddle. The cause says
 * which.
 */
public final class LoopFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public LoopFailedException(String message) {
        super(message);
    }

    public LoopFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
