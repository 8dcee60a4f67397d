package dev.heddle.http3.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Frames as hexadecimal digits, for peers that say what they are told. */
final class Blocks {

    private Blocks() {}

    /** A frame of HEADERS: names and values in turn. */
    static String headers(String... fields) {
        ByteBuffer block = ByteBuffer.allocate(4_096);
        QpackWriter.INSTANCE.begin(block);
        for (int i = 0; i < fields.length; i += 2) {
            QpackWriter.INSTANCE.raw(block, fields[i], fields[i + 1]);
        }
        return frame(1, block.flip());
    }

    /** A frame of DATA, of a text in Latin-1. */
    static String data(String text) {
        return frame(0, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String frame(int type, ByteBuffer content) {
        ByteBuffer frame = ByteBuffer.allocate(content.remaining() + 20).put((byte) type);
        VariableLength.write(frame, content.remaining());
        frame.put(content).flip();
        return HexFormat.of().formatHex(frame.array(), 0, frame.limit());
    }
}
