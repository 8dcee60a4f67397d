package dev.heddle.http.server;

import static dev.heddle.http.Through.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets to the handler without good credentials, and the handler knows who it is. */
@LeavesNothing
final class AuthenticationTest {

    private static final Middleware BASIC = Authentication.basic("staff area",
            (user, password) -> user.equals("ann") & Authentication.same(password, "pass:w\u00f6rd"));
    private static final Middleware BEARER = Authentication.bearer("api",
            token -> Authentication.same(token, "t0ken") ? Optional.of("robot") : Optional.empty());

    private static String ask(Middleware middleware, String... fields) {
        return Through.ask(middleware, r -> Response.text(r.user().orElseThrow()), "GET", fields);
    }

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void goodPasswordOpens() {
        assertEquals("ann", Wire.body(ask(BASIC, basic("ann:pass:w\u00f6rd"))));
        assertEquals("ann", Wire.body(ask(BASIC, basic("ann:pass:w\u00f6rd").replace("Basic", "bAsIC"))));
    }

    @Test
    void withoutOneThePeerIsAsked() {
        String answer = ask(BASIC);
        assertEquals(401, Wire.status(answer));
        assertEquals("Basic realm=\"staff area\", charset=\"UTF-8\"", field(answer, "WWW-Authenticate"));
        assertEquals(401, Wire.status(ask(BASIC, basic("ann:wrong"))));
        assertEquals(401, Wire.status(ask(BASIC, basic("bob:pass:w\u00f6rd"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic %%%", "Basic YW5u", "Basic /w==", "Bearer YW5uOnA=",
            "Basic=YW5uOnA=", "x"})
    void malformedCredentialsAreNone(String value) {
        assertEquals(401, Wire.status(ask(BASIC, "Authorization: " + value)));
    }

    @Test
    void twoFieldsAreABadRequest() {
        String good = basic("ann:pass:w\u00f6rd");
        assertEquals(400, Wire.status(ask(BASIC, good, good)));
    }

    @Test
    void goodTokenOpens() {
        assertEquals("robot", Wire.body(ask(BEARER, "Authorization: Bearer t0ken")));
        String none = ask(BEARER);
        assertEquals("Bearer realm=\"api\"", field(none, "WWW-Authenticate"));
        String bad = ask(BEARER, "Authorization: Bearer guess");
        assertEquals(401, Wire.status(bad));
        assertEquals("Bearer realm=\"api\", error=\"invalid_token\"", field(bad, "WWW-Authenticate"));
        assertFalse(bad.contains("guess"), bad);
    }

    @Test
    void withoutMiddlewareThereIsNoUser() {
        assertEquals("Optional.empty", Wire.body(Through.ask((r, next) -> next.handle(r),
                r -> Response.text(r.user().toString()), "GET", basic("ann:x"))));
    }

    @Test
    void realmCannotEndEarly() {
        for (String realm : new String[]{"a\"b", "a\\b", "a\r\nb", "\u00e4"}) {
            assertThrows(IllegalArgumentException.class, () -> Authentication.basic(realm, (u, p) -> true));
            assertThrows(IllegalArgumentException.class, () -> Authentication.bearer(realm, t -> Optional.empty()));
        }
    }

    @Test
    void sameIsEquality() {
        assertTrue(Authentication.same("", ""));
        assertTrue(Authentication.same("\u00e4b", "\u00e4b"));
        assertFalse(Authentication.same("a", "ab"));
        assertFalse(Authentication.same("a", "b"));
    }
}
