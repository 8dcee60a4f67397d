package dev.heddle.http.auth;

import dev.heddle.HeddleException;

/** A token that is not good: malformed, signed by no key that counts, of another time, or for somebody else. */
public final class JwtException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message why, with nothing of the token
     */
    public JwtException(String message) {
        super(message);
    }
}
