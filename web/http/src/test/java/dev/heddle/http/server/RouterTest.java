package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which handler answers which path, and what it is told of the target. */
final class RouterTest {

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", r -> Response.text("root"))
            .get("/users/me", r -> Response.text("me"))
            .get("/users/{id}", r -> Response.text("user " + r.path("id")))
            .delete("/users/{name}", r -> Response.text("deleted " + r.path("name")))
            .get("/users/{id}/posts/{post}", r -> Response.text(r.path("id") + "/" + r.path("post")))
            .post("/users", r -> Response.text("made"))
            .get("/docs/{path...}", r -> Response.text("doc " + r.path("path")))
            .get("/dir/", r -> Response.text("dir"))
            .route("BREW", "/pot", r -> Response.text("tea"))
            .get("/q", r -> Response.text(r.query("a").orElse("none") + r.queryAll("b")))
            .get("/path/{x}", r -> Response.text(r.path() + " " + r.target() + " " + r.queryString().orElse("-")));

    private String ask(String method, String target) {
        return Wire.ask(server, method + " " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
            "GET,/,root", "GET,/users/me,me", "GET,/users/7,user 7", "DELETE,/users/me,deleted me",
            "GET,/users/7/posts/9,7/9", "POST,/users,made", "GET,/docs/a,doc a", "GET,/docs/a/b/c,doc a/b/c",
            "GET,/dir/,dir", "BREW,/pot,tea", "GET,/users/a%20b,user a b", "GET,/users/a%2fb,user a/b",
            "GET,/users/%E2%82%ACx,user \u00e2\u0082\u00acx", "GET,http://a/users/me,me", "GET,http://a,root",
            "GET,http://A?x,root", "GET,/users/m%65,me"
    })
    void pathFindsItsHandler(String method, String target, String body) {
        String answer = ask(method, target);
        assertEquals(200, Wire.status(answer), answer);
        assertEquals(body, Wire.body(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/nope", "/users/", "/users//", "//", "/users/me/", "/dir", "/docs", "/users/.", "/users/..",
            "/users/%2e%2e",
            "/users/%00", "/users/%zz", "/users/%", "/users/%c0%af", "/docs/a%2fb", "/docs/../q", "/USERS/me",
            "/docs;x/../users/me", "/docs/a;/../../q", "/users;a=b/me"
    })
    void pathWithoutAHandlerGetsTheOneNotFound(String target) {
        String answer = ask("GET", target);
        assertEquals(404, Wire.status(answer), answer);
        assertEquals("Not Found\n", Wire.body(answer));
    }

    @Test
    void anotherMethodGets405WithThoseThatAreAllowed() {
        String answer = ask("PUT", "/users/me");
        assertEquals(405, Wire.status(answer));
        assertTrue(answer.contains("\r\nAllow: DELETE, GET, HEAD, OPTIONS\r\n"), answer);
        assertTrue(ask("GET", "/users").contains("\r\nAllow: OPTIONS, POST\r\n"));
        assertEquals(405, Wire.status(ask("TRACE", "/")));
        assertEquals(405, Wire.status(ask("QUERY", "/users/me")));
    }

    @Test
    void optionsNamesTheMethodsOfAPathAndOfTheServer() {
        String answer = ask("OPTIONS", "/users");
        assertEquals(204, Wire.status(answer));
        assertTrue(answer.contains("\r\nAllow: OPTIONS, POST\r\n"), answer);
        assertTrue(ask("OPTIONS", "*").contains("BREW, DELETE, GET"));
        assertEquals(404, Wire.status(ask("OPTIONS", "/nope")));
    }

    @Test
    void queryValuesComeDecodedAndInOrder() {
        assertEquals("1[2, 3]", Wire.body(ask("GET", "/q?a=1&b=2&b=3")));
        assertEquals(" x[]", Wire.body(ask("GET", "/q?a=+x")));
        assertEquals("1=2[]", Wire.body(ask("GET", "/q?&a=1=2&&c")));
        assertEquals("[]", Wire.body(ask("GET", "/q?a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q?a=%", "/q?a=%zz", "/q?a=%ff", "/q?%c0%80=1"})
    void malformedQueryGets400(String target) {
        assertEquals(400, Wire.status(ask("GET", target)));
    }

    @Test
    void queryOfManyPairsIsReadInLinearTime() {
        server.limits(ServerLimits.DEFAULT.withMaxStartLine(1 << 20));
        assertEquals("none[]", Wire.body(ask("GET", "/q?" + "x&".repeat(400_000))));
    }

    @Test
    void handlerSeesTheTargetAsItCameAndDecoded() {
        assertEquals("/path/a b /path/a%20b?c=%20 c=%20", Wire.body(ask("GET", "/path/a%20b?c=%20")));
    }

    @Test
    void nameThatTheRouteHasNotIsTheHandlersMistake() {
        var wrong = HttpServer.builder().get("/{a}", r -> Response.text(r.path("b")));
        assertEquals(500, Wire.status(Wire.ask(wrong, "GET /x HTTP/1.0\r\n\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/{a}/{a}", "/{}", "/{a b}", "/x{a}", "/{a...}/b", "/a?b", "/a/../b", "/a#b",
            "/{a"})
    void templateThatMakesNoSenseIsRefused(String template) {
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().get(template, r -> Response.text("")));
    }

    @Test
    void twoHandlersForOnePathAreRefused() {
        var twice = HttpServer.builder().get("/{a}", r -> Response.text("")).get("/{b}", r -> Response.text(""));
        assertThrows(IllegalArgumentException.class, twice::build);
        var bad = HttpServer.builder().route("B AD", "/", r -> Response.text(""));
        assertThrows(IllegalArgumentException.class, bad::build);
    }
}
