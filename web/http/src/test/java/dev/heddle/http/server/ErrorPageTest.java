package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonException;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.sim.Sim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Handlers that fail in tasks of theirs, by the name of the combinator. */
    private static HttpServer.Builder grouped(Callable<String> one, Callable<String> other) {
        return HttpServer.builder()
                .get("/gather", r -> Response.text("" + Heddle.gather(one, other)))
                .get("/map", r -> Response.text("" + Heddle.map(List.of(one, other), 2, Callable::call)))
                .get("/race", r -> Response.text(Heddle.race(one, other)))
                .get("/group", r -> Response.text(Heddle.group(g -> {
                    Task<String> first = g.spawn(one);
                    return first.join() + g.spawn(other).join();
                })))
                .get("/nested", r -> Response.text("" + Heddle.gather(() -> Heddle.gather(one, other), () -> "")))
                .get("/timed", r -> Response.text(
                        "" + Heddle.timeout(Duration.ofSeconds(1), () -> Heddle.gather(one, other))))
                .get("/body", r -> Response.stream("a/b", out -> Heddle.gather(one, other)));
    }

    private static Callable<String> failing(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }

    /** The same when another one has failed, or a moment later. */
    private static Callable<String> failingLater(Callable<String> failing) {
        return () -> {
            try {
                Heddle.sleep(Duration.ofMillis(10));
            } catch (CancelledException e) {
                return failing.call();
            }
            return failing.call();
        };
    }

    private static int statusOf(String path, Callable<String> first, Callable<String> second) {
        return Wire.status(ask(grouped(first, failingLater(second)), "GET " + path, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gather", "/map", "/race", "/group", "/nested", "/timed", "/body"})
    void statusThrownInAGroupIsAnsweredAsWithoutOne(String path) {
        Callable<String> teapot = failing(new StatusException(418, "short and stout", Headers.of("Retry-After", "9")));
        String answer = ask(grouped(teapot, teapot), "GET " + path, "");
        assertEquals(418, Wire.status(answer), answer);
        assertTrue(answer.contains("\r\nRetry-After: 9\r\n"), answer);
        assertEquals("short and stout\n", Wire.body(answer));
        if (!path.equals("/body")) {
            assertEquals(
                    "<h1>418 " + path + "</h1>",
                    Wire.body(ask(paged(grouped(teapot, teapot)), "GET " + path, "")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gather", "/map", "/race", "/nested", "/timed", "/body"})
    void ofSeveralStatusesOfAGroupTheFirstIsAnsweredAndOneOfTheServersFaultBefore(String path) {
        Callable<String> absent = failing(new StatusException(404, "no such user"));
        Callable<String> unknown = failing(new StatusException(401, "who are you?"));
        Callable<String> away = failing(new StatusException(503, "no orders now"));
        Callable<String> badGateway = failing(new StatusException(502, "no stock now"));
        assertEquals(404, statusOf(path, absent, unknown));
        assertEquals(401, statusOf(path, unknown, absent));
        assertEquals(503, statusOf(path, absent, away));
        assertEquals(503, statusOf(path, away, absent));
        assertEquals(503, statusOf(path, away, badGateway));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gather", "/map", "/race", "/nested", "/timed", "/body"})
    void bugBesideAStatusIsABug(String path) {
        Callable<String> absent = failing(new StatusException(404, "no such user"));
        Callable<String> bug = failing(new IllegalStateException("secret"));
        for (String answer : List.of(
                ask(grouped(absent, bug), "GET " + path, ""), ask(grouped(bug, absent), "GET " + path, ""))) {
            assertEquals(500, Wire.status(answer), answer);
            assertEquals("Server Error\n", Wire.body(answer));
        }
    }

    @Test
    void documentRefusedInAGroupIsAProblem() {
        String answer = ask(
                grouped(failing(new StatusException(new JsonException("not a number", null))), () -> ""),
                "GET /gather",
                "");
        assertEquals(400, Wire.status(answer));
        assertTrue(answer.contains("application/problem+json"), answer);
    }

    @Test
    void statusThrownInAGroupIsAnsweredOverHttp2Too() {
        Callable<String> teapot = failing(new StatusException(418, "short and stout"));
        Sim.run(() -> {
            HttpServer started = grouped(teapot, teapot).start("127.0.0.1", 0);
            try (var http = HttpClient.builder().http2PriorKnowledge().build()) {
                for (String path : List.of("/gather", "/body")) {
                    Reply reply = http.get("http://127.0.0.1:" + started.port() + path);
                    assertEquals(418, reply.status());
                    assertEquals("short and stout\n", reply.text());
                }
            } finally {
                started.stop(Duration.ZERO);
            }
        });
    }

    // ---- problems ----

    private static final class NoSuchOrderException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoSuchOrderException(String message) {
            super(message);
        }
    }

    private HttpServer.Builder problems() {
        return server().problems()
                .exception(NoSuchOrderException.class, e -> new StatusException(404, e.getMessage()))
                .exception(IllegalArgumentException.class, e -> {
                    throw new IllegalStateException("the mapping is wrong");
                })
                .use((request, next) -> request.headers().contains("X-Closed")
                        ? Response.text("closed on Sundays\n").withStatus(403).withHeader("X-Until", "8:00")
                        : next.handle(request))
                .get("/order", r -> {
                    throw new NoSuchOrderException("there is no order 7");
                })
                .get("/orders", r -> Response.text("" + Heddle.gather(
                        failing(new NoSuchOrderException("there is no order 7")), () -> 1)))
                .get("/streamed", r -> Response.stream("a/b", out -> {
                    throw new NoSuchOrderException("there is no order 8");
                }))
                .get("/wrong", r -> {
                    throw new IllegalArgumentException("secret");
                })
                .mount("/in", Routes.create()
                        .use(Authentication.basic("shop", (user, password) -> false))
                        .get("/", r -> Response.text("never")))
                .get("/own", r -> Response.json("{\"mine\":1}").withStatus(409))
                .get("/page", r -> Response.html("<p>gone").withStatus(410));
    }

    private static String problem(int status, String title, String detail) {
        return "{\"title\":\"" + title + "\",\"status\":" + status
                + (detail.isEmpty() ? "}" : ",\"detail\":\"" + detail + "\"}");
    }

    private void assertProblem(String answer, int status, String title, String detail) {
        assertEquals(status, Wire.status(answer), answer);
        assertTrue(answer.contains("Content-Type: application/problem+json\r\n"), answer);
        assertEquals(problem(status, title, detail), answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void oneSwitchMakesEveryErrorAProblem() {
        assertProblem(ask(problems(), "GET /nowhere", ""), 404, "Not Found", "");
        assertProblem(ask(problems(), "POST /order", ""), 405, "Method Not Allowed", "");
        assertProblem(ask(problems(), "GET /teapot", ""), 418, "I'm a Teapot", "short and stout");
        assertProblem(ask(problems(), "GET /bug", ""), 500, "Server Error", "");
        assertProblem(ask(problems(), "GET /in", ""), 401, "Unauthorized", "");
        assertProblem(ask(problems(), "GET /files/none", ""), 404, "Not Found", "");
        assertProblem(ask(problems(), "BREW /order", ""), 501, "Not Implemented", "");
    }

    @Test
    void textOfAnErrorBecomesTheDetailAndItsFieldsStay() {
        String answer = ask(problems(), "GET /order", "X-Closed: 1\r\n");
        assertProblem(answer, 403, "Forbidden", "closed on Sundays");
        assertTrue(answer.contains("X-Until: 8:00"), answer);
        assertTrue(ask(problems(), "GET /teapot", "").contains("Retry-After: 9"));
        assertTrue(ask(problems(), "GET /in", "").contains("WWW-Authenticate: "));
    }

    @Test
    void requestThatCannotBeReadGetsAProblemToo() {
        String answer = ask(problems(), "GET /order", "Bad Field: 1\r\n");
        assertEquals(400, Wire.status(answer));
        assertTrue(answer.contains("application/problem+json"), answer);
    }

    @Test
    void errorsThatAreDocumentsStayAsTheyAre() {
        assertTrue(ask(problems(), "GET /own", "").endsWith("{\"mine\":1}"));
        assertTrue(ask(problems(), "GET /page", "").endsWith("<p>gone"));
    }

    @Test
    void exceptionOfTheProgramHasItsStatus() {
        assertProblem(ask(problems(), "GET /order", ""), 404, "Not Found", "there is no order 7");
        assertProblem(ask(problems(), "GET /orders", ""), 404, "Not Found", "there is no order 7");
        assertProblem(ask(problems(), "GET /streamed", ""), 404, "Not Found", "there is no order 8");
    }

    @Test
    void exceptionWhoseStatusCannotBeToldIsAnError() {
        assertProblem(ask(problems(), "GET /wrong", ""), 500, "Server Error", "");
    }

    @Test
    void ownPageSaidAfterProblemsCounts() {
        String answer = ask(problems().errorPage((r, status) -> Response.html("<p>" + status)), "GET /nowhere", "");
        assertTrue(answer.endsWith("<p>404"), answer);
    }
}
