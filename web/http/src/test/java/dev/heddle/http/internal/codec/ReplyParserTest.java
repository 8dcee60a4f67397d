package dev.heddle.http.internal.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses, byte by byte. */
final class ReplyParserTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @ParameterizedTest
    @ValueSource(strings = {
            // Framing that two programs may read differently.
            OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            OK + "Content-Length: 5, 5\r\n\r\nhello",
            OK + "Content-Length: +5\r\n\r\nhello",
            OK + "Content-Length: -5\r\n\r\nhello",
            OK + "Content-Length: 0x5\r\n\r\nhello",
            OK + "Content-Length: 5 5\r\n\r\nhello",
            OK + "Content-Length: \r\n\r\n",
            OK + "Content-Length: 9999999999999999999999\r\n\r\n",
            OK + "Transfer-Encoding: xchunked\r\n\r\n",
            OK + "Transfer-Encoding: chunked, identity\r\n\r\n",
            OK + "Transfer-Encoding: gzip, chunked\r\n\r\n",
            OK + "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: \013chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: identity\r\n\r\n",
            OK + "Transfer-Encoding: \r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            // Chunks.
            OK + "Transfer-Encoding: chunked\r\n\r\n\r\nhello",
            OK + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5_0\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\rhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5;a\rb\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: \0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n bad: x\r\n\r\n",
            // Fields.
            OK + "A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
            OK + "A: b\r\n\tc\r\nContent-Length: 0\r\n\r\n",
            OK + " A: b\r\nContent-Length: 0\r\n\r\n",
            OK + "A : b\r\nContent-Length: 0\r\n\r\n",
            OK + "A\r\nContent-Length: 0\r\n\r\n",
            OK + ": b\r\nContent-Length: 0\r\n\r\n",
            OK + "A: b\0c\r\nContent-Length: 0\r\n\r\n",
            OK + "A\0: b\r\nContent-Length: 0\r\n\r\n",
            OK + "A: b\rc\r\nContent-Length: 0\r\n\r\n",
            OK + "A: b\u007f\r\nContent-Length: 0\r\n\r\n",
            OK + "A: b\013\r\nContent-Length: 0\r\n\r\n",
            OK + "A(: b\r\nContent-Length: 0\r\n\r\n",
            OK + "\u00c4: b\r\nContent-Length: 0\r\n\r\n",
            OK + "A: b\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
            // Start lines.
            "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.10 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
            "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 +200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1  OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "\u0015\u0003\u0001\u0000\u0002\u0002\u0046",
            "<html>hello</html>\r\n\r\n"
    })
    void responseThatCannotBeTrustedIsRefusedInOnePieceAndByteByByte(String response) {
        assertThrows(BadReplyException.class, () -> parse(response, response.length()));
        assertThrows(BadReplyException.class, () -> parse(response, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            OK + "Content-Length: 5\r\n\r\nhello",
            OK + "content-LENGTH:   5  \r\nX:\r\n\r\nhello",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n003;a=b\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n",
            "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.0 299 a b\u00e4\r\nX: \u00e4\r\nContent-Length: 5\r\n\r\nhello",
    })
    void goodResponseIsTheSameHoweverItIsCut(String response) {
        for (int cut = 1; cut < response.length(); cut++) {
            Parsed parsed = parse(response + "next", cut, response.length() + 4 - cut);
            assertEquals("hello", parsed.body, "cut at " + cut);
            assertTrue(parsed.parser.isComplete());
            assertEquals("next", parsed.rest);
        }
        assertEquals("hello", parse(response, 1).body);
    }

    @Test
    void headersKeepTheirOrderAndBytes() {
        Parsed parsed = parse(OK + "Set-Cookie: a\r\nX: \u00e4 b\r\nSet-Cookie: c\r\nContent-Length: 0\r\n\r\n", 7);
        assertEquals(
                Headers.of("Set-Cookie", "a", "X", "\u00e4 b", "Set-Cookie", "c", "Content-Length", "0"),
                parsed.parser.head().headers());
        assertEquals("OK", parsed.parser.head().reason());
    }

    @Test
    void valueIsNeverTakenFromAnotherCase() {
        Parsed parsed = parse(OK + "Connection: CLOSE\r\nContent-Type: Text/HTML\r\nContent-Length: 0\r\n\r\n", 1000);
        assertEquals("CLOSE", parsed.parser.head().headers().first("connection"));
        assertEquals("Text/HTML", parsed.parser.head().headers().first("content-type"));
    }

    @Test
    void reasonMayBeginWithAByteAboveAscii() {
        for (int step = 1; step < 20; step++) {
            Parsed parsed = parse("HTTP/1.1 404 \u00d0\u009d x\r\nContent-Length: 0\r\n\r\n", step);
            assertEquals("\u00d0\u009d x", parsed.parser.head().reason());
        }
        for (String line : new String[]{"HTTP/1.1 2000\u00e4", "HTTP/1.1 20\u00e4", "HTTP/1.1 200\u00e4",
                "HTTP/1.1 200 \u00e4\0"}) {
            assertThrows(BadReplyException.class, () -> parse(line + "\r\nContent-Length: 0\r\n\r\n", 1000));
        }
    }

    @Test
    void headAboveItsLimitIsRefusedAtTheSameByteHoweverItIsCut() {
        var limits = new HeadLimits(300, 300, 256);
        String start = OK + "X: ";
        String fits = start + "a".repeat(290 - start.length()) + "\r\nB: c\r\n\r\n";
        assertEquals(300, fits.length());
        String tooLong = start + "a".repeat(291 - start.length()) + "\r\nB: c\r\n\r\n";
        for (int step : new int[]{1, 7, 1000}) {
            parse(new ReplyParser(limits), fits, step, step);
            assertThrows(BadReplyException.class, () -> parse(new ReplyParser(limits), tooLong, step, step));
        }
    }

    @Test
    void endlessStatusLineIsRefused() {
        assertThrows(BadReplyException.class, () -> parse("HTTP/1.1 200 " + "a".repeat(100_000), 1000));
        assertThrows(BadReplyException.class, () -> parse(OK + "a".repeat(100_000), 1000));
    }

    @Test
    void tooManyFieldsAreRefused() {
        var limits = new HeadLimits(64 * 1024, 64 * 1024, 3);
        parse(new ReplyParser(limits), OK + "A: 1\r\nB: 2\r\nContent-Length: 0\r\n\r\n", 9, 9);
        assertThrows(
                BadReplyException.class,
                () -> parse(new ReplyParser(limits), OK + "A: 1\r\nB: 2\r\nC: 3\r\nContent-Length: 0\r\n\r\n", 9, 9));
    }

    @Test
    void chunksOfOneByteAreFineButEndlessExtensionsAreRefused() {
        String ones = "1\r\nx\r\n".repeat(50_000);
        Parsed parsed = parse(OK + "Transfer-Encoding: chunked\r\n\r\n" + ones + "0\r\n\r\n", 4096);
        assertEquals(50_000, parsed.body.length());
        String padded = ("1;" + "e".repeat(1000) + "\r\nx\r\n").repeat(100);
        assertThrows(
                BadReplyException.class,
                () -> parse(OK + "Transfer-Encoding: chunked\r\n\r\n" + padded + "0\r\n\r\n", 4096));
        assertThrows(
                BadReplyException.class,
                () -> parse(OK + "Transfer-Encoding: chunked\r\n\r\n5;" + "e".repeat(100_000), 4096));
    }

    @Test
    void endlessTrailersAreRefused() {
        assertThrows(
                BadReplyException.class,
                () -> parse(OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "A: b\r\n".repeat(50_000), 4096));
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void statusWithoutBodyHasNoneWhateverTheFieldsSay(String status) {
        for (String framing : new String[]{"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
            Parsed parsed = parse("HTTP/1.1 " + status + "\r\n" + framing + "\r\nhello", 1000);
            assertEquals("", parsed.body);
            assertEquals("hello", parsed.rest);
            assertTrue(parsed.parser.isComplete());
        }
    }

    @Test
    void answerToHeadHasNoBodyWhateverTheFieldsSay() {
        var parser = new ReplyParser(Replies.LIMITS);
        parser.start(true);
        ByteBuffer bytes = bytes(OK + "Content-Length: 5\r\n\r\nhello");
        assertTrue(parser.parseHead(bytes));
        assertTrue(parser.isComplete());
        assertEquals(5, bytes.remaining());
        assertEquals(5, parser.length());
    }

    @Test
    void onlyABodyWithoutLengthIsEndedByTheConnection() {
        assertTrue(parse(OK + "\r\nhello", 3).parser.isEndedByClose());
        assertFalse(parse(OK + "Content-Length: 9\r\n\r\nhello", 3).parser.isEndedByClose());
        assertFalse(parse(OK + "Transfer-Encoding: chunked\r\n\r\n9\r\nhello", 3).parser.isEndedByClose());
    }

    @Test
    void connectionIsKeptAsVersionAndFieldsSay() {
        assertTrue(persistent("HTTP/1.1", ""));
        assertFalse(persistent("HTTP/1.1", "Connection: close\r\n"));
        assertFalse(persistent("HTTP/1.1", "Connection: x, Close\r\n"));
        assertFalse(persistent("HTTP/1.1", "Connection: x\r\nConnection: close\r\n"));
        assertFalse(persistent("HTTP/1.0", ""));
        assertTrue(persistent("HTTP/1.0", "Connection: keep-alive\r\n"));
        assertFalse(persistent("HTTP/1.0", "Connection: keep-alive, close\r\n"));
    }

    private static boolean persistent(String version, String fields) {
        return parse(version + " 200 OK\r\nContent-Length: 0\r\n" + fields + "\r\n", 1000).parser.isPersistent();
    }

    private record Parsed(ReplyParser parser, String body, String rest) {}

    private static Parsed parse(String response, int step) {
        return parse(response, step, step);
    }

    private static Parsed parse(String response, int first, int step) {
        return parse(new ReplyParser(Replies.LIMITS), response, first, step);
    }

    /** Feeds pieces as a stream does: what is not taken is shown again with more behind it. */
    private static Parsed parse(ReplyParser parser, String response, int first, int step) {
        parser.start(false);
        var body = new ByteArrayOutputStream();
        ByteBuffer all = bytes(response);
        boolean head = false;
        byte[] target = new byte[3];
        for (int end = Math.min(first, all.capacity());; end = Math.min(all.capacity(), end + step)) {
            all.limit(end);
            if (!head) {
                head = parser.parseHead(all);
            }
            while (head && !parser.isComplete()) {
                int count = parser.parseBody(all, target, 0, target.length);
                body.write(target, 0, count);
                if (count == 0) {
                    break;
                }
            }
            if (end == all.capacity()) {
                break;
            }
        }
        byte[] rest = new byte[all.remaining()];
        all.get(rest);
        return new Parsed(parser, body.toString(ISO_8859_1), new String(rest, ISO_8859_1));
    }

    private static ByteBuffer bytes(String latin1) {
        return ByteBuffer.wrap(latin1.getBytes(ISO_8859_1));
    }
}
