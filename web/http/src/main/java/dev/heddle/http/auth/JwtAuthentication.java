package dev.heddle.http.auth;

import dev.heddle.BrokenException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.Authentication;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.RequestKey;
import dev.heddle.http.server.Response;
import java.util.Objects;
import java.util.Optional;

/**
 * Middleware that asks for a good token in {@code Authorization: Bearer} (RFC 6750) and makes its subject the {@link
 * Request#user}.
 *
 * <pre>{@code
 * routes.use(JwtAuthentication.of("api", verifier))
 *       .get("/me", request -> Response.text(request.get(JwtAuthentication.JWT).orElseThrow().subject()));
 * }</pre>
 *
 * <p>Without a token, with a bad one or with one that names no subject the peer gets 401, which does not say what was
 * wrong, and the handler is not asked; while the keys cannot be had, 503 with {@code Retry-After}.
 *
 * <p>Threads: as the handler. To test code that uses it, sign a token with a key of the test.
 */
public final class JwtAuthentication implements Middleware {

    /** What the token of a request says, for the handlers further in. */
    public static final RequestKey<Jwt> JWT = RequestKey.of("jwt");

    private static final Headers RETRY_LATER = Headers.of("Retry-After", "30");

    private final String realm;
    private final JwtVerifier verifier;

    private JwtAuthentication(String realm, JwtVerifier verifier) {
        this.realm = realm;
        this.verifier = verifier;
    }

    /**
     * Asks for a token.
     *
     * @param realm what it is for: visible ASCII without quotes
     */
    public static JwtAuthentication of(String realm, JwtVerifier verifier) {
        Middleware _ = Authentication.bearer(realm, token -> Optional.empty()); // which checks the realm
        return new JwtAuthentication(realm, Objects.requireNonNull(verifier));
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        return Authentication.bearer(realm, token -> subject(request, token)).handle(request, next);
    }

    private Optional<String> subject(Request request, String token) {
        try {
            Jwt jwt = verifier.verify(token);
            if (jwt.subject().isEmpty()) {
                return Optional.empty();
            }
            request.set(JWT, jwt);
            return Optional.of(jwt.subject());
        } catch (JwtException e) {
            return Optional.empty();
        } catch (BrokenException e) {
            throw new StatusException(503, "tokens cannot be checked now", RETRY_LATER);
        }
    }
}
