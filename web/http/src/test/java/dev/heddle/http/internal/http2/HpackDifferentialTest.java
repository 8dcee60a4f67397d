package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.junit.jupiter.api.Test;

/** The reader of header blocks beside Jetty's codec: what one writes the other reads, and both refuse the same. */
final class HpackDifferentialTest {

    private static final String[] NAMES = {"content-type", "x-a", "x-long-name-of-a-field", "accept", "cookie", "via"};

    private static List<String> read(HpackReader reader, byte[] block) {
        List<String> fields = new ArrayList<>();
        reader.read(ByteBuffer.wrap(block), (name, value) -> fields.add(name + ": " + value));
        return fields;
    }

    private static String text(Random random, int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            // Jetty's encoder takes what a field may hold, and no blanks at the ends matter to it.
            text.append((char) (random.nextInt(8) == 0 ? 0xa1 + random.nextInt(0x5e) : '!' + random.nextInt(94)));
        }
        return text.toString();
    }

    @Test
    void whatJettyWritesIsReadOverManyBlocksAndTableSizes() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var encoder = new HpackEncoder();
            var reader = new HpackReader(4096);
            for (int block = 0; block < 50; block++) {
                ByteBuffer out = ByteBuffer.allocate(64 * 1024);
                if (random.nextInt(10) == 0) {
                    encoder.encodeMaxDynamicTableSize(out, random.nextInt(4097));
                }
                List<String> fields = new ArrayList<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    String name = NAMES[random.nextInt(NAMES.length)];
                    String value = random.nextBoolean() ? "v" + random.nextInt(20) : text(random, 300);
                    encoder.encode(out, new HttpField(name, value));
                    fields.add(name + ": " + value);
                }
                byte[] bytes = new byte[out.flip().remaining()];
                out.get(bytes);
                assertEquals(fields, read(reader, bytes), "seed " + seed + ", block " + block);
            }
        }
    }

    /** Bytes at random are mostly refused; where both take them, they must have read the same, and stay in step. */
    @Test
    void blocksMadeAtRandomAreReadAlikeOrRefused() {
        int[] counts = new int[2];
        for (int seed = 0; seed < 3_000; seed++) {
            var random = new Random(seed);
            var jetty = new HpackDecoder(8192, () -> 0);
            var reader = new HpackReader(4096);
            for (int i = 0; i < 20; i++) {
                byte[] block = mutated(random);
                List<String> theirs = null;
                try {
                    theirs = fields(jetty.decode(ByteBuffer.wrap(block)));
                } catch (HpackException.StreamException bad) {
                    theirs = List.of("a message that is malformed, in a block that is not");
                } catch (HpackException | RuntimeException refused) {
                    counts[0]++;
                }
                List<String> ours = null;
                try {
                    ours = read(reader, block);
                } catch (Http2Fault refused) {
                    assertEquals(Http2Error.COMPRESSION_ERROR, refused.error());
                }
                if (theirs == null || ours == null) {
                    // Jetty also refuses a block for the size of its fields, which is not for this layer to decide.
                    assertTrue(theirs == null, "seed " + seed + ": only ours refused it");
                    break;
                }
                if (theirs.isEmpty() || !theirs.get(0).startsWith("a message")) {
                    counts[1]++;
                    assertEquals(theirs, ours, "seed " + seed);
                }
            }
        }
        assertTrue(counts[0] > 100 && counts[1] > 100, counts[0] + " refused, " + counts[1] + " read");
    }

    private static byte[] mutated(Random random) {
        ByteBuffer out = ByteBuffer.allocate(8192);
        var encoder = new HpackEncoder();
        for (int i = random.nextInt(6); i > 0; i--) {
            encoder.encode(out, new HttpField(NAMES[random.nextInt(NAMES.length)], "v" + random.nextInt(100)));
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static List<String> fields(MetaData data) {
        List<String> fields = new ArrayList<>();
        for (HttpField field : data.getHttpFields()) {
            fields.add(field.getName() + ": " + (field.getValue() == null ? "" : field.getValue()));
        }
        return fields;
    }

    @Test
    void everyByteSurvivesTheHuffmanCode() {
        for (int symbol = 0x20; symbol < 0x100; symbol++) {
            if (symbol == 0x7f) {
                continue;
            }
            String text = ("a" + (char) symbol + "b" + (char) symbol).repeat(3);
            ByteBuffer out = ByteBuffer.allocate(200);
            org.eclipse.jetty.http.compression.HuffmanEncoder.encode(out, text);
            byte[] target = new byte[200];
            int length = HpackHuffman.read(out, 0, out.position(), target);
            assertEquals(text, new String(target, 0, length, StandardCharsets.ISO_8859_1));
        }
    }

    private static void assertRefused(int... bytes) {
        var block = new ByteArrayOutputStream();
        for (int b : bytes) {
            block.write(b);
        }
        Http2Fault fault = assertThrows(Http2Fault.class, () -> read(new HpackReader(4096), block.toByteArray()));
        assertEquals(Http2Error.COMPRESSION_ERROR, fault.error());
    }

    @Test
    void badNumbersIndexesTextsAndTableSizesAreRefused() {
        assertRefused(0x80);
        assertRefused(0x80 | 62);
        assertRefused(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
        assertRefused(0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0);
        assertRefused(0x3f, 0xe2, 0x1f);
        assertRefused(0x82, 0x20);
        assertRefused(0x00, 0x05, 'a');
        assertRefused(0x00, 0x01, 'a');
        // The end mark, padding of eight bits, padding of zeros.
        assertRefused(0x00, 0x01, 'a', 0x84, 0xff, 0xff, 0xff, 0xff);
        assertRefused(0x00, 0x01, 'a', 0x82, 0x1f, 0xff);
        assertRefused(0x00, 0x01, 'a', 0x81, 0x18);
    }

    @Test
    void numberOfFiveBytesIsTakenIfItFits() {
        byte[] block = {0x3f, (byte) 0xe1, 0x1f};
        assertEquals(List.of(), read(new HpackReader(4096), block));
    }
}
