package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A request line gets the same verdict however the line is cut into reads, and the one of a second reader. */
final class RequestLineTest {

    private static final String[] LINES = {
            "GET / HTTP/1.1\r\nHost: a\r\n", "\r\nPOST /a/b?c=d%20e HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\n",
            "PATCH http://example.com:80/x HTTP/1.1\r\n", "GET /" + "x".repeat(40) + " HTTP/1.1\r\n",
            "M".repeat(RequestParser.MAX_METHOD) + " / HTTP/1.1\r\n",
            "M".repeat(RequestParser.MAX_METHOD + 1) + " / HTTP/1.1\r\n",
            "GET / HTTP/2.0\r\n", "GET  / HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n", "GET / HTTP/1.1\n",
            "GET /\t HTTP/1.1\r\n"
    };

    private static final String BYTES = " \r\n\t/GHT1.0\u0000\u007f\u00e4:";

    private static String verdict(byte[] line, int maxBytes, int... cuts) {
        var parser = new RequestParser(new HeadLimits(maxBytes, Integer.MAX_VALUE, 100));
        try {
            int from = 0;
            for (int i = 0; i <= cuts.length; i++) {
                int to = i < cuts.length ? cuts[i] : line.length;
                parser.parseHead(ByteBuffer.wrap(line, from, to - from));
                from = to;
            }
        } catch (StatusException e) {
            return e.status() + " " + e.getMessage();
        }
        return "fine";
    }

    /** Of the line alone. */
    private static String verdictOfAnother(byte[] line, int maxBytes) {
        try {
            new JettyStartLine(maxBytes).check(ByteBuffer.wrap(line));
        } catch (StatusException e) {
            return e.status() + " " + e.getMessage();
        }
        return "fine";
    }

    private static void assertSameHoweverCut(byte[] line) {
        int[] everywhere = new int[Math.max(0, line.length - 1)];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        for (int maxBytes : new int[]{1, 13, 14, 15, 40, 8192, Integer.MAX_VALUE}) {
            String byByte = verdict(line, maxBytes, everywhere);
            assertEquals(byByte, verdict(line, maxBytes), () -> Wire.text(line));
            for (int cut = 1; cut < line.length; cut++) {
                assertEquals(byByte, verdict(line, maxBytes, cut), () -> Wire.text(line));
            }
            String another = verdictOfAnother(line, maxBytes);
            // An empty line before it counts, which matters to no limit but this.
            if (maxBytes > 1 && (!another.equals("fine") || byByte.contains("request line"))) {
                assertEquals(another, byByte, () -> Wire.text(line));
            }
        }
    }

    @Test
    void lineIsJudgedTheSameAtEverySplit() {
        for (String line : LINES) {
            assertSameHoweverCut(Wire.latin1(line));
        }
    }

    @Test
    @Tag("full")
    void lineWithWrongBytesIsJudgedTheSameAtEverySplit() {
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] line = Wire.latin1(LINES[random.nextInt(LINES.length)]);
            for (int wrong = random.nextInt(3); wrong >= 0; wrong--) {
                line[random.nextInt(line.length)] = (byte) BYTES.charAt(random.nextInt(BYTES.length()));
            }
            assertSameHoweverCut(line);
        }
    }

    @Test
    void lineOfTheMostBytesPassesAndOneMoreIsTooMany() {
        byte[] line = Wire.latin1("GET / HTTP/1.1\r\n");
        assertEquals("fine", verdict(line, 14));
        assertEquals("414 request line is longer than 13", verdict(line, 13));
    }
}
