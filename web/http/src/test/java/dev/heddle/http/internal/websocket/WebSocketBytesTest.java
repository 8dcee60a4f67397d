package dev.heddle.http.internal.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.internal.syntax.Utf8Check;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Masks and UTF-8, eight bytes at a time, against the plain way. */
final class WebSocketBytesTest {

    @Test
    void maskIsTheSameInOneStepAndInMany() {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            int mask = random.nextInt(5) == 0 ? 0 : random.nextInt();
            byte[] plain = bytes.clone();
            for (int i = 0; i < plain.length; i++) {
                plain[i] ^= (byte) (mask >>> (24 - 8 * (i % 4)));
            }
            byte[] once = bytes.clone();
            FrameMask.apply(once, 0, once.length, mask);
            assertArrayEquals(plain, once);
            byte[] pieces = bytes.clone();
            int rest = mask;
            for (int at = 0; at < pieces.length;) {
                int count = Math.min(pieces.length - at, 1 + random.nextInt(20));
                rest = FrameMask.apply(pieces, at, count, rest);
                at += count;
            }
            assertArrayEquals(plain, pieces);
        }
    }

    @Test
    void masksAreFresh() {
        var masks = new FrameMask();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            seen.add(masks.next());
        }
        assertEquals(1000, seen.size(), 1.0);
        assertNotEquals(new FrameMask().next(), new FrameMask().next());
    }

    @Test
    void everyCharacterIsAcceptedHoweverItIsCut() {
        var check = new Utf8Check();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < 0xd800 || c > 0xdfff) {
                byte[] bytes = Character.toString(c).getBytes(UTF_8);
                for (byte b : bytes) {
                    if (!check.accept(new byte[]{b}, 0, 1)) {
                        throw new AssertionError(Integer.toHexString(c));
                    }
                }
                assertTrue(check.isComplete());
            }
        }
    }

    @Test
    void judgementIsThatOfTheJdk() {
        var random = new Random(7);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = ("abcdefghijkl".substring(random.nextInt(12)) + "é€🌍").getBytes(UTF_8);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int end = bytes.length - random.nextInt(4);
            int cut = random.nextInt(end + 1);
            var check = new Utf8Check();
            boolean good = check.accept(bytes, 0, cut) && check.accept(bytes, cut, end - cut) && check.isComplete();
            assertEquals(isUtf8(bytes, end), good, () -> HexFormat.of().formatHex(bytes, 0, end));
        }
    }

    private static boolean isUtf8(byte[] bytes, int end) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
