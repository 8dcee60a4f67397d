package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is to be done when a streamed response is over is done once, however it ends. */
final class ResponseEndTest {

    private final List<String> done = new ArrayList<>();

    private HttpServer.Builder server = HttpServer.builder();

    @BeforeEach
    void serve() {
        server = HttpServer.builder()
                .get("/", r -> Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("end")))
                .get("/fails", r -> Response.stream("a/b", out -> {
                    throw new IllegalStateException("broken");
                }).onEnd(() -> done.add("end")))
                .get("/endless", r -> Response.stream("a/b", out -> {
                    while (true) {
                        out.write(new byte[10_000]);
                    }
                }).onEnd(() -> done.add("end")))
                .get("/two", r -> Response.stream("a/b", out -> done.add("written"))
                        .onEnd(() -> done.add("first"))
                        .onEnd(() -> done.add("second")))
                .get("/bad", r -> Response.stream("a/b", out -> out.write('x')).onEnd(() -> {
                    done.add("end");
                    throw new IllegalStateException("bad end");
                }))
                .get("/events", r -> Response.events(out -> {}).onEnd(() -> done.add("end")));
    }

    private String ask(String method, String path) {
        return Wire.ask(server, method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    @Test
    void afterTheLastByteOfAWholeResponse() {
        assertTrue(ask("GET", "/").endsWith("x"));
        assertEquals(List.of("end"), done);
        ask("GET", "/events");
        assertEquals(List.of("end", "end"), done);
    }

    @Test
    void whereTheWriterIsNeverRun() {
        assertEquals(200, Wire.status(ask("HEAD", "/")));
        assertEquals(List.of("end"), done);
        server.use((request, next) -> {
            next.handle(request);
            return Response.text("another");
        });
        assertTrue(ask("GET", "/").endsWith("another"));
        assertEquals(List.of("end", "end"), done);
    }

    @Test
    void whereTheWriterFails() {
        assertEquals(500, Wire.status(ask("GET", "/fails")));
        assertEquals(List.of("end"), done);
    }

    @Test
    void wherePeerGoesAway() {
        Wire.play(server, (peer, connection) -> {
            peer.write("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            peer.readExactly(100);
            peer.abort();
            connection.join();
        });
        assertEquals(List.of("end"), done);
    }

    @Test
    void whereTheHandlerFailsAfterItHasMadeTheResponse() {
        server.get("/header", r -> Response.stream("a/b", out -> out.write('x'))
                .onEnd(() -> done.add("end"))
                .withHeader("X", "bad\n"));
        server.get("/status", r -> {
            Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("end"));
            throw new StatusException(409, "no");
        });
        server.get("/error", r -> {
            Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("end"));
            throw new AssertionError("bug");
        });
        assertEquals(500, Wire.status(ask("GET", "/header")));
        assertEquals(List.of("end"), done);
        assertEquals(409, Wire.status(ask("GET", "/status")));
        assertEquals(500, Wire.status(ask("GET", "/error")));
        assertEquals(List.of("end", "end", "end"), done);
    }

    @Test
    void whereTheHandlerMakesAnotherResponseOrIsCutOff() {
        server.get("/choice", r -> {
            Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("left"));
            return Response.stream("a/b", out -> out.write('y')).onEnd(() -> done.add("sent"));
        });
        server.get("/late", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(1)), r -> {
            Response made = Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("late"));
            Heddle.sleep(Duration.ofMinutes(1));
            return made;
        });
        assertTrue(ask("GET", "/choice").endsWith("y"));
        assertEquals(List.of("left", "sent"), done);
        assertEquals(503, Wire.status(ask("GET", "/late")));
        assertEquals(List.of("left", "sent", "late"), done);
    }

    @Test
    void eachTimeAKeptResponseIsGivenAlsoBehindMiddlewareAndByAnErrorPage() {
        Response kept = Response.stream("a/b", out -> out.write('x'))
                .onEnd(() -> done.add("first"))
                .onEnd(() -> done.add("second"));
        server.get("/kept", r -> kept).errorPage((request, status) -> kept);
        assertTrue(ask("GET", "/kept").endsWith("x"));
        assertTrue(ask("GET", "/kept").endsWith("x"));
        assertEquals(List.of("first", "second", "first", "second"), done);
        ask("GET", "/nowhere");
        assertEquals(6, done.size());
        server.use((request, next) -> next.handle(request)).use(Compression.DEFAULT);
        ask("GET", "/kept");
        assertEquals(8, done.size());
    }

    @Test
    void eachTimeAResponseThatAMiddlewareHasKeptIsGiven() {
        List<Response> kept = new ArrayList<>();
        server.use((request, next) -> {
            if (kept.isEmpty()) {
                kept.add(next.handle(request));
            }
            return kept.getFirst();
        });
        ask("GET", "/");
        ask("GET", "/");
        assertEquals(List.of("end", "end"), done);
    }

    @Test
    void errorInTheEndStopsNoOtherEndAndNotTheConnection() {
        server.get("/error", r -> Response.stream("a/b", out -> out.write('x'))
                .onEnd(() -> {
                    throw new AssertionError("bad end");
                })
                .onEnd(() -> done.add("end")));
        String twice = "GET /error HTTP/1.1\r\nHost: a\r\n\r\nGET /error HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assertEquals(2, Wire.ask(server, twice).split("HTTP/1.1 200", -1).length - 1);
        assertEquals(List.of("end", "end"), done);
    }

    @Test
    void inTheOrderInWhichTheyWereGivenAlsoBehindCompression() {
        server.use(Compression.DEFAULT);
        ask("GET", "/two");
        assertEquals(List.of("written", "first", "second"), done);
    }

    @Test
    void endThatFailsIsNoFailureOfTheConnection() {
        String twice = "GET /bad HTTP/1.1\r\nHost: a\r\n\r\nGET /bad HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assertEquals(2, Wire.ask(server, twice).split("HTTP/1.1 200", -1).length - 1);
        assertEquals(List.of("end", "end"), done);
    }

    @Test
    void overHttp2AsWell() {
        Response kept = Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("end"));
        server.get("/kept", r -> kept).get("/made", r -> {
            Response.stream("a/b", out -> out.write('x')).onEnd(() -> done.add("end"));
            throw new IllegalStateException("bug");
        });
        FrameWire.play(server, wire -> {
            wire.get(1, "/");
            assertEquals("x", wire.answer(1).body());
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(List.of("end"), done);
            wire.get(3, "/endless").read(Http2Frame.DATA);
            wire.reset(3, Http2Error.CANCEL);
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("end", "end"), done);
            wire.get(5, "/made").answer(5);
            wire.get(7, "/kept").answer(7);
            wire.get(9, "/kept").answer(9);
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(5, done.size());
        });
    }

    @Test
    void bodyInMemoryHasNone() {
        assertThrows(IllegalStateException.class, () -> Response.text("a").onEnd(() -> {}));
        assertThrows(IllegalStateException.class, () -> Response.json("a").onEnd(() -> {}));
    }
}
