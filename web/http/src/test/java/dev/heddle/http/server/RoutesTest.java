package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.client.Reply;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that are mounted in others, and places with types. */
final class RoutesTest {

    private static final String UUID = "123e4567-e89b-12d3-a456-426614174000";

    @TempDir
    private Path temp;

    private static Handler says(String text) {
        return request -> Response.text(text);
    }

    private static String ask(Routes routes, String method, String path) {
        return Sim.run(() -> {
            try (TestClient client = TestClient.of(routes); Reply reply = client.request(method, path).send()) {
                return reply.status() + " " + reply.text() + reply.headers().get("Allow").orElse("");
            }
        });
    }

    private static Routes typed() {
        return Routes.create()
                .get("/n/{id:int}", r -> Response.text("int " + r.pathInt("id")))
                .get("/n/{id:long}", r -> Response.text("long " + r.pathLong("id")))
                .get("/n/{id:uuid}", r -> Response.text("uuid " + r.pathUuid("id")))
                .get("/n/{id}", r -> Response.text("text " + r.path("id")))
                .get("/n/7", says("literal"))
                .get("/only/{id:int}", r -> Response.text("only " + r.pathInt("id")))
                .get("/wide/{id}", r -> Response.text("wide " + r.pathInt("id") + r.pathLong("id")));
    }

