package dev.heddle.http.internal.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The value of Authorization and Proxy-Authorization for a name and password (RFC 7617), in UTF-8. */
public final class PasswordField {

    private PasswordField() {}

    /**
     * The value; throws an {@link IllegalArgumentException} if the name has a colon, at which the peer would cut it.
     */
    public static String of(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user name for basic authentication has no colon");
        }
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
