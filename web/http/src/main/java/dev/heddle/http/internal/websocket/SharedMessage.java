package dev.heddle.http.internal.websocket;

import org.jspecify.annotations.Nullable;

/** A message that a server sends to many: made into a frame once, and compressed once. */
public final class SharedMessage {

    /** Made once for all, so it is the middle between fast and small. */
    private static final int LEVEL = 6;

    private final int opcode;
    private final byte[] payload;
    private byte @Nullable [] frame;
    private byte @Nullable [] deflatedFrame;

    public SharedMessage(int opcode, byte[] payload) {
        this.opcode = opcode;
        this.payload = payload;
    }

    int opcode() {
        return opcode;
    }

    byte[] payload() {
        return payload;
    }

    /** The frame; the caller does not change it. */
    byte[] frame() {
        byte[] made = frame;
        if (made == null) {
            made = frame(FrameHead.FIN | opcode, payload);
            frame = made;
        }
        return made;
    }

    /**
     * The frame, compressed without regard to what any peer has got before. The caller does not change it, and has a
     * compressor with context forget what came before.
     */
    byte[] deflatedFrame() {
        byte[] made = deflatedFrame;
        if (made == null) {
            byte[] deflated = new MessageDeflater(LEVEL, false, DeflateTerms.FULL_WINDOW)
                    .deflate(payload, 0, payload.length, true);
            made = frame(FrameHead.FIN | FrameHead.RSV1 | opcode, deflated);
            deflatedFrame = made;
        }
        return made;
    }

    private static byte[] frame(int bits, byte[] payload) {
        byte[] head = new byte[FrameHead.MAX_BYTES];
        int size = FrameHead.write(head, bits, payload.length, false, 0);
        byte[] frame = new byte[size + payload.length];
        System.arraycopy(head, 0, frame, 0, size);
        System.arraycopy(payload, 0, frame, size, payload.length);
        return frame;
    }
}
