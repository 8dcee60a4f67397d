package dev.heddle.http.internal.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are inflated with one context, one after the other. */
final class MessageInflaterTest {

    private static final String HELLO = "000500faff48656c6c6f00";

    private final MessageInflater inflater = new MessageInflater(true);

    private String message(byte[] bytes) {
        var out = new StringBuilder();
        byte[] some = new byte[64];
        inflater.begin();
        inflater.feed(bytes, bytes.length);
        do {
            for (int came; (came = inflater.inflate(some, 0, some.length)) > 0;) {
                out.append(new String(some, 0, came, ISO_8859_1));
            }
        } while (inflater.feedTail());
        inflater.checkEnd();
        inflater.end();
        return out.toString();
    }

    private String message(String hex) {
        return message(HexFormat.of().parseHex(hex));
    }

    /** A final block without the byte behind it, half a block of codes, half the head of a stored or a coded one. */
    @ParameterizedTest
    @ValueSource(strings = {"f348cdc9c90700", "f248cd", "f248cdc9c9", "0005", "000500", "02", "05",
            "c42c"})
    void messageThatEndsInsideOfABlockIsRefused_CVE_2026_87022(String hex) {
        assertThrows(WebSocketViolation.class, () -> message(hex));
    }

    @Test
    void nothingOfAMessageIsTakenFromTheNext_CVE_2026_87022() {
        var random = new Random(1);
        var deflater = new Deflater(6, true);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 12)];
            random.nextBytes(bytes);
            if (i % 4 == 1) {
                // The head of a block with its own codes.
                bytes[0] = (byte) (bytes[0] & ~7 | 4);
            }
            if (i % 2 == 0) {
                deflater.reset();
                deflater.setInput(
                        "abcabcabcabc the quick brown fox".substring(random.nextInt(20)).getBytes(ISO_8859_1));
                byte[] whole = new byte[100];
                int length = deflater.deflate(whole, 0, whole.length, Deflater.SYNC_FLUSH) - 4;
                bytes = Arrays.copyOf(whole, random.nextInt(1, length + 1));
            }
            try {
                message(bytes);
                taken++;
            } catch (WebSocketViolation refused) {
                inflater.free();
                continue;
            }
            assertEquals("Hello", message(HELLO), HexFormat.of().formatHex(bytes));
        }
        deflater.end();
        inflater.free();
        assertTrue(taken > 500, taken + " messages");
    }

    @Test
    void messagesReferToThoseBeforeAndAFinalBlockEndsThat() {
        var deflater = new Deflater(6, true);
        for (int i = 0; i < 3; i++) {
            deflater.setInput("the same words again".getBytes(ISO_8859_1));
            byte[] out = new byte[100];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4;
            assertEquals(i == 0, length > 15);
            assertEquals("the same words again", message(Arrays.copyOf(out, length)));
        }
        deflater.end();
        assertEquals("Hello", message("f348cdc9c9070000"));
        assertEquals("Hello", message(HELLO));
        inflater.free();
    }
}
