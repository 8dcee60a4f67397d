package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
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
        FrameWire.play(server, wire -> {
            wire.get(1, "/");
            assertEquals("x", wire.answer(1).body());
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(List.of("end"), done);
            wire.get(3, "/endless").read(Http2Frame.DATA);
            wire.reset(3, Http2Error.CANCEL);
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("end", "end"), done);
        });
    }

    @Test
    void bodyInMemoryHasNone() {
        assertThrows(IllegalStateException.class, () -> Response.text("a").onEnd(() -> {}));
        assertThrows(IllegalStateException.class, () -> Response.json("a").onEnd(() -> {}));
    }
}
