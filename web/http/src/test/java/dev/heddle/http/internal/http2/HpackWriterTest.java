package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackContext;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.junit.jupiter.api.Test;

/** Header blocks are short, keep secrets out of tables, and are read by others as they were written. */
final class HpackWriterTest {

    private static final String[] NAMES = {
            "content-type", "X-A", "x-long-name-of-a-field", "Accept", "cookie", "Via", "Date", "Content-Length",
            "Set-Cookie", "authorization", "etag", "x-empty", "Accept-Encoding"
    };

    private final HpackWriter writer = new HpackWriter();

    private byte[] block(String... fields) {
        ByteBuffer out = ByteBuffer.allocate(64 * 1024);
        writer.begin(out);
        for (int i = 0; i < fields.length; i += 2) {
            writer.field(out, fields[i], fields[i + 1]);
        }
        byte[] block = new byte[out.flip().remaining()];
        out.get(block);
        return block;
    }

    private static String hex(byte[] block) {
        return HexFormat.of().formatHex(block);
    }

    @Test
    void fieldsAreWrittenAsTheExamplesOfTheRfcHaveThem() {
        // RFC 7541, appendix C.4.
        String[] first = {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"};
        assertEquals("828684418cf1e3c2e5f23a6ba0ab90f4ff", hex(block(first)));
        String[] second = {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com",
                "cache-control", "no-cache"};
        assertEquals("828684be5886a8eb10649cbf", hex(block(second)));
        String[] third = {":method", "GET", ":scheme", "https", ":path", "/index.html", ":authority",
                "www.example.com", "Custom-Key", "custom-value"};
        assertEquals("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf", hex(block(third)));
    }

    @Test
    void secretIsNeverInATable() {
        for (String name : List.of("Authorization", "proxy-authorization", "Set-Cookie", "cookie")) {
            byte[] first = block(name, "secret");
            assertEquals(0x10, first[0] & 0xf0, name);
            assertEquals(hex(first), hex(block(name, "secret")));
        }
        assertEquals(0x40, block("cookie", "a-long-cookie=that-cannot-be-guessed")[0] & 0xc0);
    }

    @Test
    void whatIsAnotherEachTimeDrivesNothingOut() {
        byte[] first = block("server", "Heddle");
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, block(":path", "/" + i)[0] & 0xf0);
            assertEquals(0, block("Content-Length", Integer.toString(i + 10))[0] & 0xf0);
            assertEquals(0, block("etag", "\"" + i + "\"")[0] & 0xf0);
        }
        assertTrue(first.length > 1);
        assertEquals("be", hex(block("server", "Heddle")));
    }

    @Test
    void tableOfAPeerThatOffersMuchStaysSmall_CVE_2026_93492() {
        writer.limitTable(1 << 30);
        byte[] first = block("x-0", "first");
        assertEquals("be", hex(block("x-0", "first")));
        for (int i = 1; i < 200; i++) {
            block("x-" + i, "value " + i);
        }
        assertEquals(hex(first), hex(block("x-0", "first")));
    }

    @Test
    void statusIsOneByteOrSoonIs() {
        ByteBuffer out = ByteBuffer.allocate(100);
        writer.status(out, 200);
        assertEquals(1, out.position());
        writer.status(out.clear(), 418);
        writer.status(out.clear(), 418);
        assertEquals(1, out.position());
    }

    @Test
    void newSizeOfTheTableIsToldBeforeTheNextFieldAndTheSmallestOneToo() {
        block("x-a", "b");
        writer.limitTable(0);
        writer.limitTable(100);
        assertEquals("203f45", hex(block()));
        assertEquals("", hex(block()));
        assertEquals(0x40, block("x-a", "b")[0] & 0xc0);
        assertEquals("be", hex(block("x-a", "b")));
        writer.limitTable(0);
        assertEquals("20", hex(block()));
        assertEquals(hex(block("x-a", "b")), hex(block("x-a", "b")));
    }

    /** Over many blocks and table sizes, so that one wrong number would turn all that follows. */
    @Test
    void whatIsWrittenIsReadByUsAndByJetty() throws HpackException {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var own = new HpackWriter();
            var reader = new HpackReader(4096);
            var jetty = new HpackDecoder(64 * 1024, () -> 0);
            for (int block = 0; block < 50; block++) {
                ByteBuffer out = ByteBuffer.allocate(64 * 1024);
                if (random.nextInt(10) == 0) {
                    own.limitTable(random.nextInt(5000));
                }
                own.begin(out);
                List<String> fields = new ArrayList<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    String name = NAMES[random.nextInt(NAMES.length)];
                    String value = name.equals("Content-Length")
                            ? "" + random.nextInt(1000)
                            : random.nextBoolean() ? "v" + random.nextInt(20) : text(random);
                    own.field(out, name, value);
                    fields.add(name.toLowerCase() + ": " + value);
                }
                List<String> read = new ArrayList<>();
                reader.read(out.flip(), (name, value) -> read.add(name + ": " + value));
                assertEquals(fields, read, "seed " + seed + ", block " + block);
                try {
                    assertEquals(fields, fields(jetty.decode(out.rewind())), "seed " + seed + ", block " + block);
                } catch (HpackException.StreamException twice) {
                    // Jetty also looks at what fields mean, of which two lengths are none of this.
                    assertTrue(fields.stream().filter(f -> f.startsWith("content-length")).count() > 1);
                }
            }
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(300); i > 0; i--) {
            text.append((char) (random.nextInt(8) == 0 ? 0xa1 + random.nextInt(0x5e) : '!' + random.nextInt(94)));
        }
        return text.toString();
    }

    private static List<String> fields(MetaData data) {
        List<String> fields = new ArrayList<>();
        for (HttpField field : data.getHttpFields()) {
            fields.add(field.getLowerCaseName() + ": " + (field.getValue() == null ? "" : field.getValue()));
        }
        return fields;
    }

    @Test
    void fixedTableIsTheOneOfOthers() {
        var table = new HpackTable(0);
        for (int i = 1; i <= HpackContext.STATIC_SIZE; i++) {
            String[] field = HpackContext.STATIC_TABLE[i];
            assertEquals(field[0], table.name(i));
            assertEquals(field[1] == null ? "" : field[1], table.value(i));
        }
        assertTrue(!table.has(HpackContext.STATIC_SIZE + 1));
    }

    @Test
    void tableThatChangesIsToldOnceAtTheBeginningOfTheNextBlock() {
        assertEquals("82", hex(block(":method", "GET")));
        writer.limitTable(4096);
        assertEquals("82", hex(block(":method", "GET")), "as it was");
        writer.limitTable(100);
        assertEquals("3f4582", hex(block(":method", "GET")));
        assertEquals("82", hex(block(":method", "GET")));
        writer.limitTable(50);
        writer.limitTable(80);
        assertEquals("3f133f3182", hex(block(":method", "GET")), "down to 50 and up to 80");
        writer.limitTable(200);
        assertEquals("3f313fa90182", hex(block(":method", "GET")), "80 was the smallest");
        writer.limitTable(300);
        writer.limitTable(250);
        assertEquals("3fa9013fdb0182", hex(block(":method", "GET")), "200 was");
        writer.limitTable(-1);
        assertEquals("3fdb013fe11f82", hex(block(":method", "GET")), "4096 is all that is used of 2^32-1");
        writer.limitTable(1_000_000);
        assertEquals("82", hex(block(":method", "GET")));
    }

    @Test
    void shortCookieIsNeverSharedAndALongOneIs() {
        assertEquals(0x10, block("cookie", "c".repeat(19))[0] & 0xf0);
        assertEquals(0x40, block("cookie", "c".repeat(20))[0] & 0xc0);
    }

    @Test
    void roomForAMessageIsEnoughWhateverItsFields() {
        Headers none = Headers.of();
        int base = HpackWriter.mostBytes(none);
        assertTrue(base >= 256);
        Headers two = Headers.of("a", "bc", "def", "");
        assertEquals(base + 6 + 2 * 16, HpackWriter.mostBytes(two));
    }
}
