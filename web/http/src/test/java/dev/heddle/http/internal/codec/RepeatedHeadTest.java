package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.server.Mutator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Heads that repeat lines of earlier ones: read as by a parser that has read nothing before, and nothing secret kept. */
final class RepeatedHeadTest {

    private static final HeadLimits TIGHT = new HeadLimits(40, 120, 4);
    private static final int HEADS = 3_000;

    /** What became of a head, and with which of its bytes. */
    private record Verdict(@Nullable RequestHead head, List<String> names, int taken, int status, String why) {}

    /** Shows pieces as a stream does. */
    private static Verdict read(RequestParser parser, byte[] bytes, int step) {
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        try {
            RequestHead head = Heads.parse(in, step, parser::parseHead);
            return new Verdict(head, head == null ? List.of() : Heads.names(head.headers()), in.position(), 0, "");
        } catch (StatusException e) {
            return new Verdict(null, List.of(), in.limit(), e.status(), String.valueOf(e.getMessage()));
        }
    }

    private static RequestHead head(RequestParser parser, String text) {
        RequestHead head = parser.parseHead(ByteBuffer.wrap(Wire.latin1(text)));
        assertNotNull(head);
        parser.reset();
        return head;
    }

    private static String value(RequestHead head, String name) {
        String value = head.headers().first(name);
        assertNotNull(value);
        return value;
    }

    /** Reads many heads, good and bad, with one parser for as long as it lives, and each with a new one too. */
    private static void besideNewParsers(HeadLimits limits, Iterable<byte[]> heads, SplittableRandom random) {
        var used = new RequestParser(limits);
        for (byte[] bytes : heads) {
            int step = random.nextBoolean() ? Math.max(1, bytes.length) : random.nextInt(1, 20);
            Verdict verdict = read(used, bytes, step);
            assertEquals(read(new RequestParser(limits), bytes, step), verdict, () -> Wire.text(bytes));
            if (verdict.head() == null) {
                // As on a server: one that has failed is of no use any more, and a new one reads some heads first.
                used = new RequestParser(limits);
                for (String usual : UsualRequests.USUAL) {
                    if (read(used, Wire.latin1(usual), usual.length()).head() == null) {
                        used = new RequestParser(limits);
                    } else {
                        used.reset();
                    }
                }
            } else {
                used.reset();
            }
        }
    }

    @Test
    void headsInUsualWordsAreReadAsByNewParser() {
        for (HeadLimits limits : List.of(Heads.LIMITS, TIGHT)) {
            var usual = new UsualRequests(11);
            var heads = new ArrayList<byte[]>();
            for (int i = 0; i < HEADS; i++) {
                heads.add(Wire.latin1(usual.next()));
            }
            besideNewParsers(limits, heads, new SplittableRandom(1));
        }
    }

    @Test
    void brokenHeadsAreReadAsByNewParser() {
        for (HeadLimits limits : List.of(Heads.LIMITS, TIGHT)) {
            var mutator = new Mutator(UsualRequests.USUAL.stream().map(Wire::latin1).toList(), 12);
            var heads = new ArrayList<byte[]>();
            for (int i = 0; i < HEADS; i++) {
                heads.add(mutator.next());
                heads.add(Wire.latin1(UsualRequests.USUAL.get(i % UsualRequests.USUAL.size())));
            }
            besideNewParsers(limits, heads, new SplittableRandom(2));
        }
    }

    @Test
    void sameHeadCutAtAnyByteIsReadAsTheFirstTime() {
        for (String usual : UsualRequests.USUAL) {
            byte[] bytes = Wire.latin1(usual);
            var parser = new RequestParser(Heads.LIMITS);
            Verdict first = read(parser, bytes, bytes.length);
            for (int step = 1; step < bytes.length; step++) {
                parser.reset();
                assertEquals(first, read(parser, bytes, step));
            }
        }
    }

    @Test
    void valueThatIsRepeatedIsNotMadeAnew() {
        var parser = new RequestParser(Heads.LIMITS);
        String browser = UsualRequests.USUAL.get(2);
        RequestHead first = head(parser, browser);
        RequestHead again = head(parser, browser);
        assertSame(value(first, "User-Agent"), value(again, "User-Agent"));
        assertSame(value(first, "Host"), value(again, "Host"));
        assertSame(value(first, "Accept-Language"), value(again, "Accept-Language"));
        assertSame(first.target(), again.target());
        assertNotSame(value(first, "Cookie"), value(again, "Cookie"));
    }

