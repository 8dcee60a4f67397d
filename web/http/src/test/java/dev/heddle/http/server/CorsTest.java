package dev.heddle.http.server;

import static dev.heddle.http.Through.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.StatusException;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of other origins may do what was allowed and nothing else. */
@LeavesNothing
final class CorsTest {

    private static final String APP = "Origin: https://app.example";
    private static final Cors CORS = Cors.allow("https://app.example", "http://localhost:3000").withMethods("PUT")
            .withHeaders("Content-Type", "X-A").withExposed("X-Total").withMaxAge(Duration.ofHours(1));

    private static String ask(Cors cors, String method, String... fields) {
        return Through.ask(cors, r -> Response.text("data"), method, fields);
    }

    private static String preflight(Cors cors, String... fields) {
        return ask(cors, "OPTIONS", fields);
    }

    @Test
    void allowedOriginMayRead() {
        String answer = ask(CORS, "GET", APP);
        assertEquals("data", Wire.body(answer));
        assertEquals("https://app.example", field(answer, "Access-Control-Allow-Origin"));
        assertEquals("X-Total", field(answer, "Access-Control-Expose-Headers"));
        assertEquals("Origin", field(answer, "Vary"));
        assertEquals("", field(answer, "Access-Control-Allow-Credentials"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "https://app.example.evil", "http://app.example", "null",
            "https://app.example:8443", "https://APP.example", "*"})
    void anyOtherOriginGetsNoLeaveAndCachesKnow(String origin) {
        for (String method : new String[]{"GET", "OPTIONS"}) {
            String answer = ask(CORS, method, "Origin: " + origin, "Access-Control-Request-Method: PUT");
            assertFalse(answer.contains("Access-Control-Allow") || answer.contains("Access-Control-Expose"), answer);
            assertEquals("Origin", field(answer, "Vary"));
        }
        assertEquals("Origin", field(ask(CORS, "GET"), "Vary"));
    }

    @Test
    void whatTheAnswerOfTheHandlerDependsOnIsStillSaid_CVE_2026_59903() {
        String answer = Through.ask(
                CORS, r -> Response.text("data").withHeader("Vary", "Cookie, Authorization"), "GET", APP);
        assertTrue(answer.contains("\r\nVary: Cookie, Authorization\r\n"), answer);
        assertTrue(answer.contains("\r\nVary: Origin\r\n"), answer);
    }

    @Test
    void preflightIsAnsweredWithoutTheHandler() {
        String answer = preflight(CORS, APP, "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: x-a, content-type");
        assertEquals(204, Wire.status(answer));
        assertEquals("https://app.example", field(answer, "Access-Control-Allow-Origin"));
        assertEquals("PUT", field(answer, "Access-Control-Allow-Methods"));
        assertEquals("Content-Type, X-A", field(answer, "Access-Control-Allow-Headers"));
        assertEquals("3600", field(answer, "Access-Control-Max-Age"));
    }

    @ParameterizedTest
    @CsvSource({"DELETE,x-a", "put,x-a", "PUT,x-b", "PUT,*", "GET,authorization"})
    void preflightForMoreThanAllowedGetsNoMethods(String method, String header) {
        String answer = preflight(CORS, APP, "Access-Control-Request-Method: " + method,
                "Access-Control-Request-Headers: " + header);
        assertEquals("", field(answer, "Access-Control-Allow-Methods"));
        assertEquals("", field(answer, "Access-Control-Allow-Headers"));
    }

    @Test
    void optionsThatAreNoPreflightAreForTheHandler() {
        assertEquals("data", Wire.body(preflight(CORS, APP)));
        assertEquals("data", Wire.body(preflight(CORS, "Access-Control-Request-Method: PUT")));
    }

    @Test
    void credentialsAreForNamedOriginsOnly() {
        assertEquals("true",
                field(ask(CORS.withCredentials(true), "GET", APP), "Access-Control-Allow-Credentials"));
        assertThrows(IllegalArgumentException.class, () -> Cors.allowAny().withCredentials(true));
        assertEquals("*", field(ask(Cors.allowAny(), "GET", APP), "Access-Control-Allow-Origin"));
        assertEquals("", field(ask(Cors.allowAny(), "GET", APP), "Vary"));
    }

    @Test
    void leaveThatAHandlerOrAnUpstreamGivesDoesNotCount() {
        Handler lax = r -> Response.text("data").withHeader("Access-Control-Allow-Origin", "https://evil.example")
                .withHeader("access-control-allow-credentials", "true")
                .withHeader("Access-Control-Expose-Headers", "X-Secret");
        String refused = Through.ask(CORS, lax, "GET", "Origin: https://evil.example");
        assertFalse(refused.toLowerCase(Locale.ROOT).contains("access-control-"), refused);
        String allowed = Through.ask(CORS, lax, "GET", APP);
        assertEquals("https://app.example", field(allowed, "Access-Control-Allow-Origin"));
        assertEquals("X-Total", field(allowed, "Access-Control-Expose-Headers"));
        assertFalse(allowed.toLowerCase(Locale.ROOT).contains("credentials"), allowed);
    }

    @Test
    void errorsThatAHandlerNamesCanBeReadToo() {
        String answer = Through.ask(CORS, r -> {
            throw new StatusException(404, "no such thing");
        }, "GET", APP);
        assertEquals(404, Wire.status(answer));
        assertEquals("https://app.example", field(answer, "Access-Control-Allow-Origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "example.org", "https://", "https://a/", "https://a/b", "https://u@a",
            "https://A.b",
            "https://a:443", "http://a:80", "https://*.a", "", "https://a b", "https://a\r\nX: y"})
    void whatNoBrowserWouldSendIsNoOrigin(String origin) {
        assertThrows(IllegalArgumentException.class, () -> Cors.allow(origin));
    }

    @Test
    void methodsAndHeadersAreNamesAndNoStars() {
        assertThrows(IllegalArgumentException.class, () -> CORS.withMethods("*"));
        assertThrows(IllegalArgumentException.class, () -> CORS.withHeaders("a b"));
        assertThrows(IllegalArgumentException.class, () -> CORS.withExposed("a\r\nb"));
        assertThrows(IllegalArgumentException.class, () -> CORS.withMaxAge(Duration.ofSeconds(-1)));
    }
}
