package dev.heddle.http.server;

import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.internal.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * Middleware that asks who the peer is: by name and password (RFC 7617), or by a token (RFC 6750).
 *
 * <pre>{@code
 * routes.use(Authentication.basic("staff", (user, password) -> user.equals("ann") && Authentication.same(password, secret)))
 *       .get("/me", request -> Response.text(request.user().orElseThrow()));
 * }</pre>
 *
 * <p>Both send secrets as they are: use them over TLS. Without good credentials the peer gets 401 and the handler is
 * not asked.
 *
 * <p>Threads: as the handler; a check may wait, and one that computes for long, as the hash of a password should,
 * belongs into an {@link dev.heddle.Heddle#offload offload}. To test code that uses it, send an {@code Authorization}
 * header.
 */
public final class Authentication {

    /** The check of a user's password. */
    @FunctionalInterface
    public interface PasswordCheck {
        /** Compares with {@link Authentication#same}, and takes as long for a user that does not exist. */
        boolean isGood(String user, String password) throws Exception;
    }

    /** Says whose a token is. */
    @FunctionalInterface
    public interface TokenCheck {
        /** The user; empty if the token is not good. */
        Optional<String> userOf(String token) throws Exception;
    }

    private Authentication() {}

    /**
     * Asks for a name and a password.
     *
     * @param realm what they are for, as browsers show it: visible ASCII without quotes
     */
    public static Middleware basic(String realm, PasswordCheck check) {
        String challenge = "Basic realm=\"" + checked(realm) + "\", charset=\"UTF-8\"";
        return (request, next) -> {
            String[] pair = pair(credentials(request, "Basic"));
            if (pair.length == 2 && check.isGood(pair[0], pair[1])) {
                request.state().user = pair[0];
                return next.handle(request);
            }
            return refusal(challenge);
        };
    }

    /**
     * Asks for a token.
     *
     * @param realm what it is for: visible ASCII without quotes
     */
    public static Middleware bearer(String realm, TokenCheck check) {
        String challenge = "Bearer realm=\"" + checked(realm) + "\"";
        return (request, next) -> {
            String token = credentials(request, "Bearer");
            if (token.isEmpty()) {
                return refusal(challenge);
            }
            Optional<String> user = check.userOf(token);
            if (user.isEmpty()) {
                return refusal(challenge + ", error=\"invalid_token\"");
            }
            request.state().user = user.get();
            return next.handle(request);
        };
    }

    /**
     * Whether two secrets are the same; the time this takes says nothing about where they differ or how long the own
     * one is.
     */
    public static boolean same(String given, String own) {
        return MessageDigest.isEqual(hash(given), hash(own));
    }

    private static byte[] hash(String text) {
        return Hash.sha256(text);
    }

    /** What stands behind the name of the scheme; empty without it, or if there are two fields to choose from. */
    private static String credentials(Request request, String scheme) {
        String field = request.headers().first("Authorization");
        if (field == null || request.headers().count("Authorization") != 1
                || !field.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1)) {
            return "";
        }
        return field.substring(scheme.length() + 1).strip();
    }

    /** Name and password, or nothing if the text is malformed. */
    private static String[] pair(String encoded) {
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.split(":", 2);
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return new String[0];
        }
    }

    private static Response refusal(String challenge) {
        return ErrorResponse.of(401, StatusLines.phrase(401)).withHeader("WWW-Authenticate", challenge);
    }

    private static String checked(String realm) {
        for (int i = 0; i < realm.length(); i++) {
            char c = realm.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                throw new IllegalArgumentException("the realm has a forbidden character at " + i);
            }
        }
        return realm;
    }
}
