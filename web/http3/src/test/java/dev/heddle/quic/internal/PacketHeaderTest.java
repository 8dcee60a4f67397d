package dev.heddle.quic.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PacketHeaderTest {

    /** RFC 9001, appendix A.2: the first bytes of a client's first packet; behind them 1,182 of its content. */
    private static final byte[] INITIAL = HexFormat.of().parseHex("c300000001088394c8f03e5157080000449e00000002");

    private static PacketHeader read(byte[] bytes) {
        return PacketHeader.read(ByteBuffer.wrap(bytes));
    }

    @Test
    void headerOfTheStandardIsRead() {
        PacketHeader header = read(INITIAL);
        assertNotNull(header);
        assertTrue(header.initial());
        assertEquals(1, header.version());
        assertArrayEquals(HexFormat.of().parseHex("8394c8f03e515708"), header.destination());
        assertEquals(0, header.source().length);
        assertEquals(0, header.token().length);
    }

    /** RFC 9001, appendix A.4: a Retry is no Initial, though it begins a packet with a token. */
    @Test
    void retryIsNoInitial() {
        PacketHeader header = read(HexFormat.of().parseHex("ff000000010008f067a5502a4262b5746f6b656e"));
        assertNotNull(header);
        assertFalse(header.initial());
        assertArrayEquals(HexFormat.of().parseHex("f067a5502a4262b5"), header.source());
    }

    @Test
    void headerThatIsCutOffIsNone() {
        byte[] withToken = HexFormat.of().parseHex("c3000000010211220133400355667744");
        assertArrayEquals(HexFormat.of().parseHex("556677"), read(withToken).token());
        for (int length = 0; length < withToken.length - 1; length++) {
            assertNull(read(java.util.Arrays.copyOf(withToken, length)), "" + length);
        }
    }

    @Test
    void idsOfMoreThanTwentyBytesAreNone() {
        byte[] bytes = new byte[60];
        bytes[0] = (byte) 0xc0;
        bytes[4] = 1;
        bytes[5] = 21;
        assertNull(read(bytes));
    }

    @Test
    void noBytesAreReadWrongly() {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(50)];
            random.nextBytes(bytes);
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            PacketHeader header = PacketHeader.read(packet);
            assertEquals(0, packet.position());
            if (header != null) {
                assertTrue(header.destination().length <= 20 && header.source().length <= 20);
            }
        }
    }
}
