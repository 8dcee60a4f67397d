package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A buffer of bytes that grows up to its bound and no further. */
final class BoundedBytesTest {

    @Test
    void growingDoublesWithinWhatIsNeededAndAllowed() {
        byte[] eight = new byte[8];
        assertEquals(16, BoundedBytes.grown(eight, 0, 100).length);
        assertEquals(20, BoundedBytes.grown(eight, 20, 100).length);
        assertEquals(10, BoundedBytes.grown(eight, 0, 10).length);
        assertEquals(10, BoundedBytes.grown(eight, 20, 10).length);
        assertEquals(16, BoundedBytes.grown(eight, 0, Long.MAX_VALUE).length);
        assertEquals(7, BoundedBytes.grown(new byte[]{7}, 0, 9)[0]);
    }

    @Test
    void whatJustFitsIsReadAndOneByteMoreIsNot() {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        for (int first : new int[]{0, 1, 7, 999, 1000, 1001}) {
            for (int max : new int[]{1000, 1001, 5000}) {
                assertArrayEquals(bytes, read(bytes, first, max));
            }
            assertThrows(IllegalStateException.class, () -> read(bytes, first, 999));
        }
        assertEquals(0, read(new byte[0], 0, 0).length);
    }

    private static byte[] read(byte[] bytes, int first, int max) {
        var source = new ByteArrayInputStream(bytes);
        return BoundedBytes.readAll((target, offset, count) -> source.read(target, offset, Math.min(count, 100)),
                first, 16, max, () -> new IllegalStateException("too long"));
    }
}