    @ParameterizedTest
    @CsvSource({
            "/n/7,literal", "/n/8,int 8", "/n/-8,int -8", "/n/007,int 7", "/n/2147483647,int 2147483647",
            "/n/2147483648,long 2147483648", "/n/-9223372036854775808,long -9223372036854775808",
            "/n/9223372036854775808,text 9223372036854775808", "/n/+8,text +8", "/n/8%20,'text 8 '", "/n/-,text -",
            "/n/0x8,text 0x8", "/n/" + UUID + ",uuid " + UUID, "/n/1-1-1-1-1,text 1-1-1-1-1", "/only/5,only 5"
    })
    void narrowestPlaceThatFitsTakesASegment(String path, String body) {
        assertEquals("200 " + body, ask(typed(), "GET", path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/only/x", "/only/2147483648", "/only/", "/only/%D9%A1", "/wide/x", "/wide/2147483648"})
    void segmentThatDoesNotFitIsNoSuchPath(String path) {
        assertTrue(ask(typed(), "GET", path).startsWith("404 Not Found"));
        assertTrue(ask(typed(), "POST", "/only/x").startsWith("404"), "not 405");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/{a:foo}", "/{a:}", "/{:int}", "/{a:int:int}", "/{a:int...}"})
    void placeOfNoKindIsRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> Routes.create().get(path, says("")));
    }

    @Test
    void queryValuesAreReadAsNumbersOrRefused() {
        Routes routes = Routes.create().get("/", r -> Response.text(r.queryInt("i", 1) + " " + r.queryLong("l", 2) + " "
                + r.queryBoolean("b", true)));
        assertEquals("200 1 2 true", ask(routes, "GET", "/"));
        assertEquals("200 -5 6000000000 false", ask(routes, "GET", "/?i=-5&l=6000000000&b=false"));
        for (String bad : new String[]{"i=", "i=x", "i=2147483648", "l=1.5", "l=9223372036854775808", "b=yes", "b="}) {
            String answer = ask(routes, "GET", "/?" + bad);
            assertTrue(answer.startsWith("400 " + bad.charAt(0) + " must be "), answer);
        }
    }

    @Test
    void mountedRoutesStandBelowTheirPrefixAtAnyDepth() {
        Routes inner = Routes.create().get("/", says("inner")).get("/x/", says("slash")).get("/{id:int}",
                r -> Response.text(r.path("tenant") + r.pathInt("id")));
        Routes outer = Routes.create().get("/", says("outer")).mount("/t/{tenant}/", inner);
        Routes root = Routes.create().get("/", says("root")).mount("/api", outer).mount("/",
                Routes.create().get("/flat",
                        says("flat")));
        assertEquals("200 root", ask(root, "GET", "/"));
        assertEquals("200 outer", ask(root, "GET", "/api"));
        assertEquals("200 inner", ask(root, "GET", "/api/t/acme"));
        assertEquals("200 acme5", ask(root, "GET", "/api/t/acme/5"));
        assertEquals("200 slash", ask(root, "GET", "/api/t/acme/x/"));
        assertEquals("200 flat", ask(root, "GET", "/flat"));
        assertTrue(ask(root, "GET", "/api/").startsWith("404"));
        assertTrue(ask(root, "GET", "/apix").startsWith("404"));
    }

    @Test
    void pathHasItsMethodsInOnePlaceWhereverTheyWereMounted() {
        Routes root = Routes.create()
                .get("/api/users", says("list"))
                .mount("/api", Routes.create().post("/users", says("add")))
                .mount("/{any}", Routes.create().delete("/users", says("delete")));
        assertEquals("200 add", ask(root, "POST", "/api/users"));
        assertEquals("200 delete", ask(root, "DELETE", "/api/users"));
        assertEquals("405 Method Not Allowed\nDELETE, GET, HEAD, OPTIONS, POST", ask(root, "PUT", "/api/users"));
        assertEquals("204 DELETE, GET, HEAD, OPTIONS, POST", ask(root, "OPTIONS", "/api/users"));
    }

    @Test
    void anyAnswersWhatHasNoHandlerOfItsOwn() {
        Routes routes = Routes.create().get("/a", says("get")).any("/a", r -> Response.text("any " + r.method()));
        assertEquals("200 get", ask(routes, "GET", "/a"));
        assertEquals("200 any PUT", ask(routes, "PUT", "/a"));
        assertEquals("200 any BREW", ask(routes, "BREW", "/a"));
        assertEquals("200 any OPTIONS", ask(routes, "OPTIONS", "/a"));
        assertEquals("501 Not Implemented\n", ask(routes, "BREW", "/b"));
    }

    @Test
    void mountedFilesAreServedBelowTheWholePrefix() throws IOException {
        Files.writeString(Files.createDirectory(temp.resolve("d")).resolve("f.txt"), "file");
        Files.writeString(temp.resolve("index.html"), "index");
        Routes root = Routes.create().mount("/{any}/b", Routes.create().files("/static", temp));
        assertEquals("200 file", ask(root, "GET", "/a/b/static/d/f.txt"));
        assertEquals("200 index", ask(root, "GET", "/a/b/static/"));
        Sim.run(() -> {
            try (TestClient client = TestClient.of(root)) {
                assertEquals("/a/b/static/", client.get("/a/b/static").headers().get("Location").orElseThrow());
                assertEquals("/a/b/static/d/?q", client.get("/a/b/static/d?q").headers().get("Location").orElseThrow());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
            "/a/:id, '{id}'",
            "/a/:id?, '{id}'",
            "/a/<id>, '{id}'",
            "/a/<int:id>, '{id}'",
            "/a/*, '{path...}'",
            "/a/**, '{path...}'",
            "/a/*.html, '{path...}'",
            "/a/(.*), '{path...}'",
            "/a/:, '{name}'",
            "/a/{*path}, '{name...}'",
    })
    void placesOfOtherFrameworksAreRefusedWithTheSpellingOfHere(String path, String spelling) {
        for (Executable adding : List.<Executable>of(
                () -> Routes.create().get(path, says("")),
                () -> Routes.create().mount(path, Routes.create()),
                () -> Routes.create().files(path, Path.of(".")))) {
            String refusal = assertThrows(IllegalArgumentException.class, adding).getMessage();
            assertTrue(refusal.contains(spelling) && refusal.contains(path), refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/users:batch", "/a*b", "/a/x<y>", "/(a)"})
    void marksInsideALiteralArePartOfIt(String path) {
        Routes.create().get(path, says(""));
    }

    @Test
    void oneSetOfRoutesMayBeMountedTwice() {
        Routes shared = Routes.create().get("/x", says("x"));
        Routes root = Routes.create().mount("/a", shared).mount("/b", shared);
        assertEquals("200 x", ask(root, "GET", "/a/x"));
        assertEquals("200 x", ask(root, "GET", "/b/x"));
    }

    @Test
    void mountsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Routes.create().mount("api", Routes.create()));
        assertThrows(IllegalArgumentException.class, () -> Routes.create().mount("/{all...}", Routes.create()));
        Routes circle = Routes.create();
        circle.mount("/x", circle);
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().mount("/", circle).build());
        var twice = HttpServer.builder().get("/a/b", says("")).mount("/a", Routes.create().get("/b", says("")));
        assertThrows(IllegalArgumentException.class, twice::build);
        var names = HttpServer.builder().mount("/{id}", Routes.create().get("/{id}", says("")));
        assertThrows(IllegalArgumentException.class, names::build);
    }

    @Test
    void whatIsBuiltDoesNotChange() {
        Routes routes = Routes.create().get("/a", says("a"));
        HttpServer server = HttpServer.builder().mount("/", routes).build();
        routes.get("/b", says("b")).use((request, next) -> Response.empty(500));
        Sim.run(() -> {
            try (server; TestClient client = TestClient.of(server)) {
                assertEquals("a", client.get("/a").text());
                assertEquals(404, client.get("/b").status());
            }
        });
    }
}
