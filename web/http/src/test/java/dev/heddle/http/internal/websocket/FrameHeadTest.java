package dev.heddle.http.internal.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of WebSocket frames (RFC 6455, section 5.2) and the codes of a close, at each of their limits. */
final class FrameHeadTest {

    private static int sizeOf(String hex, boolean fromClient) {
        byte[] head = HexFormat.of().parseHex(hex);
        return FrameHead.sizeOf(head[0], head[1], fromClient);
    }

    @ParameterizedTest
    @CsvSource({
            "8200, false, 2", "827d, false, 2", "827e, false, 4", "827f, false, 10", "8280, true, 6", "82fe, true, 8",
            "82ff, true, 14", "0000, false, 2", "c100, false, 2", "887d, false, 2", "8900, false, 2", "8afd, true, 6"})
    void twoBytesTellHowLongTheHeadIs(String hex, boolean fromClient, int size) {
        assertEquals(size, sizeOf(hex, fromClient));
    }

    @ParameterizedTest
    @CsvSource({
            "a200, false", "9200, false", "8300, false", "8700, false", "8b00, false", "8f00, false", "0800, false",
            "0900, false", "887e, false", "897f, false", "c800, false", "ca00, false", "8280, false", "8200, true"})
    void wrongHeadsAreViolations(String hex, boolean fromClient) {
        assertEquals(
                CloseCodes.PROTOCOL_ERROR,
                assertThrows(WebSocketViolation.class, () -> sizeOf(hex, fromClient)).code());
    }

    @Test
    void violationSaysWhoMustMask() {
        String server = assertThrows(WebSocketViolation.class, () -> sizeOf("8280", false)).getMessage();
        assertTrue(server.contains("a masked frame as a server"), server);
        String client = assertThrows(WebSocketViolation.class, () -> sizeOf("8200", true)).getMessage();
        assertTrue(client.contains("a frame without a mask as a client"), client);
    }

    private static FrameHead read(String hex) {
        var head = new FrameHead();
        ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        head.read(in);
        assertFalse(in.hasRemaining());
        return head;
    }

    @ParameterizedTest
    @CsvSource({
            "8200, 0, 0", "827d, 125, 0", "827e007e, 126, 0", "827effff, 65535, 0", "827f0000000000010000, 65536, 0",
            "827f7fffffffffffffff, 9223372036854775807, 0", "828001020304, 0, 16909060",
            "82fe007e01020304, 126, 16909060", "82ff000000000001000001020304, 65536, 16909060"})
    void lengthAndMaskAreRead(String hex, long length, int mask) {
        FrameHead head = read(hex);
        assertEquals(length, head.length);
        assertEquals(mask, head.mask);
        assertEquals(FrameHead.BINARY, head.opcode);
        assertTrue(head.fin);
        assertFalse(head.rsv1);
    }

    @Test
    void bitsOfTheFirstByteAreRead() {
        FrameHead head = read("4100");
        assertEquals(1, head.opcode);
        assertFalse(head.fin);
        assertTrue(head.rsv1);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "827e0000", "827e007d", "827f0000000000000000", "827f000000000000ffff", "827f8000000000000000",
            "827fffffffffffffffff"})
    void lengthsInOtherFormsAreViolations(String hex) {
        assertThrows(WebSocketViolation.class, () -> read(hex));
    }

    @Test
    void negativeLengthIsToldAsWhatItIs() {
        String told = assertThrows(WebSocketViolation.class, () -> read("827f8000000000000000")).getMessage();
        assertTrue(told.contains("more than 63 bits"), told);
    }

    @ParameterizedTest
    @CsvSource({
            "999, false", "1000, true", "1003, true", "1004, false", "1005, false", "1006, false", "1007, true",
            "1014, true", "1015, false", "2999, false", "3000, true", "4999, true", "5000, false", "0, false"})
    void closeCodesAreThoseOfTheRegistryAndOfPrograms(int code, boolean valid) {
        assertEquals(valid, CloseCodes.isValid(code));
    }
}
