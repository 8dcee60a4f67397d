package dev.heddle.http.auth;

import dev.heddle.HeddleException;

/** The failure of who asked for a token and got a refusal (RFC 6749, section 5.2), or no token that can be used. */
public final class TokenException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Longest text of a server that is repeated, in characters. */
    private static final int MAX_TEXT = 500;

    private final String error;
    private final String description;

    /**
     * Makes one.
     *
     * @param message who refuses and why, with nothing of a secret
     * @param error the code that was given, such as {@code invalid_client}; empty if there was none
     * @param description what the server says to it; empty if it says nothing
     */
    public TokenException(String message, String error, String description) {
        super(message);
        this.error = error;
        this.description = description;
    }

    /** The refusal of a server in its own words. */
    static TokenException refused(String by, String error, String description) {
        String code = plain(error);
        String words = plain(description);
        return new TokenException(
                by + " gives no token: " + code + (words.isEmpty() ? "" : " (" + words + ")"), code, words);
    }

    /** What may stand in a line of a log. */
    private static String plain(String text) {
        return text.substring(0, Math.min(text.length(), MAX_TEXT)).replaceAll("[^ -~]", "?");
    }

    /** The same for another one who waited. */
    TokenException again() {
        var other = new TokenException(detail(), error, description);
        other.initCause(this);
        return other;
    }

    /** The code of the refusal, such as {@code invalid_client}; empty if there was none. Printable ASCII. */
    public String error() {
        return error;
    }

    /** What the server says to it; empty if it says nothing. Printable ASCII. */
    public String description() {
        return description;
    }
}
