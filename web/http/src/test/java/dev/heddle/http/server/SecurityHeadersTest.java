package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.StatusException;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Browsers are told to be strict; what a handler says itself counts more. */
@LeavesNothing
final class SecurityHeadersTest {

    private static String ask(SecurityHeaders headers, Handler handler, String... fields) {
        var server = HttpServer.builder().trustProxies("unix").use(headers).get("/", handler);
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return Wire.ask(server, "GET / HTTP/1.1\r\nHost: a\r\n" + more + "Connection: close\r\n\r\n");
    }

    private static String plain(SecurityHeaders headers) {
        return ask(headers, request -> Response.text("page"));
    }

    private static String secure(SecurityHeaders headers) {
        return ask(headers, request -> Response.text("page"), "X-Forwarded-Proto: https");
    }

    @ParameterizedTest
    @CsvSource({"X-Content-Type-Options,nosniff", "X-Frame-Options,DENY",
            "Referrer-Policy,strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy,same-origin"})
    void usualFieldsAreThere(String name, String value) {
        assertEquals(value, Through.field(plain(SecurityHeaders.create()), name));
        assertEquals("", Through.field(plain(SecurityHeaders.create().without(name)), name));
        assertEquals("mine", Through.field(plain(SecurityHeaders.create().with(name, "mine")), name));
        Handler own = request -> Response.text("page").withHeader(name, "own");
        assertEquals("own", Through.field(ask(SecurityHeaders.create(), own), name));
    }

    @Test
    void errorPagesHaveThemToo() {
        String page = ask(SecurityHeaders.create(), request -> {
            throw new StatusException(404, "not here");
        });
        assertEquals(404, Wire.status(page));
        assertEquals("nosniff", Through.field(page, "X-Content-Type-Options"));
    }

    @Test
    void browsersAreHeldToHttpsOverHttpsOnly() {
        assertEquals("", Through.field(plain(SecurityHeaders.create()), "Strict-Transport-Security"));
        assertEquals("max-age=31536000", hsts(SecurityHeaders.create()));
        assertEquals("max-age=300", hsts(SecurityHeaders.create().withHsts(Duration.ofMinutes(5))));
        assertEquals("max-age=0", hsts(SecurityHeaders.create().withHsts(Duration.ZERO)));
        assertEquals("max-age=60; includeSubDomains",
                hsts(SecurityHeaders.create().withHstsOfSubdomains(Duration.ofMinutes(1))));
        assertEquals("", hsts(SecurityHeaders.create().without("strict-transport-security")));
    }

    private static String hsts(SecurityHeaders headers) {
        return Through.field(secure(headers), "Strict-Transport-Security");
    }

    @Test
    void siteSaysWhatItsPagesLoad() {
        String policy = "default-src 'self'; frame-ancestors 'none'";
        SecurityHeaders headers = SecurityHeaders.create().with("Content-Security-Policy", policy);
        assertEquals(policy, Through.field(plain(headers), "Content-Security-Policy"));
    }

    @Test
    void whatCannotBeSentIsRefused() {
        SecurityHeaders headers = SecurityHeaders.create();
        assertThrows(IllegalArgumentException.class, () -> headers.with("X-A", "line\r\nX-B: forged"));
        assertThrows(IllegalArgumentException.class, () -> headers.with("Content-Length", "1"));
        assertThrows(IllegalArgumentException.class, () -> headers.withHsts(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> headers.withHsts(Duration.ofDays(731)));
    }
}
