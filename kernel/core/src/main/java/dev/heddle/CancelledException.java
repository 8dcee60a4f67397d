package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The failure of every waiting call while the enclosing cancel scope is cancelled. Catching it changes nothing, since
 * it comes again at the next wait; use it to clean up, and let it pass.
 *
 * <p>Its stack is where the code waited. Where a loop cancels many tasks at once, the first hundred within ten
 * milliseconds have one, and the others none: for a million tasks the stacks are more than half of the work.
 */
public final class CancelledException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message);
    }

    public CancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    CancelledException(String message, @Nullable Throwable cause, boolean hasStack) {
        super(message, cause, hasStack);
    }
}
