package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Handlers that read the body of a request while they write the response. */
final class ReadingWhileWritingTest {

    private final HttpServer.Builder server = HttpServer.builder()
            .post("/echo", r -> Response.stream("text/plain", out -> {
                var part = new byte[4];
                for (int n = r.read(part); n >= 0; n = r.read(part)) {
                    out.write(part, 0, n);
                    out.flush();
                }
            }))
            .post("/eager", r -> Response.stream("text/plain", out -> {
                out.write('a');
                out.flush();
                out.write(r.bytes(100));
            }))
            .post("/ignore", r -> Response.stream("text/plain", out -> out.write('a')))
            .post("/both", r -> Response.stream("a/b", out -> Heddle.group(group -> {
                group.spawn("reader", () -> r.bytes(1 << 20));
                while (true) {
                    out.write('a');
                    out.flush();
                    Heddle.sleep(Duration.ofSeconds(1));
                }
            })));

    private static String chunked(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }

    private static String head(ByteStream peer) {
        return Wire.text(peer.readUntil(Wire.latin1("\r\n\r\n"), 1 << 16));
    }

    @Test
    void chunksThatHaveComeAreThereForTheWriter() {
        String request = chunked("/echo", "5\r\nhello\r\n0\r\n\r\n");
        String echo = "\r\n\r\n0004\r\nhell\r\n0001\r\no\r\n0\r\n\r\n";
        assertTrue(Wire.ask(server, request).endsWith(echo));
        int middle = request.length() - 9;
        String late = Wire.ask(server, request.substring(0, middle), request.substring(middle));
        assertTrue(late.replaceAll("\r\n000\\d\r\n", "").contains("hello"), late);
    }

    @Test
    void whatAWriterMayYetReadIsNotThrownAwayToKeepTheConnection() {
        assertTrue(Wire.ask(server, chunked("/ignore", "1\r\nb\r\n0\r\n\r\n")).contains("Connection: close"));
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
            assertFalse(Wire.response(peer).contains("Connection: close"));
            peer.write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
            assertFalse(head(peer).contains("Connection: close"));
            assertEquals("0002\r\nok\r\n0\r\n\r\n", Wire.text(peer.readExactly(15)));
        });
    }

    @Test
    void noContinueStandsInTheMiddleOfAResponse() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /eager HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals(200, Wire.status(head(peer)));
            assertEquals("0001\r\na\r\n", Wire.text(peer.readExactly(9)));
            peer.write("ok");
            assertEquals("0002\r\nok\r\n0\r\n\r\n", Wire.text(peer.readAll(100)));
        });
    }

    @Test
    void writerThatReadsFirstHasTheContinueSent() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", head(peer));
            peer.write("ok");
            assertEquals(200, Wire.status(head(peer)));
            assertEquals("0002\r\nok\r\n0\r\n\r\n", Wire.text(peer.readAll(100)));
        });
    }

    @Test
    void responseThatFlowsBuysTheUploadNoTime() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST /both HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            long start = Heddle.currentLoop().nanoTime();
            boolean ended = Heddle.moveOnAfter(Duration.ofMinutes(5), () -> readToTheEnd(peer));
            assertTrue(ended, "nobody bounds the upload");
            long took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds();
            assertTrue(took >= 20 && took <= 22, "took " + took);
        });
    }

    private static void readToTheEnd(ByteStream peer) {
        try {
            peer.readAll(100_000);
        } catch (BrokenException cut) {
            // As it should be in the middle of a response.
        }
    }
}
