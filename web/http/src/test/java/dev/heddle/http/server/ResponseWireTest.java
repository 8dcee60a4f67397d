package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses as their bytes are on the wire. */
final class ResponseWireTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static HttpServer.Builder answering(Handler handler) {
        return HttpServer.builder().get("/", handler);
    }

    private static String ask(String request, Handler handler) {
        return Wire.ask(answering(handler), request);
    }

    @Test
    void responseHasStatusFieldsDateAndLength() {
        String answer = ask(GET, r -> Response.text("h\u00e9").withStatus(201).withHeader("X-A", "b"));
        assertTrue(answer.startsWith("HTTP/1.1 201 Created\r\nContent-Type: text/plain; charset=utf-8\r\nX-A: b\r\n"),
                answer);
        assertTrue(
                answer.matches(
                        "(?s).*\r\nDate: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n.*"),
                answer);
        assertTrue(answer.contains("\r\nContent-Length: 3\r\n"), answer);
        assertEquals("h\u00e9", new String(Wire.latin1(Wire.body(answer)), StandardCharsets.UTF_8));
    }

    @Test
    void headGetsTheHeadOfGetAndNoBody() {
        String answer = ask(HEAD, r -> Response.text("hello"));
        assertTrue(answer.contains("Content-Length: 5\r\n"), answer);
        assertEquals("", Wire.body(answer));
        String streamed = ask(HEAD, r -> Response.stream("a/b", out -> out.write(1)));
        assertEquals("", Wire.body(streamed));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusesWithoutABodySendNoneEvenIfTheHandlerWrites(int status) {
        String answer = ask(GET, r -> Response.text("hello").withStatus(status));
        assertEquals(status, Wire.status(answer));
        assertFalse(answer.contains("Content-Length"), answer);
        assertEquals("", Wire.body(answer));
        assertEquals("", Wire.body(ask(GET, r -> Response.stream("a/b", out -> out.write(1)).withStatus(status))));
    }

    @Test
    void informationalStatusIsNotForHandlers() {
        assertThrows(IllegalArgumentException.class, () -> Response.empty(100));
        assertThrows(IllegalArgumentException.class, () -> Response.text("a").withStatus(101));
        assertThrows(IllegalArgumentException.class, () -> Response.empty(600));
    }

    @Test
    void shortStreamIsSentWithItsLength() {
        String answer = ask(GET, r -> Response.stream("a/b", out -> out.write(Wire.latin1("hello"))));
        assertTrue(answer.contains("Content-Length: 5\r\n\r\nhello"), answer);
        assertFalse(answer.contains("chunked"), answer);
    }

    @Test
    void flushedStreamIsChunked() {
        String answer = ask(GET, r -> Response.stream("a/b", out -> {
            out.write('a');
            out.flush();
            out.flush();
            out.write(Wire.latin1("bc"));
        }));
        assertTrue(answer.endsWith("Transfer-Encoding: chunked\r\n\r\n0001\r\na\r\n0002\r\nbc\r\n0\r\n\r\n"), answer);
    }

    @Test
    void flushBeforeTheFirstByteSendsTheHead() {
        String answer = ask(GET, r -> Response.stream("a/b", out -> out.flush()));
        assertTrue(answer.endsWith("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), answer);
    }

    @Test
    void longStreamComesWholeForEverySizeAroundTheBuffer() {
        for (int size : new int[]{16_000, 16_383, 16_384, 16_385, 50_000, 200_000}) {
            byte[] part = Wire.latin1("x".repeat(size));
            String answer = ask(GET, r -> Response.stream("a/b", out -> {
                out.write(part);
                out.write('y');
            }));
            assertEquals(size + 1, unchunked(Wire.body(answer), answer).length());
        }
    }

    private static String unchunked(String body, String answer) {
        if (!answer.contains("chunked")) {
            return body;
        }
        var whole = new StringBuilder();
        int at = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, end), 16);
            if (size == 0) {
                assertEquals("\r\n\r\n", body.substring(end));
                return whole.toString();
            }
            whole.append(body, end + 2, end + 2 + size);
            assertEquals("\r\n", body.substring(end + 2 + size, end + 4 + size));
            at = end + 4 + size;
        }
    }

    @Test
    void streamToHttp10EndsWithTheConnection() {
        String answer = ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", r -> Response.stream("a/b", out -> {
            out.write('a');
            out.flush();
            out.write('b');
        }));
        assertFalse(answer.contains("chunked") || answer.contains("Content-Length"), answer);
        assertTrue(answer.contains("Connection: close\r\n"), answer);
        assertEquals("ab", Wire.body(answer));
    }

    @Test
    void streamOfKnownLengthHasIt() {
        String answer = ask(GET, r -> Response.stream("a/b", 4, out -> {
            out.write(Wire.latin1("ab"));
            out.flush();
            out.write(Wire.latin1("cd"));
        }));
        assertTrue(answer.contains("Content-Length: 4\r\n"), answer);
        assertEquals("abcd", Wire.body(answer));
    }

    @Test
    void largeBodyInMemoryComesWhole() {
        byte[] body = Wire.latin1("z".repeat(1_000_000));
        assertEquals(1_000_000, Wire.body(ask(GET, r -> Response.bytes("a/b", body))).length());
    }

    /** Reads all that comes and expects the connection to be cut, not ended. */
    private static String cut(Handler handler) {
        var got = new StringBuilder();
        Wire.play(answering(handler), (peer, connection) -> {
            peer.write(GET);
            var part = new byte[1000];
            assertThrows(BrokenException.class, () -> {
                for (int n = peer.read(part); n >= 0; n = peer.read(part)) {
                    got.append(new String(part, 0, n, StandardCharsets.ISO_8859_1));
                }
            });
            connection.join();
        });
        return got.toString();
    }

    @Test
    void handlerThatWritesLessThanItsLengthCutsTheConnection() {
        String got = cut(r -> Response.stream("a/b", 4, out -> {
            out.write(Wire.latin1("ab"));
            out.flush();
        }));
        assertFalse(got.contains("500"), got);
    }

    @Test
    void handlerThatWritesMoreThanItsLengthCutsTheConnectionAndTheRestIsNotSent() {
        String got = cut(r -> Response.stream("a/b", 2, out -> {
            out.write(Wire.latin1("ab"));
            out.flush();
            out.write('c');
        }));
        assertFalse(got.endsWith("c"), got);
    }

    @Test
    void wrongLengthFoundBeforeTheHeadIsSentGets500() {
        assertEquals(500, Wire.status(ask(GET, r -> Response.stream("a/b", 4, out -> out.write('a')))));
        assertEquals(500, Wire.status(ask(GET, r -> Response.stream("a/b", 1, out -> out.write(new byte[2])))));
    }

    @Test
    void handlerThatThrowsGets500WithoutDetails() {
        String answer = ask(GET, r -> {
            throw new IllegalStateException("secret");
        });
        assertEquals(500, Wire.status(answer));
        assertFalse(answer.contains("secret") || answer.contains("IllegalState"), answer);
        String next = ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + GET, r -> {
            throw new AssertionError("secret");
        });
        assertEquals(2, Wire.count(next));
    }

    @Test
    @SuppressWarnings("NullAway")
    void handlerThatReturnsNullGets500() {
        assertEquals(500, Wire.status(ask(GET, r -> null)));
    }

    @Test
    void writerThatThrowsAfterTheHeadCutsTheChunkedBodyWithoutItsEnd() {
        String got = cut(r -> Response.stream("a/b", out -> {
            out.write('a');
            out.flush();
            throw new IllegalStateException("secret");
        }));
        assertFalse(got.contains("0\r\n\r\n") || got.contains("secret"), got);
    }

    @Test
    void writerThatThrowsBeforeTheHeadGets500() {
        String answer = ask(GET, r -> Response.stream("a/b", out -> {
            out.write('a');
            throw new IllegalStateException("secret");
        }));
        assertEquals(500, Wire.status(answer));
        assertFalse(answer.contains("secret"), answer);
    }

    @Test
    void statusExceptionAnswersWithItsStatusAndMessage() {
        String answer = ask(GET, r -> {
            throw new StatusException(409, "taken");
        });
        assertEquals(409, Wire.status(answer));
        assertEquals("taken\n", Wire.body(answer));
    }

    /** CVE-2026-34519. */
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: b", "a\rb", "a\nb", "a\0b", "a\u0001b", "a\u007fb", "\u20ac", " a", "a "})
    void injectionIntoAHeaderCookieOrLocationIsRefusedBeforeAnythingIsSent(String value) {
        assertThrows(IllegalArgumentException.class, () -> Response.text("").withHeader("X", value));
        assertThrows(IllegalArgumentException.class, () -> Response.text("").withAddedHeader("Set-Cookie", value));
        assertThrows(IllegalArgumentException.class, () -> Response.redirect(302, value));
        assertThrows(IllegalArgumentException.class, () -> Response.bytes(value, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Response.text("").withHeader(value, "v"));
        assertEquals(500, Wire.status(ask(GET, r -> Response.text("").withHeader("X", value))));
    }

    @Test
    void framingIsNotForHandlers() {
        Response response = Response.text("");
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("Content-Length", "1"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("transfer-encoding", "chunked"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("Connection", "keep-alive"));
    }

    @Test
    void handlerMayEndTheConnection() {
        String answer = ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + GET,
                r -> Response.text("a").withHeader("Connection", "close"));
        assertEquals(1, Wire.count(answer));
        assertTrue(answer.contains("Connection: close\r\n"), answer);
    }

    @Test
    void streamIsOverWhenItsWriterHasReturned() {
        var outs = new java.util.ArrayList<java.io.OutputStream>();
        ask(GET, r -> Response.stream("a/b", outs::add));
        assertThrows(IllegalStateException.class, () -> outs.getFirst().write(1));
    }

    @Test
    void writerCanReadTheBodyWhileItWrites() {
        var echo = HttpServer.builder().post("/", r -> Response.stream("a/b", out -> {
            var part = new byte[3];
            for (int n = r.read(part); n >= 0; n = r.read(part)) {
                out.write(part, 0, n);
                out.flush();
            }
        }));
        String request = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
        assertTrue(Wire.ask(echo, request).endsWith("0003\r\nhel\r\n0002\r\nlo\r\n0\r\n\r\n"));
    }

    @Test
    void dateIsMadeOnceASecondAndFollowsTheClock() {
        var count = new AtomicInteger();
        Wire.play(answering(r -> Response.text("" + count.incrementAndGet())), (peer, connection) -> {
            String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            peer.write(request);
            String first = Wire.response(peer);
            dev.heddle.Heddle.sleep(java.time.Duration.ofSeconds(2));
            peer.write(request);
            String second = Wire.response(peer);
            assertFalse(date(first).equals(date(second)), first + second);
        });
    }

    private static String date(String response) {
        return response.lines().filter(line -> line.startsWith("Date: ")).findFirst().orElseThrow();
    }
}
