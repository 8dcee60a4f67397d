package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.Wire;
import dev.heddle.http.WireNotation;
import dev.heddle.http.server.ServerLimits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plain heads are read in one pass, with the same outcome as the parser's; all others are left to that. */
final class PlainRequestTest {

    private static final String HOST = "Host: a\r\n";

    private static @Nullable RequestHead take(String head) {
        return take(head, ServerLimits.DEFAULT);
    }

    private static @Nullable RequestHead take(String head, ServerLimits limits) {
        return new PlainRequest(limits).take(ByteBuffer.wrap(Wire.latin1(head)));
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\n" + HOST + fields + "\r\n";
    }

    @Test
    void theHeadsOfUsualClientsArePlain() {
        for (String head : PlainRequests.USUAL) {
            assertNotNull(take(head), head);
            CodecFuzz.plainRequest(Wire.latin1(head));
        }
    }

    @Test
    void everythingInAHeadIsKept() {
        RequestHead head = take(
                "PURGE /a?b HTTP/1.1\r\nHOST:a\r\nX-Y: z\r\nContent-Length: 12\r\nx-y: z z\r\n\r\nhello");
        assertNotNull(head);
        assertEquals("PURGE", head.method());
        assertEquals(new Target("/a", "b", null), head.target());
        assertEquals(Headers.of("HOST", "a", "X-Y", "z", "Content-Length", "12", "x-y", "z z"), head.headers());
        assertEquals(List.of("z", "z z"), head.headers().all("X-Y"));
        assertEquals("Host", head.headers().name(0));
        assertEquals("x-y", head.headers().name(3));
        assertEquals(12, head.bodyLength());
        assertTrue(head.keepAlive());
    }

    @Test
    void usualNamesAreNotMadeAnew() {
        RequestHead head = take(get("accept-language: en\r\n"));
        assertNotNull(head);
        assertSame(HttpHeader.ACCEPT_LANGUAGE.asString(), head.headers().name(1));
    }

    @Test
    void everyKnownNameIsFoundInAnyCase() {
        for (HttpHeader header : HttpHeader.values()) {
            if (!header.isPseudo()) {
                for (String name : List.of(header.asString(), header.lowerCaseName(),
                        header.asString().toUpperCase(Locale.ROOT))) {
                    byte[] bytes = Wire.latin1("x" + name + ":");
                    FieldName found = FieldName.find(bytes, 1, bytes.length - 1);
                    assertNotNull(found, name);
                    assertEquals(header.asString(), found.text());
                }
            }
        }
    }

    @Test
    void anUnknownNameIsNoneOfTheKnownOnes() {
        for (String name : List.of("X", "Hos", "Hosts", "H0st", "Content_Length", "Content-Lengti", "~")) {
            byte[] bytes = Wire.latin1(name);
            assertNull(FieldName.find(bytes, 0, bytes.length), name);
        }
    }

    @Test
    void whatCouldBeReadInTwoWaysIsLeftToTheParser() {
        for (String head : List.of(
                "", "G", "GET", "GET ", "GET /", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r", "GET / HTTP/1.1\r\nHost: a",
                "\r\n" + get(""), "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
                "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", get("X : y\r\n"), get(" X: y\r\n"),
                get("X:  y\r\n"), get("X: y \r\n"), get("X: \r\n"), get("X:\r\n"), get("X:\ty\r\n"), get("X: y\tz\r\n"),
                get("X: \u00e4\r\n"), get("X: y\0\r\n"), get("X: y\u007f\r\n"), get("X: y\rz\r\n"),
                get("X: y\r\n z\r\n"),
                get(": y\r\n"), get("X\r\n"), get(HOST), get("hOST: a\r\n"),
                get("Content-Length: 5\r\ncontent-length: 5\r\n"),
                get("Content-Length: +5\r\n"), get("Content-Length: 05\r\n"), get("Content-Length: 5,5\r\n"),
                get("Content-Length: 1000000000000000\r\n"), get("Transfer-Encoding: chunked\r\n"),
                get("transfer-encoding: identity\r\n"), get("Expect: a\r\n"),
                "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n")) {
            ByteBuffer in = ByteBuffer.wrap(Wire.latin1(head));
            assertNull(new PlainRequest(ServerLimits.DEFAULT).take(in), WireNotation.show(head));
            assertEquals(0, in.position());
        }
    }

    @Test
    void theBytesOfTheHeadBeforeAreNotReadAgain() {
        var plain = new PlainRequest(ServerLimits.DEFAULT);
        byte[] head = Wire.latin1(get("X: y\r\n"));
        assertNotNull(plain.take(ByteBuffer.wrap(head)));
        for (int length = 0; length < head.length; length++) {
            assertNull(plain.take(ByteBuffer.wrap(head, 0, length)), "bytes: " + length);
        }
    }

    @Test
    void aHeadIsTakenFromTheMiddleOfABufferOfAnyKind() {
        byte[] head = Wire.latin1(get(""));
        for (ByteBuffer in : List.of(ByteBuffer.allocate(200), ByteBuffer.allocateDirect(200))) {
            in.position(7).put(head).put(head).flip().position(7);
            var plain = new PlainRequest(ServerLimits.DEFAULT);
            RequestHead first = plain.take(in.asReadOnlyBuffer());
            assertEquals(first, plain.take(in));
            assertEquals(7 + head.length, in.position());
            assertEquals(first, plain.take(in));
            assertEquals(0, in.remaining());
            assertNull(plain.take(in));
        }
    }

    @Test
    void theLongestHeadIsPlainAndALongerOneIsNot() {
        String head = get("X: \r\n");
        String value = "y".repeat(PlainHead.MAX_BYTES - head.length());
        assertNotNull(take(get("X: " + value + "\r\n")));
        assertNull(take(get("X: " + value + "y\r\n")));
    }

    @Test
    void aHeadOfManyFieldsIsLeftToTheParser() {
        RequestHead head = take(get("X:y\r\n".repeat(63)));
        assertNotNull(head);
        assertEquals(64, head.headers().size());
        assertNull(take(get("X:y\r\n".repeat(64))));
    }

    @Test
    void aHeadBeyondALimitIsLeftToTheParser() {
        String line = "GET /ab HTTP/1.1";
        ServerLimits limits = ServerLimits.DEFAULT.withMaxStartLine(line.length()).withMaxHeaders(20, 2);
        String fields = "\r\n" + HOST + "X: 3456\r\n\r\n";
        assertEquals(20, fields.length() - "\r\n".length());
        assertNotNull(take(line + fields, limits));
        assertNull(take(line + fields.replace("3456", "34567"), limits));
        assertNull(take(line.replace("/", "/c") + fields, limits));
        String more = line + fields.replace("X: 3456", "X:y\r\nZ:y");
        assertNull(take(more, limits.withMaxHeaders(100, 2)));
        assertNotNull(take(more, limits.withMaxHeaders(100, 3)));
    }

    @Test
    void whatIsPlainIsReadAsTheParserReadsIt() {
        var heads = new PlainRequests(Long.getLong("heddle.fuzz.seed", 1));
        int plain = 0;
        for (int i = 0; i < 50_000; i++) {
            String head = heads.next();
            CodecFuzz.plainRequest(Wire.latin1(head));
            plain += take(head) == null ? 0 : 1;
        }
        assertTrue(plain > 5_000, "plain heads: " + plain);
    }
}
