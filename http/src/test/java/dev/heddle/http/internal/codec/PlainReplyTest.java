package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.Replies;
import dev.heddle.http.Wire;
import dev.heddle.http.WireNotation;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.internal.syntax.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plain heads of replies are read in one pass, with the same outcome as the parser's; all others are left to that. */
final class PlainReplyTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String LENGTH = "Content-Length: 5\r\n";

    private static @Nullable ReplyHead take(String head) {
        return new PlainReply(ClientLimits.DEFAULT).take(ByteBuffer.wrap(Wire.latin1(head)));
    }

    @Test
    void theHeadsOfUsualServersArePlain() {
        for (String reply : PlainReplies.USUAL) {
            assertNotNull(take(reply), reply);
            CodecFuzz.plainReply(Wire.latin1(reply));
        }
    }

    @Test
    void everythingInAHeadIsKeptAndNothingBehindItIsTaken() {
        var plain = new PlainReply(ClientLimits.DEFAULT);
        ByteBuffer in = ByteBuffer.wrap(Wire.latin1(
                "HTTP/1.1 299 All Fine\r\ncontent-length: 5\r\nX-Y:z\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\nhello"));
        ReplyHead head = plain.take(in);
        assertNotNull(head);
        assertEquals(299, head.status());
        assertEquals("All Fine", head.reason());
        assertEquals(Protocol.HTTP_1_1, head.protocol());
        assertEquals(
                Headers.of("content-length", "5", "X-Y", "z", "Set-Cookie", "a=b", "Set-Cookie", "c=d"),
                head.headers());
        assertEquals("Content-Length", head.headers().name(0));
        assertEquals(5, plain.bodyLength());
        assertFalse(plain.isClosing());
        assertEquals(5, in.remaining());
    }

    @Test
    void usualWordsAreNotMadeAnew() {
        ReplyHead head = take(OK + LENGTH + "\r\n");
        assertNotNull(head);
        assertSame(StatusLines.phrase(200), head.reason());
    }

    @Test
    void theConnectionIsClosedIfTheLastReplySaysSo() {
        var plain = new PlainReply(ClientLimits.DEFAULT);
        for (boolean close : new boolean[]{true, false, true}) {
            String field = close ? "Connection: close\r\n" : "Connection: keep-alive\r\n";
            assertNotNull(plain.take(ByteBuffer.wrap(Wire.latin1(OK + LENGTH + field + "\r\n"))));
            assertEquals(close, plain.isClosing());
        }
        assertNotNull(
                plain.take(ByteBuffer.wrap(
                        Wire.latin1(OK + "Connection: close\r\n" + LENGTH + "Connection: keep-alive\r\n\r\n"))));
        assertTrue(plain.isClosing());
    }

    @Test
    void whatCouldBeReadInTwoWaysIsLeftToTheParser() {
        for (String head : List.of(
                "", "H", "HTTP/1.1", "HTTP/1.1 200", "HTTP/1.1 200 OK", OK, OK + LENGTH, OK + LENGTH + "\r",
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
            ByteBuffer in = ByteBuffer.wrap(Wire.latin1(head));
            assertNull(new PlainReply(ClientLimits.DEFAULT).take(in), WireNotation.show(head));
            assertEquals(0, in.position());
            CodecFuzz.plainReply(Wire.latin1(head));
        }
    }

    @Test
    void aHeadBeyondALimitIsLeftToTheParser() {
        String head = OK + LENGTH + "X: y\r\n\r\n";
        ClientLimits limits = ClientLimits.DEFAULT.withMaxHeadBytes(256).withMaxFields(2);
        String longest = head.replace("y", "y".repeat(257 - head.length()));
        assertNotNull(new PlainReply(limits).take(ByteBuffer.wrap(Wire.latin1(longest))));
        String tooLong = longest.replace("X:", "XX:");
        assertNull(new PlainReply(limits).take(ByteBuffer.wrap(Wire.latin1(tooLong))));
        String tooMany = head.replace("X:", "A: b\r\nX:");
        assertNull(new PlainReply(limits).take(ByteBuffer.wrap(Wire.latin1(tooMany))));
    }

    @Test
    void theAnswerToHeadIsLeftToTheParser() {
        var parser = new ReplyParser(ClientLimits.DEFAULT, new PlainReply(ClientLimits.DEFAULT));
        parser.start(true);
        assertTrue(parser.parseHead(ByteBuffer.wrap(Wire.latin1(OK + LENGTH + "\r\n"))));
        assertTrue(parser.isComplete());
    }

    @Test
    void plainRepliesAndOthersComeOneAfterTheOther() {
        var parser = new ReplyParser(ClientLimits.DEFAULT, new PlainReply(ClientLimits.DEFAULT));
        var codec = new ReplyParser(ClientLimits.DEFAULT);
        String chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n";
        String old = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        for (String reply : List.of(
                OK + LENGTH + "\r\nhello", chunked, OK + "Content-Length: 0\r\n\r\n", old, OK + LENGTH + "\r\nhello",
                OK + LENGTH + "Connection: close\r\n\r\nhello", OK + LENGTH + "\r\nhello")) {
            byte[] bytes = Wire.latin1(reply);
            for (int step : new int[]{bytes.length, 1}) {
                assertEquals(Replies.read(bytes, step, codec), Replies.read(bytes, step, parser), reply);
            }
        }
    }

    @Test
    void whatIsPlainIsReadAsTheParserReadsIt() {
        var replies = new PlainReplies(Long.getLong("heddle.fuzz.seed", 1));
        int plain = 0;
        for (int i = 0; i < 50_000; i++) {
            String reply = replies.next();
            CodecFuzz.plainReply(Wire.latin1(reply));
            plain += take(reply) == null ? 0 : 1;
        }
        assertTrue(plain > 5_000, "plain replies: " + plain);
    }
}
