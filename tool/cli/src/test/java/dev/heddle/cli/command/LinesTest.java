package dev.heddle.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes become lines of bounded length however they arrive. */
final class LinesTest {

    /** At most so many bytes in each read. */
    private static List<String> lines(byte[] bytes, int atOnce) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] target) {
                return super.read(target, 0, Math.min(atOnce, target.length));
            }
        };
        Lines lines = new Lines(in);
        List<String> all = new ArrayList<>();
        while (!lines.ended()) {
            all.addAll(lines.next());
        }
        return all;
    }

    private static List<String> lines(String text) throws IOException {
        return lines(text.getBytes(UTF_8), Integer.MAX_VALUE);
    }

    @Test
    void lastLineNeedsNoEnd() throws IOException {
        assertEquals(List.of("a", "b"), lines("a\nb"));
        assertEquals(List.of("a", "b"), lines("a\nb\n"));
        assertEquals(List.of(), lines(""));
    }

    @Test
    void carriageReturnsBelongToTheLineEnd() throws IOException {
        assertEquals(List.of("a", "", "b\rc"), lines("a\r\n\r\nb\rc\r\n"));
    }

    @Test
    void byteOrderMarkIsDropped() throws IOException {
        assertEquals(List.of("a", "\uFEFFb"), lines("\uFEFFa\n\uFEFFb"));
    }

    @Test
    void linesAreTheSameHoweverTheBytesArrive() throws IOException {
        byte[] bytes = "http://b\u00fccher/\r\n\ud83d\ude00\nlast".getBytes(UTF_8);
        for (int atOnce = 1; atOnce <= bytes.length; atOnce++) {
            assertEquals(List.of("http://b\u00fccher/", "\ud83d\ude00", "last"), lines(bytes, atOnce));
        }
    }

    @Test
    void bytesThatAreNoUtf8BecomeTheReplacementCharacter() throws IOException {
        assertEquals(List.of("a\uFFFDb"), lines(new byte[]{'a', (byte) 0xFF, 'b'}, 10));
    }

    @Test
    void endlessLineIsCutAndTheNextOneIsWhole() throws IOException {
        List<String> lines = lines("x".repeat(1_000_000) + "\nnext\n");

        assertEquals(Lines.MAX_BYTES + 1, lines.getFirst().length());
        assertEquals("next", lines.getLast());
    }

    @Test
    void lineThatJustFitsIsWhole() throws IOException {
        String line = "x".repeat(Lines.MAX_BYTES);

        assertEquals(List.of(line), lines(line + "\n"));
        assertEquals(List.of(line), lines(line + "\r\n"));
    }
}
