package dev.heddle.cluster.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Short texts in messages: {@code length:2 utf8}. */
final class Texts {

    private static final int MAX_BYTES = 0xffff;

    private Texts() {}

    static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a text of " + bytes.length + " bytes, at most " + MAX_BYTES);
        }
        return bytes;
    }

    static void put(ByteBuffer into, byte[] utf8) {
        into.putShort((short) utf8.length).put(utf8);
    }

    /** @throws java.nio.BufferUnderflowException if it is cut off */
    static String take(ByteBuffer from) {
        byte[] bytes = new byte[Short.toUnsignedInt(from.getShort())];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
