package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.internal.codec.RecentValues;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Header blocks at their edges: numbers, texts, and tables that change their size. */
final class HpackReaderTest {

    private final HpackReader reader = new HpackReader(4096);

    private static String read(HpackReader reader, String hex) {
        List<String> fields = new ArrayList<>();
        reader.read(
                ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))),
                (name, value) -> fields.add(name + ": " + value));
        return String.join(", ", fields);
    }

    private static void refused(HpackReader reader, String hex) {
        Http2Fault fault = assertThrows(Http2Fault.class, () -> read(reader, hex), hex);
        assertEquals(0, fault.stream());
        assertEquals(Http2Error.COMPRESSION_ERROR, fault.error());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "82 | :method: GET",
            "bd | www-authenticate: ",
            "00 01 61 01 62 | a: b",
            "10 01 61 00 | a: ",
            "02 01 62 | :method: b",
            "0f 00 01 62 | accept-charset: b",
            "0f 2e 01 62 | www-authenticate: b",
            "40 01 61 01 62 be | a: b, a: b",
            "40 01 61 01 62 7e 01 63 be bf | a: b, a: c, a: c, a: b",
            "00 81 1f 00 | a: ",
            "ff 80 80 80 80 00 | ''",
            "20 82 | :method: GET",
            "3f e1 1f 82 | :method: GET",
            "3f e1 1f 20 82 | :method: GET"})
    void blocksAreReadAsTheRfcHasThem(String hex, String fields) {
        if (fields.isEmpty()) {
            refused(reader, hex); // entry 127, which is not there
        } else {
            assertEquals(fields, read(reader, hex).strip());
        }
    }

    @ParameterizedTest
    @CsvSource({
            "80", // the number 0
            "be", // one that is not there
            "7e 01 61", "0f 2f 01 61",
            "82 20", // a change of size behind a field
            "3f e2 1f", // beyond what was announced
            "ff", "7f", "3f", "ff 80", // ends in a number
            "ff 80 80 80 80 80 00", "ff ff ff ff ff 7f", "ff 80 80 80 80 08", "ff 81 ff ff ff 07",
            "40", "00", "02", "00 01 61", "00 02 61", "00 01 61 02 62", // ends in a field
            "00 82 1f 00", "00 81 1e 00"}) // not in the code
    void malformedBlocksAreRefused(String hex) {
        refused(reader, hex);
    }

    @Test
    void numbersReachAsFarAsAnInt() {
        Http2Fault largest = assertThrows(Http2Fault.class, () -> read(reader, "ff 80 ff ff ff 07"));
        assertTrue(largest.getMessage().contains("entry 2147483647 "), largest.getMessage());
        Http2Fault beyond = assertThrows(Http2Fault.class, () -> read(reader, "ff 81 ff ff ff 07"));
        assertTrue(beyond.getMessage().contains("a number is too large"), beyond.getMessage());
    }

    @Test
    void smallerTableForgetsWhatHasNoRoom() {
        read(reader, "40 01 61 01 62 40 01 63 01 64"); // 34 bytes each
        assertEquals("c: d, a: b", read(reader, "3f 25 be bf"), "there is room for both in 68");
        refused(reader, "3f 24 be bf");
        assertEquals("c: d", read(reader, "be"), "one of 67 has the latest");
        assertEquals("", read(reader, "20"));
        refused(reader, "be");
    }

    @Test
    void fieldLargerThanTheTableEmptiesIt() {
        read(reader, "3f 03"); // 34 bytes
        assertEquals("a: b, a: b", read(reader, "40 01 61 01 62 be"));
        assertEquals("a: bc", read(reader, "40 01 61 02 62 63"));
        refused(reader, "be");
    }

    @Test
    void tableThatWasAnnouncedSmallerIsMadeSmallerByTheNextBlock() {
        var small = new HpackReader(100);
        assertEquals("a: b", read(small, "3f e1 1f 40 01 61 01 62"), "4096 until it knows");
        small.acknowledged();
        refused(small, "82");
        refused(small, "3f 46"); // 101
        assertEquals("a: b", read(small, "3f 45 be")); // 100
        assertEquals("a: b", read(small, "be"), "once");
    }

    @Test
    void tableThatIsNotLargerNeedsNoChange() {
        reader.acknowledged();
        assertEquals(":method: GET", read(reader, "82"));
    }

    @Test
    void valueThatIsWrittenOutAgainIsNotMadeAnew() {
        assertSame(coded(54, "nginx/1.2"), coded(54, "nginx/1.2"));
        assertNotSame(coded(32, "secret=1"), coded(32, "secret=1"));
        assertNotSame(coded(55, "secret=1"), coded(55, "secret=1"));
    }

    @Test
    void valueThatChangesIsReadAsItComes() {
        String longest = "y".repeat(RecentValues.MAX_BYTES * 8 / 7);
        for (String value : List.of("a", "a", "ab", "a", "", "", "b", longest, longest, longest + "z", "a", "\u00e4",
                "a")) {
            assertEquals(value, coded(54, value));
            assertEquals(value, coded(54, value));
            assertEquals("server: " + value, read(reader, "0f 27 " + lengthAndHex(value)));
        }
        assertEquals("server: a", read(reader, "0f 27 81 1f"));
        assertEquals("server: \u001f", read(reader, "0f 27 01 1f"), "the same byte, but not in the code");
    }

    /** The value of a fixed field that is written out in its code. */
    private String coded(int index, String value) {
        ByteBuffer block = ByteBuffer.allocate(value.length() * 4 + 10).put((byte) 0x0f).put((byte) (index - 15));
        int length = HpackHuffman.length(value);
        int at = block.position();
        putLength(block, length);
        block.put(at, (byte) (block.get(at) | 0x80));
        HpackHuffman.write(value, block);
        List<String> values = new ArrayList<>();
        reader.read(block.flip(), (name, read) -> values.add(read));
        return values.getFirst();
    }

    private static String lengthAndHex(String value) {
        ByteBuffer text = ByteBuffer.allocate(value.length() + 5);
        putLength(text, value.length());
        text.put(value.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().formatHex(text.array(), 0, text.position());
    }

    @Test
    void longTextsAreReadWhateverCameBefore() {
        for (int length : new int[]{1, 255, 256, 257, 600, 4_095, 4_096, 4_097, 20_000, 3}) {
            String value = "v".repeat(length);
            ByteBuffer block = ByteBuffer.allocate(length + 10).put((byte) 0).put((byte) 1).put((byte) 'a');
            putLength(block, length);
            block.put(value.getBytes(StandardCharsets.ISO_8859_1)).flip();
            reader.read(block, (name, read) -> assertEquals(value, read));
        }
    }

    private static void putLength(ByteBuffer out, int length) {
        if (length < 127) {
            out.put((byte) length);
            return;
        }
        out.put((byte) 127);
        int rest = length - 127;
        for (; rest >= 128; rest >>>= 7) {
            out.put((byte) (rest | 128));
        }
        out.put((byte) rest);
    }
}
