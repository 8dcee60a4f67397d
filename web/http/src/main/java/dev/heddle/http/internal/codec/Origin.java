package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.Locale;

/**
 * An origin as browsers write it (RFC 6454, section 6.2): {@code https://app.example.org}, with no port that goes
 * without saying.
 */
public final class Origin {

    private Origin() {}

    /**
     * Throws unless some browser could send it. That of a page in a sandbox, {@code null}, is refused: anybody can have
     * it.
     */
    public static void check(String origin) {
        if (!isValid(origin)) {
            throw new IllegalArgumentException(
                    "not an origin, such as https://app.example.org or http://localhost:8080: "
                            + FieldSyntax.printable(origin));
        }
    }

    private static boolean isValid(String origin) {
        int end = origin.indexOf("://");
        if (end < 1 || !origin.equals(origin.toLowerCase(Locale.ROOT))) {
            return false;
        }
        String scheme = origin.substring(0, end);
        boolean implied = (scheme.equals("http") && origin.endsWith(":80"))
                || (scheme.equals("https") && origin.endsWith(":443"));
        return FieldSyntax.isToken(scheme) && Authority.isValid(authority(origin)) && !implied;
    }

    /** What stands behind the scheme; empty if nothing does. */
    public static String authority(String origin) {
        int end = origin.indexOf("://");
        return end < 0 ? "" : origin.substring(end + 3);
    }
}
