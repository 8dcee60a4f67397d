package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.FrameWire;
import dev.heddle.http.Headers;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.http2.Http2Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.api.Test;

/** The fields behind the body of a response, over HTTP/1 and HTTP/2 (RFC 9110, section 6.5). */
final class ResponseTrailersTest {

    private static final String CRC_OF_HELLO = "3610a686";

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/sum", r -> summed("hello"))
            .get("/empty", r -> summed(""))
            .get("/type", r -> Response.stream("text/plain", out -> out.write('x'))
                    .withTrailers(() -> Headers.of("Content-Type", "text/html")))
            .get("/none", r -> Response.stream("text/plain", out -> out.write('x')).withTrailers(() -> Headers.EMPTY));

    private static Response summed(String text) {
        var sum = new CRC32();
        return Response
                .stream("text/plain",
                        out -> new CheckedOutputStream(out, sum).write(text.getBytes(StandardCharsets.US_ASCII)))
                .withTrailers(() -> Headers.of("X-Crc", Long.toHexString(sum.getValue()), "X-Last", "1"))
                .withHeader("Trailer", "X-Crc");
    }

    private String ask(String path, String version) {
        return Wire.ask(server, "GET " + path + " HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    @Test
    void theyFollowTheLastChunk() {
        String answer = ask("/sum", "1.1");
        assertTrue(answer.contains("\r\nTrailer: X-Crc\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n0005\r\nhello\r\n0\r\nX-Crc: " + CRC_OF_HELLO + "\r\nX-Last: 1\r\n\r\n"),
                answer);
        answer = ask("/empty", "1.1");
        assertTrue(answer.endsWith("\r\n\r\n0\r\nX-Crc: 0\r\nX-Last: 1\r\n\r\n"), answer);
    }

    @Test
    void httpOfVersion10HasNoPlaceForThem() {
        String answer = ask("/sum", "1.0");
        assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
    }

    @Test
    void withoutAnyTheBodyIsAsUsual() {
        assertTrue(ask("/none", "1.1").contains("\r\nContent-Length: 1\r\n"));
    }

    @Test
    void connectionGoesOnBehindThem() {
        String two = "GET /sum HTTP/1.1\r\nHost: a\r\n\r\nGET /sum HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        String answer = Wire.ask(server, two);
        assertEquals(2, answer.split("X-Crc: " + CRC_OF_HELLO, -1).length - 1, answer);
    }

    @Test
    void overHttp2TheyEndTheStream() {
        FrameWire.play(server, wire -> {
            for (var page : List.of(Map.entry("/sum", "hello"), Map.entry("/empty", ""))) {
                int id = page.getKey().equals("/sum") ? 1 : 3;
                wire.get(id, page.getKey());
                FrameWire.Frame head = wire.read(Http2Frame.HEADERS);
                assertFalse(head.ends());
                assertEquals("200", wire.fields(head).get(":status"));
                FrameWire.Frame next = wire.read();
                if (!page.getValue().isEmpty()) {
                    assertEquals(page.getValue(), next.text());
                    assertFalse(next.ends());
                    next = wire.read();
                }
                assertEquals(Http2Frame.HEADERS, next.type());
                assertTrue(next.ends());
                Map<String, String> trailers = wire.fields(next);
                assertEquals(id == 1 ? CRC_OF_HELLO : "0", trailers.get("x-crc"));
                assertEquals(2, trailers.size());
            }
        });
    }

    @Test
    void theyGoThroughMiddleware() {
        server.use(Compression.DEFAULT);
        FrameWire.play(server, wire -> {
            wire.get(1, "/sum", "accept-encoding", "gzip");
            FrameWire.Answer answer = wire.answer(1);
            assertEquals(CRC_OF_HELLO, answer.fields().get("x-crc"));
        });
    }

    @Test
    void fieldThatHasNoPlaceThereIsAFailureOfTheWriter() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/type");
            assertEquals(500, wire.answer(1).status());
        });
    }

    @Test
    void bodyOfWhichAllIsKnownHasHeadersInstead() {
        assertThrows(IllegalStateException.class, () -> Response.text("a").withTrailers(() -> Headers.EMPTY));
        assertThrows(IllegalStateException.class,
                () -> Response.stream("a/b", 1, out -> out.write('x')).withTrailers(() -> Headers.EMPTY));
    }
}
