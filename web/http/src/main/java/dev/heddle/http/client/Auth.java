package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.PasswordField;
import java.util.List;
import java.util.Optional;

/**
 * The answer of a client for its user: the value of the Authorization field (RFC 9110, section 11).
 *
 * <pre>{@code
 * var http = HttpClient.builder().auth("https://api.example/", Auth.bearer(token)).build();
 * http.request("GET", "https://old.example/").auth(Auth.digest("me", password)).send();
 * }</pre>
 *
 * <p>The client calls it for one origin only, so it need not look where a request goes. Write your own for other
 * schemes: both methods may wait, as for a token from another server, as long as the time of the request allows.
 *
 * <p>Threads: tasks of all loops that use the client, at the same time. To test code that uses one, ask it directly.
 */
@FunctionalInterface
public interface Auth {

    /** What to send before the server has asked; empty for no Authorization field. */
    Optional<String> first(AuthTarget target);

    /**
     * The answer to a 401; the request is sent once more with it. A server may ask twice at most.
     *
     * @param target the request, with what was {@linkplain AuthTarget#refused() refused}: if another request has a
     *     newer credential already, that one will do
     * @param challenges what the server accepts, in its order; empty if it does not say or says it malformed
     * @return empty if the 401 shall go to the caller
     */
    default Optional<String> answer(AuthTarget target, List<AuthChallenge> challenges) {
        return Optional.empty();
    }

    /**
     * A name and password with every request, in UTF-8 (RFC 7617).
     *
     * @throws IllegalArgumentException if the name has a colon
     */
    static Auth basic(String user, String password) {
        Optional<String> value = Optional.of(PasswordField.of(user, password));
        return target -> value;
    }

    /**
     * A bearer token with every request (RFC 6750).
     *
     * @throws IllegalArgumentException if the token has a character that cannot be in a field
     */
    static Auth bearer(String token) {
        FieldSyntax.checkValue("Authorization", "Bearer " + token);
        Optional<String> value = Optional.of("Bearer " + token);
        return target -> value;
    }

    /**
     * Proves to know a password without sending it (RFC 7616): MD5, SHA-256 and SHA-512/256, their session forms,
     * {@code qop=auth}. The server's nonce is kept for the next request, so only the first one is refused and sent
     * again.
     *
     * <p>The answer of an MD5 server can be guessed at leisure by who sees it: use https there too.
     */
    static Auth digest(String user, String password) {
        return new DigestAuth(user, password);
    }
}
