package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.FrameWire;
import dev.heddle.http.Frames;
import dev.heddle.http.FuzzBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What must hold for any bytes that are to be frames or header blocks of HTTP/2. */
public final class Http2Fuzz {

    private Http2Fuzz() {}

    /** Frames of HTTP/2 are read the same however they are cut. */
    public static void http2Frames(byte[] bytes) {
        List<String> whole = Frames.read(bytes, () -> Math.max(1, bytes.length));
        for (int cut : FuzzBytes.cuts(bytes)) {
            assertEquals(whole, Frames.read(bytes, () -> cut));
        }
    }

    /**
     * Two header blocks, one behind the other, are read, or refused for what they are; fields are read again as they
     * are written.
     */
    public static void headerBlocks(byte[] bytes) {
        int cut = bytes.length == 0 ? 0 : Math.min(bytes.length - 1, bytes[0] & 0xff);
        var reader = new HpackReader(4096);
        try {
            for (byte[] block : List.of(
                    Arrays.copyOfRange(bytes, Math.min(1, bytes.length), Math.min(bytes.length, 1 + cut)),
                    Arrays.copyOfRange(bytes, Math.min(bytes.length, 1 + cut), bytes.length))) {
                var fields = new ArrayList<String>();
                reader.read(ByteBuffer.wrap(block), (name, value) -> fields.addAll(List.of(name, value)));
                var again = new ArrayList<String>();
                new HpackReader(4096).read(ByteBuffer.wrap(FrameWire.literal(fields.toArray(String[]::new))),
                        (name, value) -> again.addAll(List.of(name, value)));
                assertEquals(fields, again);
            }
        } catch (Http2Fault e) {
            assertEquals(Http2Error.COMPRESSION_ERROR, e.error());
            assertEquals(0, e.stream());
        }
    }
}
