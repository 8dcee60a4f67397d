package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonLines out = new JsonLines(bytes);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void lineIsOneObjectWithAKind() throws IOException {
        out.begin("task").put("id", 17).put("name", "fetch").put("share", 0.5).put("asleep", true).end();
        assertEquals("{\"kind\":\"task\",\"id\":17,\"name\":\"fetch\",\"share\":0.5,\"asleep\":true}\n", written());
    }

    @Test
    void objectsAndListsAreValues() throws IOException {
        out.begin("part").beginObject("figures").put("size", 3).endObject();
        out.beginList("holders").item("a").item(2).beginItem().put("id", 1).endObject().endList().end();
        assertEquals(
                "{\"kind\":\"part\",\"figures\":{\"size\":3},\"holders\":[\"a\",2,{\"id\":1}]}\n", written());
    }

    @Test
    void whatIsNotThereIsLeftOut() throws IOException {
        out.begin("task").put("name", (String) null).put("share", Double.NaN).end();
        assertEquals("{\"kind\":\"task\"}\n", written());
    }

    @Test
    void noNameBreaksALineOrReachesATerminalRaw() throws IOException {
        out.begin("task").put("name", "a\"b\\c\nd\u001b[31m\u009b\u007f").end();
        assertEquals(
                "{\"kind\":\"task\",\"name\":\"a\\\"b\\\\c\\u000ad\\u001b[31m\\u009b\\u007f\"}\n", written());
    }

    @Test
    void textOfTenMegabytesIsCut() throws IOException {
        out.begin("task").put("name", "x".repeat(10_000_000)).end();
        assertEquals("{\"kind\":\"task\",\"name\":\"" + "x".repeat(JsonLines.MAX_TEXT) + "\u2026\"}\n", written());
    }

    @Test
    void pairIsNotCutAndASurrogateThatIsAloneIsReplaced() throws IOException {
        out.begin("task").put("name", "x".repeat(JsonLines.MAX_TEXT - 1) + "\ud83e\uddf5").end();
        assertTrue(written().contains("x\u2026"));
        bytes.reset();
        out.begin("task").put("name", "a\ud83eb\uddf5c\ud83e").end();
        assertEquals("{\"kind\":\"task\",\"name\":\"a\ufffdb\ufffdc\ufffd\"}\n", written());
    }

    @Test
    void longLineIsWhatItWouldBeInOnePiece() throws IOException {
        for (String text : new String[]{"x", "\u00e9", "\u2026", "\ud83e\uddf5"}) {
            for (int ahead = 0; ahead < 3; ahead++) {
                String words = "-".repeat(ahead) + text.repeat(JsonLines.MAX_TEXT / 2 / text.length());
                bytes.reset();
                out.begin("task").put("a", words).put("b", words).put("c", words).end();
                assertEquals(
                        "{\"kind\":\"task\",\"a\":\"" + words + "\",\"b\":\"" + words + "\",\"c\":\"" + words
                                + "\"}\n",
                        written());
            }
        }
    }

    @Test
    void lineLeavesNothingToTheCollector() throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var lines = new JsonLines(OutputStream.nullOutputStream());
        long before = 0;
        for (int i = -100; i < 1_000; i++) {
            before = i == 0 ? threads.getCurrentThreadAllocatedBytes() : before;
            lines.begin("task").put("id", i).put("name", "fetch").put("for", "the end of the process").end();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 20_000, () -> allocated + " bytes for 1,000 lines");
    }

    @Test
    void requestIsAVerbAndItsArguments() throws IOException {
        ViewRequest request = ViewRequest.parse("tree name=fetch%2017 max=100 lines=1");
        assertEquals("tree", request.verb());
        assertEquals("fetch 17", request.text("name").orElseThrow());
        assertEquals(100, request.number("max", 1, 1000, 50));
        assertEquals(50, request.number("depth", 1, 1000, 50));
        assertTrue(request.flag("lines"));
    }

    @Test
    void rubbishIsRefusedWithAReason() {
        for (String line : new String[]{"", "GET / HTTP/1.1", "\u0000\u0001", "tree max", "tree a=1 a=2",
                "tree a=%zz"}) {
            assertThrows(BadRequestException.class, () -> ViewRequest.parse(line), line);
        }
        for (String number : new String[]{"0", "1001", "x", "", "99999999999999999999"}) {
            assertThrows(
                    BadRequestException.class,
                    () -> ViewRequest.parse("tree max=" + number).number("max", 1, 1000, 1),
                    number);
        }
    }
}
