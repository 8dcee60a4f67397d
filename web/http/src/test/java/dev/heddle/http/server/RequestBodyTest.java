package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.internal.server.BodyMemory;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading bodies: lengths, chunks, 100-continue, and peers that stop in the middle. */
final class RequestBodyTest {

    private final List<String> bodies = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder()
            .post("/text", r -> {
                bodies.add(r.text(1 << 20));
                return Response.text(bodies.getLast());
            })
            .post("/slow", r -> {
                var one = new byte[1];
                var all = new StringBuilder();
                while (r.read(one) > 0) {
                    all.append((char) one[0]);
                }
                return Response.text(all.toString());
            })
            .post("/large", r -> {
                var array = new byte[64 * 1024];
                var all = new ByteArrayOutputStream();
                for (int n = r.read(array); n >= 0; n = r.read(array)) {
                    all.write(array, 0, n);
                }
                bodies.add(all.toString(StandardCharsets.ISO_8859_1));
                return Response.text(bodies.getLast());
            })
            .post("/ignore", r -> Response.text("ignored"))
            .post("/trailers", r -> {
                int before = r.trailers().size();
                return Response.text(r.text(100) + before + r.trailers().get("x-sum").orElse("none"));
            });

    private static String chunked(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + body;
    }

    private static String sized(String path, String fields, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void bodyIsRefusedWhileOthersTakeTheMemoryThatThereIs() {
        long all = Runtime.getRuntime().maxMemory() / 4;
        String large = sized("/text", "", "x".repeat(200_000));
        assertTrue(BodyMemory.OF_PROCESS.tryTake(all));
        try {
            String refused = Wire.ask(server, large);
            assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
            assertTrue(refused.contains("\r\nRetry-After: 1\r\n"), refused);
            assertEquals("small", Wire.body(Wire.ask(server, sized("/text", "", "small"))));
        } finally {
            BodyMemory.OF_PROCESS.give(all);
        }
        assertEquals(200_000, Wire.body(Wire.ask(server, large)).length());
        assertTrue(BodyMemory.OF_PROCESS.tryTake(all), "what a request had is given back");
        BodyMemory.OF_PROCESS.give(all);
    }

    @Test
    void everySplitOfAChunkedRequestGivesTheSameBody() {
        String request = chunked("/text", "5;a=\"b c\"\r\nhello\r\n00B\r\n, my world\n\r\n0\r\nT: u\r\n\r\n");
        for (int at = 1; at < request.length(); at++) {
            String answer = Wire.ask(server, request.substring(0, at), request.substring(at));
            assertEquals("hello, my world\n", Wire.body(answer), "split at " + at);
        }
        assertEquals("hello, my world\n", Wire.body(Wire.askByByte(server, request)));
    }

    @Test
    void everySplitOfASizedRequestGivesTheSameBody() {
        String request = sized("/text", "", "hello, world");
        for (int at = 1; at < request.length(); at++) {
            assertEquals("hello, world", Wire.body(Wire.ask(server, request.substring(0, at), request.substring(at))));
        }
    }

    /** It is read past the buffer of the stream. */
    @Test
    void largeArrayIsFilledToTheLastByteOfTheBodyAndNoFurther() {
        String body = "0123456789".repeat(20_000);
        String first = "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        for (int at = 60; at < first.length() + 100; at += 20_011) {
            bodies.clear();
            String both = first + sized("/text", "", "behind it");
            String answer = Wire.ask(server, both.substring(0, at), both.substring(at));
            assertEquals(List.of(body, "behind it"), bodies, "cut at " + at);
            assertTrue(answer.endsWith("\r\n\r\nbehind it"), answer);
        }
        bodies.clear();
        Wire.play(server, (peer, connection) -> {
            peer.write(first.substring(0, 150_000));
            peer.closeOutput();
            assertEquals("HTTP/1.1 400 Bad Request",
                    Wire.text(peer.readAll(1 << 16)).lines().findFirst().orElseThrow());
            connection.join();
        });
        Wire.play(server, (peer, connection) -> {
            peer.write(first.substring(0, 150_000));
            assertEquals(
                    "HTTP/1.1 408 Request Timeout",
                    Wire.text(peer.readAll(1 << 16)).lines().findFirst().orElseThrow());
            connection.join();
        });
        assertEquals(List.of(), bodies);
    }

