package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What peers see of errors. */
final class ErrorPageTest {

    @TempDir
    private Path temp;

    private HttpServer.Builder server() {
        return HttpServer.builder()
                .files("/files", temp)
                .get("/bug", r -> {
                    throw new IllegalStateException("secret");
                })
                .get("/teapot", r -> {
                    throw new StatusException(418, "short and stout", Headers.of("Retry-After", "9"));
                })
                .get("/late", r -> Response.stream("a/b", out -> {
                    throw new IllegalStateException("secret");
                }))
                .post("/post", r -> Response.text("posted"))
                .limits(ServerLimits.DEFAULT.withMaxBodyBytes(10));
    }

    private static HttpServer.Builder paged(HttpServer.Builder server) {
        return server.errorPage((request, status) -> Response.html("<h1>" + status + " " + request.path() + "</h1>"));
    }

    private static String ask(HttpServer.Builder server, String start, String more) {
        return Wire.ask(server, start + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n");
    }

    @Test
    void withoutAPageErrorsAreALineOfTextThatLeaksNothing() {
        assertEquals("Server Error\n", Wire.body(ask(server(), "GET /bug", "")));
        assertEquals("short and stout\n", Wire.body(ask(server(), "GET /teapot", "")));
        assertEquals("Not Found\n", Wire.body(ask(server(), "GET /none", "")));
        assertFalse(ask(server(), "GET /late", "").contains("secret"));
    }

    @Test
    void pageStandsForAllErrorsOfHandlersAndRoutes() {
        assertEquals("<h1>500 /bug</h1>", Wire.body(ask(paged(server()), "GET /bug", "")));
        String teapot = ask(paged(server()), "GET /teapot", "");
        assertEquals(418, Wire.status(teapot));
        assertTrue(teapot.contains("\r\nRetry-After: 9\r\n") && teapot.endsWith("<h1>418 /teapot</h1>"), teapot);
        assertEquals("<h1>404 /none</h1>", Wire.body(ask(paged(server()), "GET /none", "")));
        assertEquals("<h1>404 /files/none</h1>", Wire.body(ask(paged(server()), "GET /files/none", "")));
        String notAllowed = ask(paged(server()), "PUT /bug", "");
        assertTrue(notAllowed.contains("\r\nAllow: GET, HEAD, OPTIONS\r\n"), notAllowed);
        assertEquals("<h1>405 /bug</h1>", Wire.body(notAllowed));
        assertEquals("<h1>501 /bug</h1>", Wire.body(ask(paged(server()), "BREW /bug", "")));
        assertEquals("<h1>413 /post</h1>", Wire.body(ask(paged(server()), "POST /post", "Content-Length: 11\r\n")));
    }

    @Test
    void headGetsTheHeadOfThePage() {
        String answer = ask(paged(server()), "HEAD /none", "");
        assertEquals(404, Wire.status(answer));
        assertTrue(answer.contains("\r\nContent-Length: 18\r\n") && Wire.body(answer).isEmpty(), answer);
    }

    @Test
    void pageThatFailsIsReplacedByText() {
        assertEquals("Not Found\n", Wire.body(ask(server().errorPage((request, status) -> {
            throw new IllegalStateException("secret");
        }), "GET /none", "")));
        assertEquals("Not Found\n", Wire.body(ask(server().errorPage((request, status) -> null), "GET /none", "")));
    }

    @Test
    void requestThatCannotBeReadHasNoPage() {
        String answer = Wire.ask(paged(server()), "GET  /none HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(400, Wire.status(answer));
        assertFalse(answer.contains("<h1>"), answer);
    }
}
