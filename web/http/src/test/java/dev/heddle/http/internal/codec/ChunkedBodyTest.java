package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks are read in any pieces, and each byte of their framing is looked at. */
final class ChunkedBodyTest {

    private static final int MAX_EXTENSION = 40;

    private static ChunkedBody body() {
        return ChunkedBody.ofRequest(new HeadLimits(100, MAX_EXTENSION, 10));
    }

    private static String read(String text) {
        String whole = read(text, text.length());
        for (int step = 1; step < text.length(); step++) {
            assertEquals(whole, read(text, step), "by " + step);
        }
        return whole;
    }

    private static String read(String text, int step) {
        ChunkedBody body = body();
        ByteBuffer in = ByteBuffer.wrap(Wire.latin1(text)).limit(0);
        ByteBuffer target = ByteBuffer.allocate(text.length());
        while (!body.isDone() && in.limit() < text.length()) {
            in.limit(Math.min(text.length(), in.limit() + step));
            body.read(in, target);
        }
        assertTrue(body.isDone(), text);
        byte[] content = new byte[target.flip().remaining()];
        target.get(content);
        return Wire.text(content) + "|" + body.trailers().names() + "|" + text.substring(in.position());
    }

    @Test
    void contentAndTrailersComeOutAndWhatIsBehindStays() {
        assertEquals("hello|[]|", read("5\r\nhello\r\n0\r\n\r\n"));
        assertEquals("|[]|GET", read("0\r\n\r\nGET"));
        assertEquals("abcdefghijklmno|[]|", read("00a\r\nabcdefghij\r\n5\r\nklmno\r\n000\r\n\r\n"));
        assertEquals("a|[x-a, b]|\r\n", read("1\r\na\r\n0\r\nx-a: 1\r\nb: 2\r\n\r\n\r\n"));
        assertEquals("a|[]|", read("1;a\r\na\r\n0;b=\"c;\\\"\\\\\"d\r\n\r\n"));
        assertEquals("ab|[]|", read("2 \t;a = b\r\nab\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "\r", "\n", ";", " ", "g", "1 \r", "1 x", "1\n", "1\ra", "1;\r", "1;\n", "1;a\n", "1;a\ra", "1;\"a\r",
            "1;\"\\\r", "1;a\0", "1;\"a\n", "1\r\naX", "1\r\na\n", "1\r\na\r\r", "1\r\na\r\n\r",
            "12345678901234567", "00000000000000001", "8000000000000000", "ffffffffffffffff"})
    void byteThatIsWrongIsRefusedWhereItStands(String text) {
        ChunkedBody body = body();
        ByteBuffer in = ByteBuffer.wrap(Wire.latin1(text + "\r\n\r\n"));
        StatusException refused = assertThrows(StatusException.class, () -> body.read(in, ByteBuffer.allocate(9)),
                text);
        assertEquals(400, refused.status());
        assertEquals(text.length(), in.position());
        assertFalse(body.isDone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0\r\n\n", "0\r\n\rx", "0\r\na\r\n", "0\r\na : b\r\n", "0\r\n a: b\r\n"})
    void trailersThatAreNoFieldsAreRefused(String text) {
        for (int step = 1; step <= text.length(); step++) {
            int each = step;
            assertThrows(StatusException.class, () -> read(text + "\r\n\r\n", each), text);
        }
    }

    @Test
    void sizeHasSixteenDigitsAndSixtyThreeBits() {
        ChunkedBody body = body();
        ByteBuffer target = ByteBuffer.allocate(3);
        body.read(ByteBuffer.wrap(Wire.latin1("7fffffffffffffff\r\nabc")), target);
        assertFalse(target.hasRemaining());
        assertEquals("a|[]|", read("0000000000000001\r\na\r\n0000000000000000\r\n\r\n"));
    }

    @Test
    void contentWaitsForRoom() {
        ChunkedBody body = body();
        ByteBuffer in = ByteBuffer.wrap(Wire.latin1("3\r\nabc\r\n0\r\n\r\n"));
        ByteBuffer small = ByteBuffer.allocate(2);
        body.read(in, small);
        assertEquals(5, in.position());
        body.read(in, small);
        assertEquals(5, in.position());
        body.read(in, small.clear());
        assertTrue(body.isDone());
        assertEquals(1, small.position());
    }

    @Test
    void extensionsHaveAllowanceThatContentEarnsAgain() {
        String most = ";" + "a".repeat(MAX_EXTENSION - 1);
        assertEquals("|[]|", read("0" + most + "\r\n\r\n"));
        assertThrows(StatusException.class, () -> read("0" + most + "b\r\n\r\n"));
        assertThrows(StatusException.class, () -> read("0 " + most + "\r\n\r\n"), "a blank counts too");
        assertThrows(StatusException.class, () -> read("0;\"" + most + "\"\r\n\r\n"), "and what is quoted");
        // Ten bytes of content earn twenty bytes of extensions.
        String ten = "a" + most + "\r\n0123456789\r\n";
        assertEquals("0123456789|[]|", read(ten + "0;" + "b".repeat(19) + "\r\n\r\n"));
        assertThrows(StatusException.class, () -> read(ten + "0;" + "b".repeat(20) + "\r\n\r\n"));
        // But no more than all of it.
        assertThrows(StatusException.class, () -> read("a\r\n0123456789\r\n0" + most + "b\r\n\r\n"));
    }
}