    @Test
    void fieldThatComesAndGoesCostsTheOthersNothing() {
        var parser = new RequestParser(Heads.LIMITS);
        String with = "GET / HTTP/1.1\r\nHost: a\r\nPragma: no-cache\r\nAccept: */*\r\nUser-Agent: b\r\n\r\n";
        String without = with.replace("Pragma: no-cache\r\n", "");
        head(parser, without);
        RequestHead first = head(parser, with);
        for (String text : List.of(without, with, without)) {
            RequestHead next = head(parser, text);
            assertSame(value(first, "Accept"), value(next, "Accept"));
            assertSame(value(first, "User-Agent"), value(next, "User-Agent"));
        }
    }

    @Test
    void lineThatDiffersByOneByteIsReadAnew() {
        var parser = new RequestParser(Heads.LIMITS);
        head(parser, "GET /a HTTP/1.1\r\nHost: a\r\nAccept: b\r\n\r\n");
        assertEquals("b", head(parser, "GET /a HTTP/1.1\r\nHost: b\r\nAccept: b\r\n\r\n").host());
        assertEquals("/b", head(parser, "GET /b HTTP/1.1\r\nHost: b\r\nAccept: b\r\n\r\n").target().path());
        assertFalse(head(parser, "GET /b HTTP/1.0\r\nHost: b\r\nAccept: b\r\n\r\n").http11());
        assertEquals("c", value(head(parser, "GET /b HTTP/1.1\r\nHost: b\r\nAccept: c\r\n\r\n"), "Accept"));
        assertEquals("b", head(parser, "GET /b HTTP/1.1\r\nHost:  b\t\r\nAccept: c\r\n\r\n").host());
    }

    @Test
    void seenLineIsRefusedWhereItMustNotStandTwice() {
        String once = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";
        for (String twice : List.of("Host: a\r\n", "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n")) {
            var parser = new RequestParser(Heads.LIMITS);
            head(parser, once);
            head(parser, once.replace("Content-Length: 1", "Transfer-Encoding: chunked"));
            head(parser, once);
            byte[] smuggled = Wire.latin1(once.replace("\r\n\r\n", "\r\n" + twice + "\r\n"));
            assertEquals(400, read(parser, smuggled, smuggled.length).status());
        }
    }

    @Test
    void linesThatMayHaveSecretsAreNotKept() {
        for (String name : List.of("Authorization", "Proxy-Authorization", "Cookie", "Referer", "X-Api-Key",
                "X-Forwarded-For", "Sec-WebSocket-Key", "Origin-Token", "Location", "Forwarded", "From")) {
            var lines = new SeenLines();
            byte[] line = Wire.latin1(name + ": secret\r\n");
            lines.keep(FieldName.find(name), "secret", line, 0, line.length);
            lines.begin();
            assertNull(lines.find(line, 0, line.length), name);
        }
        var requestLine = new SeenRequestLine();
        byte[] query = Wire.latin1("GET /?secret HTTP/1.1\r\n");
        requestLine.keep(head(new RequestParser(Heads.LIMITS), "GET /?secret HTTP/1.1\r\nHost: a\r\n\r\n"), query,
                query.length);
        assertFalse(requestLine.stands(query, query.length));
    }

    @Test
    void longLinesAndManyLinesAreNotKept() {
        var lines = new SeenLines();
        byte[] longest = Wire.latin1("Accept: " + "a".repeat(SeenLines.MAX_LINE_BYTES - 10) + "\r\n");
        byte[] longer = Wire.latin1("Accept: " + "a".repeat(SeenLines.MAX_LINE_BYTES - 9) + "\r\n");
        FieldName accept = FieldName.find("Accept");
        lines.keep(accept, "", longer, 0, longer.length);
        lines.begin();
        assertNull(lines.find(longer, 0, longer.length));
        for (int i = 0; i <= SeenLines.MAX_LINES; i++) {
            lines.keep(accept, "", longest, 0, longest.length);
        }
        lines.begin();
        for (int i = 0; i < SeenLines.MAX_LINES; i++) {
            assertNotNull(lines.find(longest, 0, longest.length));
        }
        assertNull(lines.find(longest, 0, longest.length));
        var requestLine = new SeenRequestLine();
        String start = "GET /" + "a".repeat(SeenRequestLine.MAX_BYTES) + " HTTP/1.1\r\n";
        requestLine.keep(head(new RequestParser(Heads.LIMITS), start + "Host: a\r\n\r\n"), Wire.latin1(start),
                start.length());
        assertFalse(requestLine.stands(Wire.latin1(start), start.length()));
    }
}
