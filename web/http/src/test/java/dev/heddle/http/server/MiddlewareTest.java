package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.Reply;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What stands around handlers: its order, where it runs and what it sees. */
final class MiddlewareTest {

    private static final RequestKey<String> USER = RequestKey.of("user");

    private final List<String> seen = new ArrayList<>();

    private Middleware named(String name) {
        return (request, next) -> {
            seen.add(name);
            Response response = next.handle(request);
            seen.add(name + " " + response.status());
            return response.withAddedHeader("Via", name);
        };
    }

    private static String ask(Routes routes, String method, String path) {
        return Sim.run(() -> {
            try (TestClient client = TestClient.of(routes); Reply reply = client.request(method, path).send()) {
                return reply.status() + " " + reply.text() + reply.headers().all("Via");
            }
        });
    }

    private Routes nested() {
        return Routes.create()
                .use(named("a"))
                .get("/", r -> Response.text("root"))
                .use(named("b"))
                .mount("/api", Routes.create().use(named("c")).get("/x", r -> Response.text("x")));
    }

    @Test
    void firstIsOutermostAndThoseOfAMountAreInside() {
        assertEquals("200 x[c, b, a]", ask(nested(), "GET", "/api/x"));
        assertEquals(List.of("a", "b", "c", "c 200", "b 200", "a 200"), seen);
        assertEquals("200 root[b, a]", ask(nested(), "GET", "/"));
    }

    @Test
    void itRunsForWhatIsNotThereBelowItsPrefix() {
        assertEquals("404 Not Found\n[c, b, a]", ask(nested(), "GET", "/api/none"));
        assertEquals("405 Method Not Allowed\n[c, b, a]", ask(nested(), "POST", "/api/x"));
        assertEquals("204 [c, b, a]", ask(nested(), "OPTIONS", "/api/x"));
        assertEquals("501 Not Implemented\n[c, b, a]", ask(nested(), "BREW", "/api/x"));
        assertEquals("404 Not Found\n[b, a]", ask(nested(), "GET", "/apix"));
        assertEquals("404 Not Found\n[b, a]", ask(nested(), "GET", "/%FF"));
        assertEquals("404 Not Found\n[c, b, a]", ask(nested(), "GET", "/api"));
    }

    @Test
    void itKnowsWhichRouteAnswersAndWhetherTheResponseHasAnEnd() {
        Routes routes = Routes.create()
                .use((request, next) -> {
                    Response response = next.handle(request);
                    seen.add(request.route().orElse("none") + " " + response.isStreamed());
                    return response.isStreamed() ? response.onEnd(() -> seen.add("end")) : response;
                })
                .get("/jars/{id}", _ -> Response.text("jar"))
                .get("/list", _ -> Response.stream("text/plain", out -> out.write('x')))
                .mount("/api", Routes.create().get("/{rest...}", _ -> Response.empty()));
        ask(routes, "GET", "/jars/7");
        ask(routes, "GET", "/list");
        ask(routes, "GET", "/api/a/b");
        ask(routes, "GET", "/none");
        assertEquals(
                List.of("/jars/{id} false", "/list true", "end", "/api/{rest...} false", "none false"), seen);
    }

    @Test
    void itMayAnswerItself() {
        Routes routes = Routes.create().use(named("a")).use((request, next) -> Response.text("no").withStatus(403))
                .get("/", r -> {
                    seen.add("handler");
                    return Response.empty(200);
                });
        assertEquals("403 no[a]", ask(routes, "GET", "/"));
        assertEquals(List.of("a", "a 403"), seen);
    }

    @Test
    void statusExceptionFromFurtherInArrivesAsItsResponse() {
        Routes routes = Routes.create().use(named("a")).use((request, next) -> {
            if (request.header("Authorization").isEmpty()) {
                throw new StatusException(401, "who are you?", Headers.of("WWW-Authenticate", "Basic"));
            }
            return next.handle(request);
        }).get("/", r -> Response.empty(200));
        assertEquals("401 who are you?\n[a]", ask(routes, "GET", "/"));
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                assertEquals("Basic", client.get("/").headers().get("WWW-Authenticate").orElseThrow());
            }
        });
    }

    @Test
    void anyOtherExceptionPassesThroughAndMayBeTranslated() {
        Routes routes = Routes.create().use(named("a")).use((request, next) -> {
            try {
                return next.handle(request);
            } catch (NoSuchElementException e) {
                throw new StatusException(404, "no such thing");
            }
        }).get("/", r -> {
            throw new NoSuchElementException();
        }).get("/bug", r -> {
            throw new IllegalStateException("secret");
        });
        assertEquals("404 no such thing\n[a]", ask(routes, "GET", "/"));
        assertEquals("500 Server Error\n[]", ask(routes, "GET", "/bug"));
        assertEquals(List.of("a", "a 404", "a"), seen);
    }

    @Test
    void whatItLeavesWithTheRequestIsSeenFurtherIn() {
        RequestKey<String> other = RequestKey.of("user");
        Routes routes = Routes.create().use((request, next) -> {
            request.set(USER, "nobody");
            request.set(USER, "ada");
            return next.handle(request);
        }).get("/", r -> Response.text(r.get(USER).orElseThrow() + r.get(other).isPresent()));
        assertEquals("200 adafalse[]", ask(routes, "GET", "/"));
    }

    @Test
    void nothingInsteadOfAResponseIsTheProgramsMistake() {
        Routes routes = Routes.create().use(named("a")).get("/", r -> null).mount("/m",
                Routes.create().use((request, next) -> null).get("/", r -> Response.empty(200)));
        assertTrue(ask(routes, "GET", "/").startsWith("500"));
        assertTrue(ask(routes, "GET", "/m").startsWith("500"));
    }

    @Test
    void headerThatOnlyTheServerWritesCannotBelongToAStatus() {
        assertThrows(IllegalArgumentException.class,
                () -> new StatusException(400, "", Headers.of("Content-Length", "5")));
    }

    @Test
    void requestGoesOnWithOtherHeadersButNotWithThoseItWasReadBy() {
        Middleware other = (request, next) -> next.handle(
                request.withOnlyHeaders(request.headers().with("X-A", "2").without("X-B")));
        Handler handler = request -> {
            assertThrows(IllegalArgumentException.class,
                    () -> request.withOnlyHeaders(request.headers().with("Host", "evil")));
            return Response.text(request.header("X-A").orElse("") + request.header("X-B").orElse("none")
                    + request.text(10));
        };
        Sim.run(() -> {
            try (TestClient client = TestClient.of(Routes.create().use(other).post("/", handler))) {
                assertEquals("2nonebody", client.request("POST", "/").header("X-A", "1").header("X-B", "1").body("body")
                        .send().text());
            }
        });
    }

    @Test
    void statusExceptionFromAGroupFurtherInArrivesAsItsResponse() {
        Routes routes = Routes.create().use(named("a")).get("/", r -> Response.text("" + Heddle.gather(() -> {
            throw new StatusException(404, "no such user");
        }, () -> "orders")));
        assertEquals("404 no such user\n[a]", ask(routes, "GET", "/"));
        assertEquals(List.of("a", "a 404"), seen);
    }

    @Test
    void groupWithABugFurtherInPassesThrough() {
        Routes routes = Routes.create().use(named("a")).get("/", r -> Response.text("" + Heddle.gather(() -> {
            throw new StatusException(404, "no such user");
        }, () -> {
            throw new IllegalStateException("secret");
        })));
        assertEquals("500 Server Error\n[]", ask(routes, "GET", "/"));
        assertEquals(List.of("a"), seen);
    }
}
