package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.client.body.ReplyCharset;
import dev.heddle.io.Buffers;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to read a reply. */
final class ReplyTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String LARGE = "0123456789".repeat(20_000);

    @TempDir
    Path directory;

    private static String chunked(String body) {
        return OK + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                + "\r\n0\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource({
            "text/plain, UTF-8", "text/html;charset=iso-8859-1, ISO-8859-1", "a/b; x=y; Charset=\"UTF-16BE\", UTF-16BE",
            "'text/plain; charset=us-ascii ; q', US-ASCII", "'', UTF-8"
    })
    void charsetIsThatOfTheContentType(String contentType, String charset) {
        assertEquals(charset, ReplyCharset.of(contentType).name());
    }

    @Test
    void textIsUtf8UnlessTheServerOrTheCallerSaysElse() {
        Sim.run(1, () -> {
            String latin1 = new String("\u00e4".getBytes(UTF_8), ISO_8859_1);
            try (var server = ScriptedServer.of(peer -> {
                for (String type : List.of("", "Content-Type: text/plain; charset=iso-8859-1\r\n", "")) {
                    peer.request();
                    peer.send(OK + type + "Content-Length: 2\r\n\r\n" + latin1);
                }
                peer.request();
                peer.send(OK + "Content-Type: a/b; charset=no-such\r\nContent-Length: 0\r\n\r\n");
            });
                    var http = server.client().build()) {
                assertEquals("\u00e4", http.get("http://h/").text());
                assertEquals("\u00c3\u00a4", http.get("http://h/").text());
                assertEquals("\u00c3\u00a4", http.get("http://h/").text(ISO_8859_1));
                assertThrows(BadReplyException.class, () -> http.get("http://h/").text());
            }
        });
    }

    @SimTest(seeds = 5)
    void bodyThatIsTooLongIsAnErrorHoweverItIsFramed() {
        String[] responses = {
                OK + "Content-Length: 101\r\n\r\n" + "x".repeat(101),
                OK + "Content-Length: 1000000000000\r\n\r\n",
                chunked("x".repeat(101)),
                OK + "\r\n" + "x".repeat(101)
        };
        for (String response : responses) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(response);
            });
                    var http = server.client()
                            .limits(ClientLimits.DEFAULT.withMaxBodyBytes(100))
                            .build()) {
                var e = assertThrows(LimitExceededException.class, () -> http.get("http://h/").bytes());
                assertEquals("GET http://h/: the response body is longer than 100 bytes", e.getMessage());
                assertEquals(http.statistics().idle(), http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 5)
    void bodyThatJustFitsIsRead() {
        for (String response : new String[]{
                OK + "Content-Length: 100\r\n\r\n" + "x".repeat(100), chunked("x".repeat(100)),
                OK + "\r\n" + "x".repeat(100)
        }) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(response);
            });
                    var http = server.client().build()) {
                assertEquals(100, http.get("http://h/").bytes(100).length);
            }
        }
    }

    @SimTest(seeds = 5)
    void largeBodyIsTheSameByEveryWayToReadIt() throws IOException {
        byte[] expected = LARGE.getBytes(UTF_8);
        for (String response : new String[]{chunked(LARGE),
                OK + "Content-Length: " + LARGE.length() + "\r\n\r\n" + LARGE}) {
            try (var server = ScriptedServer.answering(response);
                    var http = server.client().build()) {
                assertArrayEquals(expected, http.get("http://h/").bytes());
                assertEquals(LARGE, http.get("http://h/").text());
                var out = new ByteArrayOutputStream();
                assertEquals(expected.length, http.get("http://h/").copyTo(out));
                assertArrayEquals(expected, out.toByteArray());
                assertArrayEquals(expected, http.get("http://h/").inputStream().readAllBytes());
                try (Reply reply = http.get("http://h/")) {
                    assertEquals(0, reply.read(new byte[0]));
                    int total = 0;
                    byte[] buffer = new byte[777];
                    for (int n = reply.read(buffer); n >= 0; n = reply.read(buffer)) {
                        assertTrue(n > 0);
                        total += n;
                    }
                    assertEquals(expected.length, total);
                    assertEquals(-1, reply.read(buffer));
                }
                assertEquals(1, server.connects.size());
            }
        }
    }

    @SimTest(seeds = 3)
    void fileTakesTheBodyWhenItIsWhole() throws IOException {
        Path file = directory.resolve("down");
        try (var server = ScriptedServer.answering(chunked(LARGE));
                var http = server.client().build()) {
            assertEquals(LARGE.length(), http.get("http://h/").copyTo(file));
            assertEquals(LARGE, Files.readString(file));
            assertEquals(List.of(file), list());
        }
    }

    @SimTest(seeds = 3)
    void failedOrCancelledCopyLeavesTheOldFileAndNothingBesideIt() throws IOException {
        Path file = Files.writeString(directory.resolve("down"), "old");
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 500000\r\n\r\n" + LARGE);
                },
                peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 500000\r\n\r\n" + LARGE);
                    peer.awaitEnd();
                });
                var http = server.client().build()) {
            assertThrows(TruncatedException.class, () -> http.get("http://h/").copyTo(file));
            assertTrue(Heddle.moveOnAfter(Duration.ofSeconds(5), () -> http.get("http://h/").copyTo(file)).isEmpty());
            assertEquals("old", Files.readString(file));
            assertEquals(List.of(file), list());
            assertThrows(
                    NoSuchFileException.class,
                    () -> http.get("http://h/").copyTo(directory.resolve("absent").resolve("x")));
            assertEquals(0, http.statistics().connections());
        }
    }

    private List<Path> list() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private interface WayToRead {
        String all(Reply reply);
    }

    @SimTest(seeds = 20)
    void largeBodyIsReadToItsLastByteAndNoFurther() {
        for (WayToRead way : List.<WayToRead>of(ReplyTest::readByLargeArray, ReplyTest::readByPieces)) {
            readToTheLastByte(way);
        }
    }

    private static void readToTheLastByte(WayToRead way) {
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 200000\r\n\r\n" + LARGE);
                    peer.request();
                    peer.send(OK + "Content-Length: 2\r\n\r\nok");
                    peer.request();
                    peer.send(OK + "\r\n" + LARGE);
                }, peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 200000\r\n\r\n" + LARGE.substring(0, 150_000));
                }, peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 200000\r\n\r\n" + LARGE.substring(0, 150_000));
                    peer.awaitEnd();
                });
                var http = server.client().build()) {
            assertEquals(LARGE, way.all(http.get("http://h/")));
            assertEquals("ok", way.all(http.get("http://h/")));
            assertEquals(LARGE, way.all(http.get("http://h/")));
            assertThrows(TruncatedException.class, () -> way.all(http.get("http://h/")));
            Reply cut = http.get("http://h/");
            assertTrue(Heddle.moveOnAfter(Duration.ofSeconds(5), () -> way.all(cut)).isEmpty());
            assertThrows(ClosedException.class, () -> cut.read(new byte[1]));
            assertThrows(ClosedException.class, cut::readPiece);
            assertEquals(0, http.statistics().connections());
        }
    }

    private static String readByLargeArray(Reply reply) {
        var all = new ByteArrayOutputStream();
        byte[] array = new byte[64 * 1024];
        for (int n = reply.read(array); n >= 0; n = reply.read(array)) {
            all.write(array, 0, n);
        }
        return all.toString(StandardCharsets.US_ASCII);
    }

    private static String readByPieces(Reply reply) {
        var all = new ByteArrayOutputStream();
        for (ByteBuffer piece = reply.readPiece(); piece.hasRemaining(); piece = reply.readPiece()) {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            all.writeBytes(copy);
        }
        return all.toString(StandardCharsets.US_ASCII);
    }

    @SimTest(seeds = 20)
    void piecesAndArraysMayTakeTurns() {
        for (String response : new String[]{chunked(LARGE), OK + "\r\n" + LARGE,
                OK + "Content-Length: " + LARGE.length() + "\r\n\r\n" + LARGE}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(response);
            });
                    var http = server.client().build();
                    Reply reply = http.get("http://h/")) {
                var all = new ByteArrayOutputStream();
                byte[] array = new byte[5_000];
                for (int n = reply.read(array); n >= 0; n = reply.read(array)) {
                    all.write(array, 0, n);
                    ByteBuffer piece = reply.readPiece();
                    while (piece.hasRemaining()) {
                        all.write(piece.get());
                    }
                }
                assertEquals(LARGE, all.toString(StandardCharsets.US_ASCII));
                assertFalse(reply.readPiece().hasRemaining());
            }
        }
    }

    @SimTest(seeds = 20)
    void replyThatEndsWhileAPieceIsShownGivesUpTheRest() {
        ScriptedServer.Script half = peer -> {
            peer.request();
            peer.send(OK + "Content-Length: 200000\r\n\r\n" + LARGE.substring(0, 100_000));
            peer.awaitEnd();
        };
        try (var server = ScriptedServer.of(half, half);
                var http = server.client().build()) {
            try (Reply reply = http.get("http://h/")) {
                assertTrue(reply.readPiece().hasRemaining());
            }
            assertEquals(0, http.statistics().connections());
            try (Reply reply = http.request("POST", "http://h/").duplex().body(out -> {
                Heddle.sleep(Duration.ofSeconds(1));
                throw new IllegalStateException("no more");
            }).send()) {
                assertTrue(reply.readPiece().hasRemaining());
                Heddle.sleep(Duration.ofSeconds(2)); // its connection is closed meanwhile
                assertEquals("no more", assertThrows(IllegalStateException.class, reply::readPiece).getMessage());
            }
            assertEquals(0, http.statistics().connections());
            assertEquals(0, Buffers.statistics().borrowed());
        }
    }

    @SimTest(seeds = 5)
    void secondReaderIsRefusedAndDisturbsNothing() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(OK + "Content-Length: 5\r\n\r\nhel");
            Heddle.sleep(Duration.ofSeconds(5));
            peer.send("lo");
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            Reply reply = http.get("http://h/");
            Task<String> first = Heddle.spawn(() -> reply.text());
            Heddle.sleep(Duration.ofSeconds(1));
            assertThrows(BusyException.class, () -> reply.read(new byte[1]));
            assertEquals("hello", first.join());
        }
    }

    @SimTest(seeds = 2)
    void limitCountsTheRestOfABodyOnly() {
        for (String body : new String[]{"hello", LARGE}) {
            try (var server = ScriptedServer.answering(OK + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                    var http = server.client().build()) {
                Reply reply = http.get("http://h/");
                assertEquals(1, reply.read(new byte[1]));
                assertEquals(body.length() - 1, reply.bytes(body.length() - 1).length);
                Reply other = http.get("http://h/");
                assertEquals(1, other.read(new byte[1]));
                assertThrows(LimitExceededException.class, () -> other.bytes(body.length() - 2));
            }
        }
    }

    @SimTest(seeds = 5)
    void replyIsReadOnce() {
        try (var server = ScriptedServer.answering(OK + "Content-Length: 5\r\n\r\nhello");
                var http = server.client().build()) {
            Reply reply = http.get("http://h/");
            assertEquals("hello", reply.text());
            var again = assertThrows(ClosedException.class, reply::text);
            assertTrue(again.getMessage().contains("the reply was read already"), again.getMessage());
            Reply unread = http.get("http://h/");
            unread.close();
            var closed = assertThrows(ClosedException.class, unread::text);
            assertTrue(closed.getMessage().contains("the reply is closed"), closed.getMessage());
            assertThrows(ClosedException.class, () -> reply.read(new byte[1]));
            assertThrows(IndexOutOfBoundsException.class, () -> http.get("http://h/").read(new byte[1], 1, 1));
            assertThrows(IllegalArgumentException.class, () -> http.get("http://h/").bytes(-1));
        }
    }

    @SimTest(seeds = 5)
    void failureStatusIsAReplyUntilASuccessIsAskedFor() {
        try (var server = ScriptedServer.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
                var http = server.client().build()) {
            Reply reply = http.get("http://h/?q");
            assertFalse(reply.isSuccess());
            assertEquals("no", reply.text());
            var e = assertThrows(ReplyStatusException.class, () -> http.get("http://h/?q").expectSuccess());
            assertEquals(404, e.status());
            assertEquals("GET http://h/?...: the server answered 404 \"Not Found\"", e.getMessage());
            assertEquals(1, http.statistics().idle());
        }
        try (var server = ScriptedServer.answering("HTTP/1.1 204 Fine\r\n\r\n");
                var http = server.client().build()) {
            Reply reply = http.get("http://h/");
            assertSame(reply, reply.expectSuccess());
        }
    }
}
