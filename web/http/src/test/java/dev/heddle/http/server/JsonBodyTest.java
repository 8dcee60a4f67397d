package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.JsonException;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.sim.SimTest;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that come and go as JSON, whoever writes it. */
final class JsonBodyTest {

    /** A number in decimal is all the JSON it knows. */
    private static final class Numbers implements JsonCodec {

        @Override
        public byte[] write(Object value) {
            if (value instanceof Integer number) {
                return ("" + number).getBytes(StandardCharsets.US_ASCII);
            }
            throw new IllegalArgumentException("no number");
        }

        @Override
        public @Nullable Object read(byte[] document, Type type) {
            String text = new String(document, StandardCharsets.UTF_8);
            if (text.equals("null")) {
                return null;
            }
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw new JsonException("no number at line 1, column 1", e);
            }
        }
    }

    private final HttpServer.Builder server = HttpServer.builder()
            .json(new Numbers())
            .post("/", r -> Response.json(r.json(Integer.class) + 1).withHeader("X-A", "b"))
            .post("/small", r -> Response.json(r.json(Integer.class, 2)))
            .post("/primitive", r -> Response.json(r.json(int.class)))
            .get("/object", r -> Response.json(new Object()).withStatus(201))
            .get("/text", r -> Response.json((Object) "{\"a\":1}").withStatus(201));

    private static String post(String path, String type, String body) {
        return Multipart.post(type, body).replace("POST /", "POST " + path);
    }

    @Test
    void valueComesInAndGoesOut() {
        String answer = Wire.ask(server, post("/", "application/json", "41"));
        assertEquals("42", Wire.body(answer));
        assertTrue(answer.contains("\r\nContent-Type: application/json\r\n"), answer);
        assertTrue(answer.contains("\r\nContent-Length: 2\r\n"), answer);
        assertTrue(answer.contains("\r\nX-A: b\r\n"), answer);
        assertEquals(200, Wire.status(Wire.ask(server, post("/", "Application/Problem+JSON; charset=utf-8", "1"))));
    }

    @Test
    void textIsADocumentAlready() {
        String answer = Wire.ask(server, "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertEquals("{\"a\":1}", Wire.body(answer));
        assertEquals(201, Wire.status(answer));
    }

    @Test
    void middlewareSeesTheBytesOfAValue() {
        Compression compression = Compression.DEFAULT.withMinBytes(0);
        Handler wrapped = JsonWriter.writing(r -> Response.json(1234567));
        var compressing = HttpServer.builder().json(new Numbers()).get("/", r -> {
            Response seen = compression.handle(r, wrapped);
            assertEquals(7, seen.body().length());
            return seen;
        });
        assertEquals("1234567", Wire.body(Wire.ask(
                compressing, "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n")));
    }

    @Test
    void headHasTheLengthOfTheDocument() {
        String answer = Wire.ask(server, "HEAD /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(answer.contains("\r\nContent-Length: 7\r\n"), answer);
        assertEquals("", Wire.body(answer));
    }

    @Test
    void malformedDocumentGets400WithThePlaceAndNothingOfIt() {
        String answer = Wire.ask(server, post("/", "application/json", "<secret>"));
        assertEquals(400, Wire.status(answer));
        assertEquals("{\"type\":\"tag:heddle.dev,2026:refused-json\",\"title\":\"The JSON does not match\","
                + "\"status\":400,\"detail\":\"no number at line 1, column 1\",\"errors\":[]}", Wire.body(answer));
        assertEquals(400, Wire.status(Wire.ask(server, post("/", "application/json", "null"))));
        assertEquals(400, Wire.status(Wire.ask(server, post("/", "application/json", ""))));
    }

    @Test
    void documentThatIsTooLongGets413() {
        assertEquals(200, Wire.status(Wire.ask(server, post("/small", "application/json", "12"))));
        assertEquals(413, Wire.status(Wire.ask(server, post("/small", "application/json", "123"))));
        assertEquals(413, Wire.status(Wire.ask(server, post("/", "application/json", "1".repeat((1 << 20) + 1)))));
    }

    @Test
    void anotherTypeOrCharsetGets415() {
        for (String type : List.of("text/plain", "application/jsonp", "text/json",
                "application/json; charset=utf-16")) {
            assertEquals(415, Wire.status(Wire.ask(server, post("/", type, "1"))), type);
        }
    }

    @Test
    void compressedBodyGets415() {
        String answer = Wire.ask(server, post("/", "application/json\r\nContent-Encoding: gzip", "1"));
        assertEquals(415, Wire.status(answer));
        assertTrue(answer.contains("\r\nAccept-Encoding: identity\r\n"), answer);
    }

    @Test
    void mistakeOfTheProgramGets500WithoutDetails() {
        for (String request : List.of(
                "GET /object HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                post("/primitive", "application/json", "1"))) {
            String answer = Wire.ask(server, request);
            assertEquals(500, Wire.status(answer));
            assertFalse(answer.contains("number"), answer);
        }
    }

    @Test
    void withoutACodecThereIsAClearError() {
        var error = assertThrows(IllegalStateException.class, () -> JsonCodecs.codec(null));
        assertTrue(error.getMessage().contains("heddle-json"), error.getMessage());
        var bare = HttpServer.builder().get("/", r -> Response.json(1));
        assertEquals(500, Wire.status(Wire.ask(bare, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
    }

    @SimTest(seeds = 3)
    void clientSendsAndReadsValues() {
        HttpServer running = server.start("127.0.0.1", 0);
        try (var http = HttpClient.builder().json(new Numbers()).build()) {
            String url = "http://127.0.0.1:" + running.port();
            assertEquals(42, http.request("POST", url).json(41).send().json(Integer.class));
            assertEquals(8, http.request("POST", url).json("7").send().json(Integer.class));
            Reply bad = http.request("POST", url).header("Content-Type", "text/plain").json(1).send();
            assertEquals(415, bad.status());
            var error = assertThrows(BadReplyException.class, () -> bad.json(Integer.class));
            assertTrue(error.getMessage().contains("no number at line 1, column 1"), error.getMessage());
            assertThrows(IllegalArgumentException.class, () -> http.request("POST", url).json(1.5));
        }
        running.close();
    }
}
