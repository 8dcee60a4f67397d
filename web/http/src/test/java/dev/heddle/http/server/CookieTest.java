package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Cookie;
import dev.heddle.http.Cookie.SameSite;
import dev.heddle.http.Headers;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.codec.RequestCookies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies of responses are what browsers keep, and cookies of requests are read as browsers write them. */
@LeavesNothing
final class CookieTest {

    private static List<String> set(Response response) {
        return response.headers().all("Set-Cookie");
    }

    private static String cookiesSeen(String fields) {
        HttpServer.Builder server = HttpServer.builder().get("/", r -> Response.text(r.cookies().toString()));
        return Wire.body(Wire.ask(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n"));
    }

    @Test
    void defaultsAreTheSafeOnes() {
        assertEquals(List.of("a=b; Path=/; Secure; HttpOnly; SameSite=Lax"),
                set(Response.empty(204).withCookie(Cookie.of("a", "b"))));
    }

    @Test
    void everyAttributeIsWritten() {
        Cookie cookie = Cookie.of("a", "").withDomain("example.org").withPath("/x").withMaxAge(Duration.ofHours(1))
                .withHttpOnly(false).withSameSite(SameSite.NONE).withPartitioned(true);
        assertEquals("a=; Path=/x; Domain=example.org; Max-Age=3600; Secure; SameSite=None; Partitioned",
                cookie.field());
        assertEquals("a=v; Path=/; SameSite=Strict",
                Cookie.of("a", "v").withSecure(false).withHttpOnly(false).withSameSite(SameSite.STRICT).field());
    }

    @Test
    void cookieIsEqualToItsCopyAndShowsNoValue() {
        assertEquals(Cookie.of("a", "b"), Cookie.of("a", "x").withValue("b"));
        assertEquals("Cookie[a]", Cookie.of("a", "secret").toString());
        assertEquals(Optional.empty(), Cookie.of("a", "b").maxAge());
    }

    @Test
    void partOfASecondIsNotTakenForNone() {
        assertTrue(Cookie.of("a", "b").withMaxAge(Duration.ofMillis(1)).field().contains("Max-Age=1;"));
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", "b").withMaxAge(Duration.ofSeconds(-1)));
    }

    @Test
    void oneCookieOfANameIsSet() {
        Response response = Response.empty(204).withCookie(Cookie.of("a", "1")).withCookie(Cookie.of("ab", "2"))
                .withCookie(Cookie.of("a", "3"));
        assertEquals(2, set(response).size());
        assertTrue(set(response).get(0).startsWith("ab=2;"));
        assertTrue(set(response).get(1).startsWith("a=3;"));
    }

    @Test
    void forgottenCookieHasNoValueAndNoTime() {
        assertEquals(List.of("a=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
                set(Response.empty(204).withoutCookie("a")));
        assertEquals("__Host-a=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
                Cookie.of("__Host-a", "x").expired().field());
        assertEquals("a=; Path=/x; Domain=b.c; Max-Age=0; HttpOnly; SameSite=Lax",
                Cookie.of("a", "x").withPath("/x").withDomain("b.c").expired().field());
    }

    @Test
    void prefixesKeepTheirPromises() {
        for (String name : List.of("__Host-a", "__host-a", "__Secure-a", "__SECURE-a")) {
            assertThrows(IllegalArgumentException.class, () -> Cookie.of(name, "b").withSecure(false));
        }
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("__Host-a", "b").withPath("/x"));
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("__Host-a", "b").withDomain("example.org"));
        assertEquals("/x", Cookie.of("__Secure-a", "b").withPath("/x").path());
        assertThrows(IllegalArgumentException.class,
                () -> Cookie.of("a", "b").withSameSite(SameSite.NONE).withSecure(false));
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", "b").withPartitioned(true).withSecure(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a;b", "a\r\nb", "\u00e4", "a\u0000", "(a)"})
    void nameThatIsNoTokenIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Cookie.of(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "a,b", "\"a\"", "a\\b", "a\r\nSet-Cookie: x=y", "\u00e4", "a\u0000",
            "\u007f"})
    void valueThatCouldEndEarlyIsRefusedWithoutBeingRepeated(String value) {
        String message = assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", value)).getMessage();
        assertFalse(message.contains(value), message);
    }

    @Test
    void attributesCannotInjectOthers() {
        Cookie cookie = Cookie.of("a", "b");
        for (String path : List.of("x", "/;Domain=evil", "/\r\n", "/\u00e4", "/" + "x".repeat(1024))) {
            assertThrows(IllegalArgumentException.class, () -> cookie.withPath(path));
        }
        for (String domain : List.of("", ".example.org", "a;b", "a b", "a\r\n", "a.")) {
            assertThrows(IllegalArgumentException.class, () -> cookie.withDomain(domain));
        }
    }

    @Test
    void cookieLongerThanBrowsersKeepIsRefused() {
        assertEquals(4095, Cookie.of("a", "x".repeat(4095)).value().length());
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", "x".repeat(4096)));
    }

    @Test
    void cookiesOfARequestAreReadAsBrowsersWriteThem() {
        assertEquals("{a=1, b=x=y, c=\"q\", d=}", cookiesSeen("Cookie: a=1; b=x=y;c=\"q\" ; d=\r\n"));
        assertEquals("{a=1, b=2}", cookiesSeen("Cookie: a=1\r\nCookie: b=2\r\n"));
        assertEquals("{}", cookiesSeen(""));
        // A quote holds no others together: CVE-2023-26049.
        assertEquals("{a=\"b, session=1, c=d\"}", cookiesSeen("Cookie: a=\"b; session=1; c=d\"\r\n"));
    }

    @Test
    void ofSeveralCookiesWithOneNameTheFirstCounts() {
        assertEquals("{a=1}", cookiesSeen("Cookie: a=1; a=2\r\nCookie: a=3\r\n"));
    }

    @Test
    void malformedCookiesAreLeftOutAndHarmNoOther() {
        assertEquals("{a=1, b=2}", cookiesSeen("Cookie: ;; x; =y; a=1; (=1; ; b=2;\r\n"));
    }

    @Test
    void cookieIsFoundByItsName() {
        Map<String, String> cookies = RequestCookies.parse(Headers.of("Cookie", "a=1; A=2"));
        assertEquals("1", cookies.get("a"));
        assertEquals("2", cookies.get("A"));
        assertThrows(UnsupportedOperationException.class, () -> cookies.put("b", "c"));
    }
}
