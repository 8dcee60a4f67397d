package dev.heddle.http.server;

import static dev.heddle.http.Through.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.codec.DeflatingOutput;
import dev.heddle.http.internal.codec.SpareCodecs;
import dev.heddle.sim.Sim;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses get smaller for peers that take it, say so, and come out as they went in. */
@LeavesNothing
final class CompressionTest {

    private static final String TEXT = "to be or not to be, ".repeat(500);
    private static final String GZIP = "Accept-Encoding: gzip";

    @TempDir
    private Path temp;

    private static String get(Handler handler, String... fields) {
        return Through.ask(Compression.DEFAULT, handler, "GET", fields);
    }

    private static String decoded(String response) throws IOException {
        byte[] body = Wire.latin1(Wire.body(response));
        if (field(response, "Transfer-Encoding").equals("chunked")) {
            body = dechunked(Wire.body(response));
        }
        InputStream coded = new ByteArrayInputStream(body);
        InputStream plain = field(response, "Content-Encoding").equals("gzip")
                ? new GZIPInputStream(coded)
                : new InflaterInputStream(coded);
        return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] dechunked(String body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, end), 16);
            if (size == 0) {
                return bytes.toByteArray();
            }
            bytes.write(Wire.latin1(body.substring(end + 2, end + 2 + size)));
            at = end + 4 + size;
        }
    }

    @Test
    void digestsOfOtherBytesGo() {
        Handler digested = r -> Response.text(TEXT).withHeader("Content-Digest", "sha-256=:x:")
                .withHeader("Repr-Digest", "sha-256=:x:").withHeader("Content-MD5", "x");
        String coded = get(digested, GZIP);
        assertFalse(coded.contains("Digest") || coded.contains("MD5"), coded);
        String plain = get(digested);
        assertTrue(plain.contains("Content-Digest") && plain.contains("Repr-Digest") && plain.contains("MD5"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "gzip|gzip", "gzip, deflate, br|gzip", "deflate|deflate", "deflate, gzip;q=0.5|deflate", "*|gzip",
            "gzip;q=0|''", "br|''", "identity|''", "gzip;q=0, *|deflate", "''|''"
    })
    void codingIsTheOneThePeerLikesBest(String accepted, String coding) throws IOException {
        String answer = get(r -> Response.text(TEXT), "Accept-Encoding: " + accepted);
        assertEquals(coding, field(answer, "Content-Encoding"));
        assertEquals("Accept-Encoding", field(answer, "Vary"));
        assertEquals(TEXT, coding.isEmpty() ? Wire.body(answer) : decoded(answer));
        assertEquals(Wire.body(answer).length(), Integer.parseInt(field(answer, "Content-Length")));
    }

    @Test
    void whatGainsNothingIsLeftAlone() {
        byte[] noise = new byte[5_000];
        new Random(1).nextBytes(noise);
        List<Handler> handlers = List.of(
                r -> Response.text("small"),
                r -> Response.empty(200),
                r -> Response.bytes("image/png", TEXT.getBytes(StandardCharsets.UTF_8)),
                r -> Response.bytes("text/plain", noise),
                r -> Response.text(TEXT).withStatus(206),
                r -> Response.text(TEXT).withHeader("Content-Encoding", "br"),
                r -> Response.text(TEXT).withHeader("Cache-Control", "private, no-transform"),
                r -> Response.stream("text/event-stream", out -> out.write(Wire.latin1(TEXT))),
                r -> Response.stream("text/plain", 5, out -> out.write(Wire.latin1("small"))));
        for (Handler handler : handlers) {
            String answer = get(handler, GZIP);
            assertFalse(field(answer, "Content-Encoding").equals("gzip"), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "application/json", "application/problem+json", "image/svg+xml",
            "application/wasm", "TEXT/CSS", "text/javascript"})
    void textOfAnyKindIsCompressed(String type) {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        assertEquals("gzip", field(get(r -> Response.bytes(type, bytes), GZIP), "Content-Encoding"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_024, 8_192, 100_000, 262_144, 262_145, 1_000_000})
    @Tag("full")
    void bodiesOfAllSizesComeBack(int size) throws IOException {
        var text = new StringBuilder();
        for (int i = 0; text.length() < size; i++) {
            text.append(i * 7919 % 10_007).append(' ');
        }
        String all = text.substring(0, size);
        assertEquals(all, decoded(get(r -> Response.text(all), GZIP)));
        assertEquals(all, decoded(get(r -> Response.text(all), "Accept-Encoding: deflate")));
        assertEquals(all, decoded(get(r -> Response.stream("text/plain", out -> {
            for (int i = 0; i < 700; i++) {
                out.write(all.charAt(i));
            }
            for (int i = 700; i < size; i += 999) {
                out.write(Wire.latin1(all), i, Math.min(999, size - i));
            }
        }), GZIP)));
        Path file = Files.writeString(temp.resolve("a.txt"), all);
        assertEquals(all, decoded(get(r -> Response.file(file), GZIP)));
    }

    @Test
    void strongTagGetsWeakAndA304HasTheTagThatThePeerHas() {
        String answer = get(r -> Response.text(TEXT).withETag("v1"), GZIP);
        assertEquals("W/\"v1\"", field(answer, "ETag"));
        assertEquals("W/\"v1\"", field(get(r -> Response.text(TEXT).withHeader("ETag", "W/\"v1\""), GZIP), "ETag"));
        Middleware both = (request, next) -> Compression.DEFAULT.handle(request,
                r -> Conditional.middleware().handle(r, next));
        Handler tagged = r -> Response.text(TEXT).withETag("v1");
        String again = Through.ask(both, tagged, "GET", GZIP, "If-None-Match: W/\"v1\"");
        assertEquals(304, Wire.status(again));
        assertEquals("W/\"v1\"", field(again, "ETag"));
        assertEquals("Accept-Encoding", field(again, "Vary"));
        assertEquals("\"v1\"", field(Through.ask(both, tagged, "GET", "If-None-Match: \"v1\""), "ETag"));
    }

    @Test
    void compressedFileOffersNoRanges() throws IOException {
        Path file = Files.writeString(temp.resolve("a.txt"), TEXT);
        assertEquals("", field(get(r -> Response.file(file), GZIP), "Accept-Ranges"));
        assertEquals("bytes", field(get(r -> Response.file(file)), "Accept-Ranges"));
    }

    @Test
    void headHasTheCodingAndNoLength() {
        String answer = Through.ask(Compression.DEFAULT, r -> Response.text(TEXT), "HEAD", GZIP);
        assertEquals("gzip", field(answer, "Content-Encoding"));
        assertEquals("", field(answer, "Content-Length"));
        assertEquals("", Wire.body(answer));
    }

    @Test
    void flushReachesThePeerThroughTheEncoder() {
        HttpServer.Builder server = HttpServer.builder().get("/", request -> Compression.DEFAULT.handle(request,
                r -> Response.stream("text/plain", out -> {
                    out.write(Wire.latin1("first"));
                    out.flush();
                    out.flush();
                    r.awaitDisconnect();
                })));
        Wire.play(server, (peer, connection) -> {
            peer.write("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            peer.readUntil(Wire.latin1("\r\n\r\n"), 1000);
            var inflater = new Inflater(true);
            byte[] text = new byte[100];
            int got = 0;
            var coded = new ByteArrayOutputStream();
            while (got < 5) {
                int size = Integer.parseInt(peer.readLine(10).orElseThrow(), 16);
                coded.write(peer.readExactly(size));
                peer.readExactly(2);
                inflater.reset();
                inflater.setInput(coded.toByteArray(), 10, coded.size() - 10);
                got = inflater.inflate(text);
            }
            inflater.end();
            assertEquals("first", new String(text, 0, got, StandardCharsets.US_ASCII));
            peer.close();
            connection.join();
        });
    }

    @Test
    void bodyThatFailsHasNoGoodEndAndGivesItsEncoderBack() {
        Wire.play(HttpServer.builder().get("/", request -> Compression.DEFAULT.handle(request,
                r -> Response.stream("text/plain", out -> {
                    out.write(Wire.latin1(TEXT));
                    out.flush();
                    throw new IOException("on purpose");
                }))), (peer, connection) -> {
                    int level = Compression.DEFAULT.level();
                    while (SpareCodecs.idleDeflaters(level) > 0) {
                        SpareCodecs.deflater(level).end();
                    }
                    peer.write("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                    assertThrows(BrokenException.class, () -> peer.readAll(100_000));
                    connection.join();
                    assertEquals(1, SpareCodecs.idleDeflaters(level));
                });
    }

    @Test
    void streamOfTheWrongLengthIsCut() {
        Wire.play(HttpServer.builder().get("/", request -> Compression.DEFAULT.handle(request,
                r -> Response.stream("text/plain", 50_000, out -> {
                    out.write(Wire.latin1(TEXT));
                    out.flush();
                }))), (peer, connection) -> {
                    peer.write("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                    assertThrows(BrokenException.class, () -> peer.readAll(100_000));
                });
    }

    @Test
    void encodersAreUsedAgainWhateverTheyDidBefore() {
        Sim.run(() -> {
            for (int i = 0; i < 20; i++) {
                var plain = new ByteArrayOutputStream();
                try (var first = new DeflatingOutput(plain, 1 + i % 9, i % 2 == 0);
                        var abandoned = new DeflatingOutput(new ByteArrayOutputStream(), 9, true)) {
                    abandoned.write(new byte[1000]);
                    first.write(Wire.latin1(TEXT));
                    first.finish();
                }
                var coded = new ByteArrayInputStream(plain.toByteArray());
                InputStream in = i % 2 == 0 ? new GZIPInputStream(coded) : new InflaterInputStream(coded);
                assertEquals(TEXT, Wire.text(in.readAllBytes()));
            }
            assertTrue(SpareCodecs.idleDeflaters(9) >= 1);
        });
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Compression.DEFAULT.withLevel(0));
        assertThrows(IllegalArgumentException.class, () -> Compression.DEFAULT.withLevel(10));
        assertThrows(IllegalArgumentException.class, () -> Compression.DEFAULT.withMinBytes(-1));
    }
}
