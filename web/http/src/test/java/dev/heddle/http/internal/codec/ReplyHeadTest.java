package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.syntax.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Heads of replies, beside Jetty's parser, and replies of all kinds one after the other. */
final class ReplyHeadTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String LENGTH = "Content-Length: 5\r\n";

    private static ReplyHeadParser read(String head) {
        return read(head, Replies.LIMITS);
    }

    private static ReplyHeadParser read(String head, HeadLimits limits) {
        var parser = new ReplyHeadParser(limits);
        assertTrue(parser.parse(ByteBuffer.wrap(Wire.latin1(head))), head);
        return parser;
    }

    @Test
    void headsOfUsualServersAreReadAsJettyReadsThem() {
        for (String reply : UsualReplies.USUAL) {
            read(reply);
            CodecFuzz.replyBesideJetty(Wire.latin1(reply));
        }
    }

    @Test
    void everythingInAHeadIsKeptAndNothingBehindItIsTaken() {
        var parser = new ReplyHeadParser(Replies.LIMITS);
        ByteBuffer in = ByteBuffer.wrap(Wire.latin1(
                "HTTP/1.1 299 All Fine\r\ncontent-length: 5\r\nX-Y:z\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\nhello"));
        assertTrue(parser.parse(in));
        ReplyHead head = parser.head();
        assertEquals(299, head.status());
        assertEquals("All Fine", head.reason());
        assertEquals(Protocol.HTTP_1_1, head.protocol());
        assertEquals(
                Headers.of("content-length", "5", "X-Y", "z", "Set-Cookie", "a=b", "Set-Cookie", "c=d"),
                head.headers());
        assertEquals("Content-Length", head.headers().name(0));
        assertEquals(5, parser.length());
        assertTrue(parser.isPersistent());
        assertEquals(5, in.remaining());
    }

    @Test
    void usualWordsAreNotMadeAnew() {
        assertSame(StatusLines.phrase(200), read(OK + LENGTH + "\r\n").head().reason());
    }

    @Test
    void connectionIsClosedIfTheLastReplySaysSo() {
        var parser = new ReplyHeadParser(Replies.LIMITS);
        for (boolean close : new boolean[]{true, false, true}) {
            String field = close ? "Connection: close\r\n" : "Connection: keep-alive\r\n";
            assertTrue(parser.parse(ByteBuffer.wrap(Wire.latin1(OK + LENGTH + field + "\r\n"))));
            assertEquals(close, !parser.isPersistent());
            parser.reset();
        }
        assertFalse(read(OK + "Connection: close\r\n" + LENGTH + "Connection: keep-alive\r\n\r\n").isPersistent());
    }

    @Test
    void oddHeadsAreReadAsJettyReadsThem() {
        for (String head : List.of(
                "", "H", "HTTP/1.1 ", "HTTP/1.1 200", "HTTP/1.1 200 OK", OK, OK + LENGTH, OK + LENGTH + "\r",
                OK + "\r\n", "\r\n" + OK + LENGTH + "\r\n", "HTTP/1.0 200 OK\r\n" + LENGTH + "\r\n",
                "http/1.1 200 OK\r\n" + LENGTH + "\r\n", "HTTP/1.1  200 OK\r\n" + LENGTH + "\r\n",
                "HTTP/1.1 200\r\n" + LENGTH + "\r\n", "HTTP/1.1 200 \r\n" + LENGTH + "\r\n",
                "HTTP/1.1 2000 OK\r\n" + LENGTH + "\r\n", "HTTP/1.1 20 OK\r\n" + LENGTH + "\r\n",
                "HTTP/1.1 600 OK\r\n" + LENGTH + "\r\n", "HTTP/1.1 199 OK\r\n" + LENGTH + "\r\n",
                "HTTP/1.1 204 No Content\r\n" + LENGTH + "\r\n", "HTTP/1.1 304 Not Modified\r\n" + LENGTH + "\r\n",
                "HTTP/1.1 200 OK\n" + LENGTH + "\r\n", "HTTP/1.1 200 O\u00e4\r\n" + LENGTH + "\r\n",
                "HTTP/1.1 200 O\tK\r\n" + LENGTH + "\r\n", OK + LENGTH + LENGTH + "\r\n",
                OK + "Content-Length: 05\r\n\r\n", OK + LENGTH + "Transfer-Encoding: chunked\r\n\r\n",
                OK + LENGTH + "Connection: keep-alive, x\r\n\r\n", OK + LENGTH + "Connection: Close\r\n\r\n",
                OK + LENGTH + "X: \r\n\r\n", OK + LENGTH + "X : y\r\n\r\n", OK + LENGTH + " X: y\r\n\r\n",
                OK + LENGTH + "X: \u00e4\r\n\r\n")) {
            CodecFuzz.replyBesideJetty(Wire.latin1(head));
        }
    }

    @Test
    void extensionOfAChunkMayHaveBytesBeyondAsciiUnlikeJettys() {
        byte[] reply = Wire.latin1(OK + "Transfer-Encoding: chunked\r\n\r\n1;a=\u0094\r\nx\r\n0\r\n\r\n");
        assertTrue(Replies.byJetty(reply, reply.length, Replies.LIMITS).isBad());
        assertFalse(Replies.read(reply, reply.length).isBad());
        CodecFuzz.replyBesideJetty(reply);
    }

    @Test
    void headBeyondALimitIsRefused() {
        String head = OK + LENGTH + "X: y\r\n\r\n";
        var limits = new HeadLimits(256, 256, 2);
        String longest = head.replace("y", "y".repeat(257 - head.length()));
        read(longest, limits);
        assertThrows(BadReplyException.class, () -> read(longest.replace("X:", "XX:"), limits));
        assertThrows(BadReplyException.class, () -> read(head.replace("X:", "A: b\r\nX:"), limits));
    }

    @Test
    void answerToHeadIsComplete() {
        var parser = new ReplyParser(Replies.LIMITS);
        parser.start(true);
        assertTrue(parser.parseHead(ByteBuffer.wrap(Wire.latin1(OK + LENGTH + "\r\n"))));
        assertTrue(parser.isComplete());
    }

    @Test
    void replyTellsHowFarItIs() {
        var parser = new ReplyParser(Replies.LIMITS);
        parser.start(false);
        assertFalse(parser.isHeadDone());
        assertEquals(0, parser.status());
        assertFalse(parser.isEndedByClose());
        assertThrows(IllegalStateException.class, parser::head);
        assertFalse(parser.parseHead(ByteBuffer.wrap(Wire.latin1("HTTP/1.1 200"))));
        assertFalse(parser.isHeadDone());
        assertEquals(0, parser.status());
        assertTrue(parser.parseHead(ByteBuffer.wrap(Wire.latin1(" OK\r\nContent-Length: 3\r\n\r\n"))));
        assertTrue(parser.isHeadDone());
        assertEquals(200, parser.status());
        assertFalse(parser.isEndedByClose());
        byte[] body = new byte[9];
        assertEquals(2, parser.parseBody(ByteBuffer.wrap(Wire.latin1("ab")), body, 0, 9));
        assertFalse(parser.isComplete());
        ByteBuffer rest = ByteBuffer.wrap(Wire.latin1("cHTTP"));
        assertEquals(1, parser.parseBody(rest, body, 2, 7));
        assertTrue(parser.isComplete());
        assertEquals(0, parser.parseBody(rest, body, 3, 6));
        assertEquals(4, rest.remaining());
    }

    @Test
    void bodyWithoutALengthEndsWithTheConnection() {
        var parser = new ReplyParser(Replies.LIMITS);
        parser.start(false);
        parser.parseHead(ByteBuffer.wrap(Wire.latin1("HTTP/1.1 200 OK\r\n\r\n")));
        assertTrue(parser.isEndedByClose());
        for (int i = 0; i < 3; i++) {
            assertEquals(2, parser.parseBody(ByteBuffer.wrap(Wire.latin1("ab")), new byte[9], 0, 9));
            assertTrue(parser.isEndedByClose());
        }
        for (String ended : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\n\r\n")) {
            parser.start(false);
            parser.parseHead(ByteBuffer.wrap(Wire.latin1(ended)));
            assertTrue(parser.isComplete());
            assertFalse(parser.isEndedByClose());
        }
    }

    @Test
    void parsersOfHeadsAreUsedAgain() {
        var spares = new ArrayDeque<ReplyHeadParser>();
        for (int i = 0; i < 3; i++) {
            var parser = new ReplyParser(Replies.LIMITS, spares);
            parser.start(false);
            assertTrue(parser.parseHead(ByteBuffer.wrap(Wire.latin1(OK + LENGTH + "\r\n"))));
            assertEquals(1, spares.size());
        }
    }

    @Test
    void valueThatComesAgainIsNotMadeAnew() {
        var parser = new ReplyParser(Replies.LIMITS);
        Headers first = headers(parser, "Server: a/1\r\nVary:  Accept \r\nX-Other: b\r\nSet-Cookie: c=d\r\n");
        Headers second = headers(parser, "X-Other: b\r\nServer: a/1\r\nVary:  Accept \r\nSet-Cookie: c=d\r\n");
        for (String name : List.of("Server", "Vary")) {
            assertSame(first.first(name), second.first(name));
        }
        for (String name : List.of("X-Other", "Set-Cookie")) {
            assertEquals(first.first(name), second.first(name));
            assertNotSame(first.first(name), second.first(name));
        }
    }

    @Test
    void valueThatChangesIsReadAsItComes() {
        var parser = new ReplyParser(Replies.LIMITS);
        String long1 = "x".repeat(SeenLines.MAX_LINE_BYTES - "Server: \r\n".length());
        for (String value : List.of(
                "a", "a", "ab", "a", "b", "", "", "b", long1, long1, long1 + "y", long1 + "y", "\u00e4", "e", long1,
                "a")) {
            assertEquals(value, headers(parser, "Server: " + value + "\r\n").first("Server"));
            assertEquals(List.of(value, "a", value), headers(
                    parser, "Vary: " + value + "\r\nVary: a\r\nVary: " + value + "\r\n").all("Vary"));
        }
    }

    @Test
    void nothingSecretIsKeptForTheNextReply() {
        for (String name : List.of(
                "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Set-Cookie2", "Location",
                "Content-Location", "Referer", "Link", "Refresh", "WWW-Authenticate", "Authentication-Info",
                "Sec-WebSocket-Key", "X-Forwarded-For", "From", "ETag")) {
            assertFalse(Objects.requireNonNull(FieldName.find(name)).recurs(), name);
        }
    }

    private static Headers headers(ReplyParser parser, String fields) {
        parser.start(false);
        assertTrue(parser.parseHead(ByteBuffer.wrap(Wire.latin1(OK + fields + "\r\n"))));
        return parser.head().headers();
    }

    @Test
    void repliesOfAllKindsComeOneAfterTheOther() {
        var parser = new ReplyParser(Replies.LIMITS);
        String chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n";
        String old = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        for (String reply : List.of(
                OK + LENGTH + "\r\nhello", chunked, OK + "Content-Length: 0\r\n\r\n", old, OK + LENGTH + "\r\nhello",
                OK + LENGTH + "Connection: close\r\n\r\nhello", OK + LENGTH + "\r\nhello")) {
            byte[] bytes = Wire.latin1(reply);
            for (int step : new int[]{bytes.length, 1}) {
                assertEquals(
                        Replies.byJetty(bytes, step, Replies.LIMITS).withoutNames(),
                        Replies.read(bytes, step, parser).withoutNames(), reply);
            }
        }
    }

    @Test
    @Tag("full")
    void repliesByChanceAreReadAsJettyReadsThem() {
        var replies = new UsualReplies(Long.getLong("heddle.fuzz.seed", 1));
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] reply = Wire.latin1(replies.next());
            CodecFuzz.replyBesideJetty(reply);
            read += Replies.read(reply, reply.length).what().equals("bad") ? 0 : 1;
        }
        assertTrue(read > 5_000, "replies that were read: " + read);
    }
}
