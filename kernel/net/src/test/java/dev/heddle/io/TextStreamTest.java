package dev.heddle.io;

import static dev.heddle.io.Fixtures.bytes;
import static dev.heddle.io.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.internal.BufferPool;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Text over a stream of bytes, strict or replacing, and never with half a character. */
final class TextStreamTest {

    private static final String TEXT = "a\u00e4\u20ac\ud83d\ude00z";

    private static void withPair(Fixtures.StreamBody body) {
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                body.run(pair.left(), pair.right());
            }
            assertEquals(0, BufferPool.current().borrowed(), "buffers left over");
        });
    }

    @Test
    void characterIsNeverCutWhereverTheBytesAre() {
        for (String charset : List.of("UTF-8", "UTF-16", "CESU-8", "GB18030")) {
            sendInPieces(Charset.forName(charset));
        }
    }

    private static void sendInPieces(Charset charset) {
        withPair((left, right) -> {
            TextStream text = TextStream.strict(right, charset);
            Task<String> reader = Heddle.spawn(() -> {
                StringBuilder seen = new StringBuilder();
                for (String piece : text) {
                    assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
                    seen.append(piece);
                }
                return seen.toString();
            });
            for (byte b : TEXT.getBytes(charset)) {
                left.write(new byte[]{b});
                letOthersRun();
            }
            left.closeOutput();

            assertEquals(TEXT, reader.join());
        });
    }

    @Test
    void textGoesThereAndBackInOtherCharsets() {
        withPair((left, right) -> {
            TextStream there = TextStream.strict(left, StandardCharsets.UTF_16LE);
            TextStream here = TextStream.strict(right, StandardCharsets.UTF_16LE);
            there.send(TEXT);
            there.closeOutput();

            assertEquals(TEXT, here.receive().orElseThrow());
            assertEquals(Optional.empty(), here.receive());
            assertTrue(here.toString().contains("UTF-16LE"));
            here.close();
            assertFalse(right.isOpen());
        });
    }

    @Test
    void strictTextIsGivenUpToWhatIsNoneAndThenRefused() {
        withPair((left, right) -> {
            left.write(new byte[]{'o', 'k', (byte) 0xFF, 'x'});
            TextStream text = TextStream.strict(right, StandardCharsets.UTF_8);

            assertEquals("ok", text.receive().orElseThrow());
            var e = assertThrows(MalformedMessageException.class, text::receive);
            assertTrue(e.getMessage().contains("255"));
            assertThrows(MalformedMessageException.class, text::receive, "it stays unread");
        });
    }

    @Test
    void characterCutByTheEndIsRefusedOrReplaced() {
        for (int i = 0; i < 2; i++) {
            withPair((left, right) -> {
                left.write(new byte[]{'a', (byte) 0xE2, (byte) 0x82});
                left.closeOutput();
                TextStream text = TextStream.strict(right, StandardCharsets.UTF_8);

                assertEquals("a", text.receive().orElseThrow());
                assertThrows(MalformedMessageException.class, text::receive);
                assertThrows(MalformedMessageException.class, text::receive);
            });
        }
        withPair((left, right) -> {
            left.write(new byte[]{'a', (byte) 0xE2, (byte) 0x82});
            left.closeOutput();
            TextStream text = TextStream.replacing(right, StandardCharsets.UTF_8);

            assertEquals("a", text.receive().orElseThrow());
            assertEquals("\ufffd", text.receive().orElseThrow());
            assertEquals(Optional.empty(), text.receive());
        });
    }

    @Test
    void replacingTextPutsAMarkForWhatIsNone() {
        withPair((left, right) -> {
            left.write(new byte[]{'a', (byte) 0xFF, 'b'});

            assertEquals("a\ufffdb", TextStream.replacing(right, StandardCharsets.UTF_8).receive().orElseThrow());
        });
    }

    @Test
    void whatTheCharsetLacksIsRefusedOrReplacedWhenSent() {
        withPair((left, right) -> {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> TextStream.strict(left, StandardCharsets.ISO_8859_1).send("\u20ac"));
            TextStream.replacing(left, StandardCharsets.ISO_8859_1).send("\u20ac1");
            assertEquals("?1", Fixtures.text(right.readExactly(2)));
        });
    }

    @Test
    void cancelledReceiveHasTakenNothing() {
        withPair((left, right) -> {
            TextStream text = TextStream.strict(right, StandardCharsets.UTF_8);
            left.write(new byte[]{(byte) 0xE2, (byte) 0x82});
            Task<?> reader = Heddle.spawn(text::receive);
            letOthersRun();
            reader.cancel("enough");
            assertThrows(TaskCancelledException.class, reader::join);

            left.write(new byte[]{(byte) 0xAC});

            assertEquals("\u20ac", text.receive().orElseThrow());
        });
    }

    @Test
    void byteOrderMarkOfACharsetIsSentOnce() {
        withPair((left, right) -> {
            TextStream there = TextStream.strict(left, StandardCharsets.UTF_16);
            TextStream here = TextStream.strict(right, StandardCharsets.UTF_16);
            there.send("one ");
            there.send("");
            there.send("two");
            there.closeOutput();

            StringBuilder seen = new StringBuilder();
            for (String piece : here) {
                seen.append(piece);
            }
            assertEquals("one two", seen.toString());
        });
    }

    @Test
    void textsOfACharsetWithShiftsStandByThemselves() {
        for (String name : List.of("ISO-2022-KR", "ISO-2022-JP", "x-ISO-2022-CN-GB", "x-IBM930")) {
            Charset charset = Charset.forName(name);
            String wide = name.contains("KR") ? "\ud55c\uad6d" : "\u65e5\u672c";
            withPair((left, right) -> {
                TextStream there = TextStream.strict(left, charset);
                for (String text : List.of("A", wide, "B", "", wide, wide + "C")) {
                    there.send(text);
                }
                there.closeOutput();

                assertEquals("A" + wide + "B" + wide + wide + "C", new String(right.readAll(1000), charset), name);
            });
        }
    }
}