    @Test
    void bodyCanBeReadByteByByte() {
        assertEquals("abcdef", Wire.body(Wire.ask(server, sized("/slow", "", "abcdef"))));
        assertEquals("abcdef", Wire.body(Wire.ask(server, chunked("/slow", "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"))));
    }

    /** CVE-2025-69229. */
    @Test
    void oneHundredThousandChunksOfOneByteComeTogether() {
        String body = "1\r\nx\r\n".repeat(100_000) + "0\r\n\r\n";
        assertEquals(100_000, Wire.body(Wire.ask(server, chunked("/text", body))).length());
    }

    @Test
    void continueIsSentWhenTheHandlerReads() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /text HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", Wire.text(peer.readExactly(25)));
            peer.write("ok");
            assertEquals("ok", Wire.body(Wire.response(peer)));
            peer.write(sized("/text", "", "again"));
            assertEquals("again", Wire.body(Wire.response(peer)));
        });
    }

    @Test
    void bodiesThatComeLateLeaveNoBuffers_CVE_2024_7708() {
        Wire.play(server, (peer, connection) -> {
            String head = "POST /text HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
            int borrowed = 0;
            for (int i = 0; i < 100; i++) {
                peer.write(head);
                peer.readExactly(25);
                for (String letter : List.of("o", "k")) {
                    Heddle.sleep(Duration.ofSeconds(1));
                    peer.write(letter);
                }
                assertEquals("ok", Wire.body(Wire.response(peer)));
                Heddle.sleep(Duration.ofSeconds(1));
                borrowed = i == 0 ? BufferPool.current().borrowed() : borrowed;
                assertEquals(borrowed, BufferPool.current().borrowed());
            }
        });
    }

    @Test
    void noContinueIsSentIfTheHandlerDoesNotReadAndTheConnectionEnds() {
        String answer = Wire.ask(
                server, "POST /ignore HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        assertFalse(answer.contains("100 Continue"), answer);
        assertTrue(answer.contains("Connection: close"), answer);
        assertTrue(answer.endsWith("ignored"), answer);
    }

    @Test
    void anotherExpectationGets417() {
        assertEquals(417, Wire.status(Wire.ask(server, sized("/text", "Expect: 200-ok\r\n", "x"))));
    }

    @Test
    void bodyThatEndsEarlyGets400AndTheHandlerHearsOfIt() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /text HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            peer.closeOutput();
            assertEquals(400, Wire.status(Wire.text(peer.readAll(1000))));
        });
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal");
            peer.closeOutput();
            assertEquals(400, Wire.status(Wire.text(peer.readAll(1000))));
        });
        assertEquals(List.of(), bodies);
    }

    @Test
    void connectionLostInTheBodyEndsTheTaskQuietly() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /text HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            Heddle.sleep(Duration.ofSeconds(1));
            peer.abort();
            connection.join();
        });
        assertEquals(List.of(), bodies);
    }

    @Test
    void chunksThatNobodyReadAreSkippedIfTheyHaveCome() {
        String next = "POST /text HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nn";
        String first = "POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertEquals(2, Wire.count(Wire.ask(server, first + "3\r\nabc\r\n0\r\n\r\n" + next)));
        Wire.play(server, (peer, connection) -> {
            peer.write(first + "3\r\nabc\r\n");
            assertTrue(Wire.response(peer).contains("Connection: close"));
            peer.write("0\r\n\r\n" + next);
            assertEquals(0, peer.readAll(1000).length);
        });
        assertEquals(1, Wire.count(Wire.ask(server, first + "zzz\r\n" + next)));
    }

    @Test
    void textHonoursTheCharset() {
        String fields = "Content-Type: text/plain; charset=\"ISO-8859-1\"\r\n";
        Wire.ask(server, sized("/text", fields, "\u00e9"));
        assertEquals(List.of("\u00e9"), bodies);
        assertEquals(415, Wire.status(Wire.ask(server, sized("/text", "Content-Type: a/b;charset=x-nope\r\n", "x"))));
    }

    @Test
    void handlersOwnBoundGets413() {
        var small = HttpServer.builder().post("/", r -> Response.text(r.text(3)));
        assertEquals(200, Wire.status(Wire.ask(small, sized("/", "", "abc"))));
        assertEquals(413, Wire.status(Wire.ask(small, sized("/", "", "abcd"))));
        assertEquals(413, Wire.status(Wire.ask(small, chunked("/", "4\r\nabcd\r\n0\r\n\r\n"))));
    }

    @Test
    void bodyCannotBeReadAfterTheResponse() {
        var kept = new ArrayList<Request>();
        var keeping = HttpServer.builder().post("/", r -> {
            kept.add(r);
            return Response.empty(204);
        });
        Wire.ask(keeping, sized("/", "", "abc"));
        assertThrows(IllegalStateException.class, () -> kept.getFirst().read(new byte[1]));
    }

    @Test
    void handlerCanWaitForThePeerToGo() {
        var seen = new ArrayList<String>();
        var waiting = HttpServer.builder().get("/", r -> {
            r.awaitDisconnect();
            seen.add("gone");
            return Response.empty(204);
        });
        Wire.play(waiting, (peer, connection) -> {
            peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of(), seen);
            peer.abort();
            connection.join();
            assertEquals(List.of("gone"), seen);
        });
    }

    @Test
    void fieldsAfterAChunkedBodyAreThereWhenItsEndWasRead() {
        String request = chunked("/trailers", "3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n");
        for (int at = 1; at < request.length(); at++) {
            assertEquals("abc07", Wire.body(Wire.ask(server, request.substring(0, at), request.substring(at))));
        }
        assertEquals("abc0none", Wire.body(Wire.ask(server, chunked("/trailers", "3\r\nabc\r\n0\r\n\r\n"))));
        assertEquals("abc0none", Wire.body(Wire.ask(server, sized("/trailers", "X-Sum: 7\r\n", "abc"))));
    }

    @Test
    void fieldsThatHaveNoPlaceAfterABodyAreNotThere() {
        server.post("/names", r -> {
            r.bytes(100);
            return Response.text(String.join(" ", r.trailers().names()));
        });
        String forbidden = "Content-Length: 9\r\nHOST: b\r\ntransfer-encoding: gzip\r\nAuthorization: x\r\nCookie: a=b\r\n"
                + "Range: bytes=1-\r\nContent-Type: a/b\r\nCache-Control: no-store\r\nTrailer: X-Sum\r\n";
        assertEquals("X-Sum", Wire.body(Wire.ask(server, chunked("/names", "1\r\na\r\n0\r\n" + forbidden
                + "X-Sum: 7\r\n\r\n"))));
        assertEquals("", Wire.body(Wire.ask(server, chunked("/names", "1\r\na\r\n0\r\n" + forbidden + "\r\n"))));
        FrameWire.play(server, wire -> {
            wire.post(1, "/names").data(1, "a", false);
            wire.frame(Http2Frame.HEADERS, 5, 1, wire.block("content-length", "9", "host", "b", "x-sum", "7",
                    "authorization", "x", "cookie", "a=b"));
            assertEquals("x-sum", wire.answer(1).body());
        });
    }

    @Test
    void tooManyFieldsAfterABodyAreRefused() {
        String answer = Wire.ask(server, chunked("/trailers", "1\r\na\r\n0\r\n" + "X: y\r\n".repeat(101) + "\r\n"));
        assertTrue(List.of(400, 431).contains(Wire.status(answer)), answer);
    }

    @Test
    void noFieldsOfOneBodyAreLeftForTheNext() {
        Wire.play(server, (peer, connection) -> {
            String first = "POST /trailers HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
            peer.write(first + "1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n" + first + "1\r\nb\r\n0\r\n\r\n");
            assertEquals("a07", Wire.body(Wire.response(peer)));
            assertEquals("b0none", Wire.body(Wire.response(peer)));
        });
    }

    @Test
    void limitCountsOnlyWhatIsStillToCome() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(r -> {
                int read = r.read(new byte[1]);
                return Response.text(read + new String(r.bytes(4), StandardCharsets.UTF_8));
            })) {
                assertEquals("1ello", client.request("PUT", "/").body("hello").send().text());
            }
        });
    }
}
