package dev.heddle.http.client;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a redirect that cannot be followed: too many, a loop, a missing or bad Location, or a body that cannot
 * be sent twice.
 */
public final class RedirectException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public RedirectException(String message) {
        super(message);
    }

    public RedirectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
