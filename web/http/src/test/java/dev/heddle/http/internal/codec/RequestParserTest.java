package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Heads of requests, whole and in pieces, and beside Jetty's parser. */
final class RequestParserTest {

    private static final String HOST = "Host: a\r\n";

    private static @Nullable RequestHead parse(String head) {
        return parse(head, Heads.LIMITS);
    }

    private static @Nullable RequestHead parse(String head, HeadLimits limits) {
        return new RequestParser(limits).parseHead(ByteBuffer.wrap(Wire.latin1(head)));
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\n" + HOST + fields + "\r\n";
    }

    private static int refusal(String head, HeadLimits limits) {
        int whole = assertThrows(StatusException.class, () -> parse(head, limits)).status();
        byte[] bytes = Wire.latin1(head);
        assertEquals(whole, Heads.read(bytes, 1, new RequestParser(limits)::parseHead).status());
        return whole;
    }

    @Test
    void headsOfUsualClientsAreReadAsJettyReadsThem() {
        for (String head : UsualRequests.USUAL) {
            assertNotNull(parse(head), head);
            CodecFuzz.requestBesideJetty(Wire.latin1(head));
        }
    }

    @Test
    void everythingInAHeadIsKept() {
        RequestHead head = parse(
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
        RequestHead head = parse(get("accept-language: en\r\n"));
        FieldName known = FieldName.find("Accept-Language");
        assertNotNull(head);
        assertNotNull(known);
        assertSame(known.text(), head.headers().name(1));
    }

    @Test
    void everyNameThatJettyKnowsIsFoundInAnyCase() {
        for (HttpHeader header : HttpHeader.values()) {
            if (header.isPseudo() || header == HttpHeader.IDENTITY || header.name().startsWith("X_FORWARDED_S")) {
                continue;
            }
            for (String name : List.of(header.asString(), header.lowerCaseName(),
                    header.asString().toUpperCase(Locale.ROOT))) {
                byte[] bytes = Wire.latin1("x" + name + ":");
                FieldName found = FieldName.find(bytes, 1, bytes.length - 1);
                assertNotNull(found, name);
                assertEquals(header.asString(), found.text());
                assertEquals(header.lowerCaseName(), found.lower());
                assertSame(found, FieldName.find(name));
            }
        }
    }

    @Test
    void unknownNameIsNoneOfTheKnownOnes() {
        for (String name : List.of("X", "Hos", "Hosts", "H0st", "Content_Length", "Content-Lengti", "~")) {
            byte[] bytes = Wire.latin1(name);
            assertNull(FieldName.find(bytes, 0, bytes.length), name);
            assertNull(FieldName.find(name), name);
        }
    }

    @Test
    void headInPiecesIsNotCompleteBeforeItsLastByte() {
        byte[] head = Wire.latin1(get("X: y\r\n"));
        var parser = new RequestParser(Heads.LIMITS);
        for (int i = 0; i < head.length - 1; i++) {
            assertNull(parser.parseHead(ByteBuffer.wrap(head, i, 1)), "bytes: " + i);
        }
        assertNotNull(parser.parseHead(ByteBuffer.wrap(head, head.length - 1, 1)));
    }

    @Test
    void bytesOfTheHeadBeforeAreNotReadAgain() {
        byte[] head = Wire.latin1(get("X: y\r\n"));
        var parser = new RequestParser(Heads.LIMITS);
        for (int length = 0; length < head.length; length++) {
            parser.reset();
            assertNotNull(parser.parseHead(ByteBuffer.wrap(head)));
            parser.reset();
            assertNull(parser.parseHead(ByteBuffer.wrap(head, 0, length)), "bytes: " + length);
        }
    }

    @Test
    void headIsTakenFromTheMiddleOfABufferOfAnyKind() {
        byte[] head = Wire.latin1(get(""));
        for (ByteBuffer in : List.of(ByteBuffer.allocate(200), ByteBuffer.allocateDirect(200))) {
            in.position(7).put(head).put(head).flip().position(7);
            var parser = new RequestParser(Heads.LIMITS);
            RequestHead first = parser.parseHead(in.asReadOnlyBuffer());
            assertNotNull(first);
            parser.reset();
            assertEquals(first, parser.parseHead(in));
            assertEquals(7 + head.length, in.position());
            parser.reset();
            assertEquals(first, parser.parseHead(in));
            assertEquals(0, in.remaining());
        }
    }

    @Test
    void longHeadIsReadAndTheNextShortOne() {
        var parser = new RequestParser(Heads.LIMITS);
        String fields = "X: " + "y".repeat(20_000) + "\r\n" + "Z: z\r\n".repeat(90);
        for (int step : new int[]{1, 1000, 1_000_000}) {
            Heads.Read read = Heads.read(Wire.latin1(get(fields) + "rest"), step, parser::parseHead);
            assertNotNull(read.head());
            assertEquals(92, read.head().headers().size());
            parser.reset();
            assertNotNull(parser.parseHead(ByteBuffer.wrap(Wire.latin1(get("")))));
            parser.reset();
        }
    }

    @Test
    void headBeyondALimitIsRefusedAtTheSameByteHoweverItIsCut() {
        String line = "GET /ab HTTP/1.1";
        var limits = new HeadLimits(line.length(), 20, 2);
        String fields = "\r\n" + HOST + "X: 3456\r\n\r\n";
        assertEquals(20, fields.length() - "\r\n".length());
        assertNotNull(parse(line + fields, limits));
        assertEquals(431, refusal(line + fields.replace("3456", "34567"), limits));
        assertEquals(414, refusal(line.replace("/ab", "/cab") + fields, limits));
        String more = line + fields.replace("X: 3456", "X:y\r\nZ:y");
        assertEquals(431, refusal(more, new HeadLimits(100, 100, 2)));
        assertNotNull(parse(more, new HeadLimits(100, 100, 3)));
    }

    @Test
    void headsHaveNoLimitWhereNoneIsWanted() {
        var limits = new HeadLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        RequestHead head = parse(get("X: y\r\n".repeat(1000) + "Z: " + "z".repeat(100_000) + "\r\n"), limits);
        assertNotNull(head);
        assertEquals(1002, head.headers().size());
    }

    @Test
    void faultBeyondALimitIsNotSeen() {
        var limits = new HeadLimits(100, 20, 2);
        assertEquals(431, refusal("GET / HTTP/1.1\r\nX: 4567890123456789012\0\r\n", limits));
        assertEquals(400, refusal("GET / HTTP/1.1\r\nX: 456789012345678\0\r\n", limits));
    }

    @Test
    @Tag("full")
    void headsByChanceAreReadAsJettyReadsThem() {
        var heads = new UsualRequests(Long.getLong("heddle.fuzz.seed", 1));
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] head = Wire.latin1(heads.next());
            CodecFuzz.requestBesideJetty(head);
            read += Heads.read(head, head.length).head() == null ? 0 : 1;
        }
        assertTrue(read > 5_000, "heads that were read: " + read);
    }
}
