package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.RouteOptions.OnDisconnect;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.ByteStream;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one route may do differently: its deadline, its bounds, and what a lost peer means to it. */
final class RouteOptionsTest {

    private static final RouteOptions CANCELLED = RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL);

    private final List<String> events = new ArrayList<>();

    private Response work(Request request) {
        try {
            Heddle.sleep(Duration.ofSeconds(30));
            events.add("done");
            return Response.text("done");
        } catch (CancelledException e) {
            events.add("cancelled");
            throw e;
        }
    }

    @Test
    void typesOfQuestionsAreToldAndOthersAreRefused() {
        RouteOptions typed = RouteOptions.DEFAULT.withAcceptQuery("application/JSON", "text/*");
        Routes routes = Routes.create()
                .query("/books", typed, request -> Response.text(request.text(100)))
                .query("/any", request -> Response.text("any"))
                .get("/books", request -> Response.text("all"));
        String types = "\"application/json\", \"text/*\"";
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                Reply answered = client.request("QUERY", "/books").header("Content-Type", "Text/CSV").body("a").send();
                assertEquals(200, answered.status());
                assertEquals(types, answered.headers().first("Accept-Query"));
                Reply other = client.request("QUERY", "/books").header("Content-Type", "image/png").body("a").send();
                assertEquals(415, other.status());
                assertEquals(types, other.headers().first("Accept-Query"));
                Reply typeless = client.request("QUERY", "/books").body(new byte[]{1}).send();
                assertEquals(400, typeless.status());
                assertEquals(types, typeless.headers().first("Accept-Query"));
                assertEquals(types, client.request("OPTIONS", "/books").send().headers().first("Accept-Query"));
                Reply wrong = client.request("DELETE", "/books").send();
                assertEquals(405, wrong.status());
                assertEquals("GET, HEAD, OPTIONS, QUERY", wrong.headers().first("Allow"));
                assertEquals(types, wrong.headers().first("Accept-Query"));
                Reply untyped = client.request("OPTIONS", "/any").send();
                assertEquals("OPTIONS, QUERY", untyped.headers().first("Allow"));
                assertFalse(untyped.headers().contains("Accept-Query"));
                assertFalse(client.get("/books").headers().contains("Accept-Query"));
            }
        });
        for (String wrong : new String[]{"", "json", "/json", "text/", "text/html; charset=utf-8", "a/b\"c"}) {
            assertThrows(IllegalArgumentException.class, () -> RouteOptions.DEFAULT.withAcceptQuery(wrong));
        }
    }

    private static String ask(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void handlerBeyondItsDeadlineIsCancelledAndItsPeerGets503() {
        Routes routes = Routes.create().get("/", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(5)), this::work);
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                long start = Heddle.currentLoop().nanoTime();
                Reply late = client.get("/");
                assertEquals(503, late.status());
                assertEquals("1", late.headers().get("Retry-After").orElseThrow());
                assertEquals("Service Unavailable\n", late.text());
                assertEquals(5, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
                assertEquals(List.of("cancelled"), events);
            }
        });
    }

    @Test
    void handlerThatAnswersAfterItsCancelIsHeard() {
        Routes routes = Routes.create().get("/", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(5)), r -> {
            try {
                return work(r);
            } catch (CancelledException e) {
                return Response.text("sorry").withStatus(504);
            }
        });
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                assertEquals(504, client.get("/").status());
            }
        });
    }

    @Test
    void deadlineCoversReadingTheBody() {
        var server = HttpServer.builder().post("/", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(5)),
                r -> Response.text(r.text(100)));
        Wire.play(server, (stream, connection) -> {
            stream.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
            assertEquals(503, Wire.status(Wire.text(stream.readAll(1000))));
        });
    }

    @Test
    void routeMayTakeLongerOrOnlyShorterBodiesThanTheServer() {
        var server = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMaxBodyBytes(10))
                .post("/", r -> Response.text(r.text(100)))
                .post("/long", RouteOptions.DEFAULT.withMaxBodyBytes(20), r -> Response.text(r.text(100)))
                .post("/short", RouteOptions.DEFAULT.withMaxBodyBytes(0), r -> Response.text(r.text(100)));
        assertEquals(413, upload(server, "/", 11));
        assertEquals(200, upload(server, "/", 10));
        assertEquals(200, upload(server, "/long", 20));
        assertEquals(413, upload(server, "/long", 21));
        assertEquals(200, upload(server, "/short", 0));
        assertEquals(413, upload(server, "/short", 1));
    }

    private static int upload(HttpServer.Builder server, String path, int bytes) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        int sized = Wire.status(Wire.ask(server, head + "Content-Length: " + bytes + "\r\n\r\n" + "x".repeat(bytes)));
        String chunk = bytes == 0 ? "" : Integer.toHexString(bytes) + "\r\n" + "x".repeat(bytes) + "\r\n";
        int chunked = Wire.status(Wire.ask(server, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n"));
        assertEquals(sized, chunked);
        return sized;
    }

    @Test
    void moreAtOnceThanTheBoundGet503AtOnceAndFreePlacesAreUsedAgain() {
        Routes routes = Routes.create().get("/", RouteOptions.DEFAULT.withMaxConcurrent(2), this::work);
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                List<Task<Integer>> asked = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    asked.add(Heddle.spawn(() -> client.get("/").status()));
                }
                List<Integer> statuses = asked.stream().map(Task::join).sorted().toList();
                assertEquals(List.of(200, 200, 503), statuses);
                assertEquals(List.of("done", "done"), events);
                assertEquals(200, client.get("/").status());
            }
        });
    }

    @Test
    void peerThatGoesAwayChangesNothingByDefault() {
        Wire.play(HttpServer.builder().get("/", this::work), (stream, connection) -> {
            stream.write(ask("/"));
            Heddle.sleep(Duration.ofSeconds(1));
            stream.close();
            connection.join();
            assertEquals(List.of("done"), events);
        });
    }

    @Test
    void peerThatGoesAwayCancelsTheHandlerWhereThatIsWanted() {
        Wire.play(HttpServer.builder().get("/", CANCELLED, this::work), (stream, connection) -> {
            stream.write(ask("/"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of(), events);
            long start = Heddle.currentLoop().nanoTime();
            stream.close();
            connection.join();
            assertEquals(List.of("cancelled"), events);
            assertEquals(0, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
        });
    }

    @Test
    void peerIsWatchedFromTheEndOfTheBodyOn() {
        var server = HttpServer.builder().post("/", CANCELLED, r -> {
            events.add(r.text(100));
            return work(r);
        });
        Wire.play(server, (stream, connection) -> {
            stream.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
            Heddle.sleep(Duration.ofSeconds(1));
            stream.write("cd");
            Heddle.sleep(Duration.ofSeconds(1));
            stream.close();
            connection.join();
            assertEquals(List.of("abcd", "cancelled"), events);
        });
    }

    @Test
    void bodyMayBeReadByAnotherTask() {
        var server = HttpServer.builder().post("/", CANCELLED, r -> {
            events.add(Heddle.spawn(() -> r.text(100)).join());
            return work(r);
        });
        Wire.play(server, (stream, connection) -> {
            stream.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd");
            Heddle.sleep(Duration.ofSeconds(1));
            stream.close();
            connection.join();
            assertEquals(List.of("abcd", "cancelled"), events);
        });
    }

    @Test
    void watchLeavesTheNextRequestAlone() {
        Wire.play(HttpServer.builder().get("/", CANCELLED, this::work), (stream, connection) -> {
            stream.write(ask("/") + ask("/"));
            assertTrue(Wire.response(stream).endsWith("done"));
            assertTrue(Wire.response(stream).endsWith("done"));
            stream.write(ask("/"));
            assertTrue(Wire.response(stream).endsWith("done"));
            stream.close();
            connection.join();
        });
    }

    @Test
    void handlerMayAlsoAskWhetherItsPeerHasGone() {
        Handler asking = r -> {
            try {
                r.awaitDisconnect();
                events.add("told");
            } catch (CancelledException e) {
                events.add("cancelled");
                throw e;
            }
            return Response.empty(204);
        };
        for (String expected : List.of("told", "cancelled")) {
            events.clear();
            var server = HttpServer.builder().get("/", expected.equals("told") ? RouteOptions.DEFAULT : CANCELLED,
                    asking);
            Wire.play(server, (stream, connection) -> {
                stream.write(ask("/"));
                Heddle.sleep(Duration.ofSeconds(1));
                stream.close();
                connection.join();
                assertEquals(List.of(expected), events);
            });
        }
    }

    @Test
    void middlewareSeesWhatTheOptionsAnswer() {
        Routes routes = Routes.create().use((request, next) -> {
            Response response = next.handle(request);
            events.add("saw " + response.status());
            return response;
        }).post("/", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(1)).withMaxBodyBytes(1), this::work);
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                assertEquals(503, client.request("POST", "/").send().status());
                assertEquals(413, client.request("POST", "/").body("long").send().status());
                assertEquals(List.of("cancelled", "saw 503", "saw 413"), events);
            }
        });
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        RouteOptions options = RouteOptions.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> options.withDeadline(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxBodyBytes(-2));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxConcurrent(0));
    }

    @Test
    void streamThatIsGoneInTheMiddleOfTheBodyEndsTheConnection() {
        Wire.play(HttpServer.builder().post("/", CANCELLED, r -> Response.text(r.text(100))), (stream, connection) -> {
            stream.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
            closed(stream);
            connection.join();
        });
    }

    private static void closed(ByteStream stream) {
        Heddle.sleep(Duration.ofSeconds(1));
        stream.close();
    }

    @Test
    void deadlineOfTheRouteStaysOneWhereAGroupFailsBecauseOfIt() {
        Routes routes = Routes.create().get(
                "/", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(5)),
                r -> Response.text("" + Heddle.gather(() -> work(r), () -> work(r))));
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                assertEquals(503, client.get("/").status());
                assertEquals(List.of("cancelled", "cancelled"), events);
            }
        });
    }
}
