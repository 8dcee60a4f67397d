package dev.heddle.http.internal.websocket;

import java.nio.ByteBuffer;

/**
 * The head of a frame (RFC 6455, section 5.2): written by {@link #write}, read into one object that is used again and
 * again.
 *
 * <pre>
 *   FIN RSV1 RSV2 RSV3 opcode(4) │ MASK length(7) │ length(0, 16 or 64) │ mask(0 or 32)
 * </pre>
 */
public final class FrameHead {

    static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** Set in the first byte of a message's last frame. */
    static final int FIN = 0x80;

    /** Set in the first byte of a compressed message (RFC 7692, section 6). */
    static final int RSV1 = 0x40;

    public static final int MAX_BYTES = 14;
    static final int MAX_CONTROL_BYTES = 125;

    private static final int MASKED = 0x80;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    int opcode;
    boolean fin;
    boolean rsv1;
    long length;

    /** 0 if there is none. */
    int mask;

    /**
     * Judges the first two bytes.
     *
     * @param fromClient whether frames must be masked, or must not be
     * @return the bytes of the whole head
     */
    static int sizeOf(int first, int second, boolean fromClient) {
        int opcode = first & 0xf;
        int length = second & 0x7f;
        if ((first & 0x30) != 0) {
            throw protocolError("a reserved bit");
        }
        if ((opcode > BINARY && opcode < CLOSE) || opcode > PONG) {
            throw protocolError("the reserved opcode " + opcode);
        }
        if (opcode >= CLOSE) {
            if ((first & FIN) == 0) {
                throw protocolError("a control frame in fragments");
            }
            if (length > MAX_CONTROL_BYTES) {
                throw protocolError("a control frame of more than " + MAX_CONTROL_BYTES + " bytes");
            }
            if ((first & RSV1) != 0) {
                throw protocolError("a reserved bit");
            }
        }
        boolean masked = (second & MASKED) != 0;
        if (masked != fromClient) {
            throw protocolError(masked ? "a masked frame as a server" : "a frame without a mask as a client");
        }
        return 2 + (length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0) + (masked ? 4 : 0);
    }

    /** Reads a whole head, whose first two bytes have been judged. */
    void read(ByteBuffer in) {
        int first = in.get();
        int second = in.get();
        opcode = first & 0xf;
        fin = (first & FIN) != 0;
        rsv1 = (first & RSV1) != 0;
        length = second & 0x7f;
        if (length == TWO_BYTES) {
            length = in.getShort() & 0xffff;
            checkMinimal(TWO_BYTES);
        } else if (length == EIGHT_BYTES) {
            length = in.getLong();
            if (length < 0) {
                throw protocolError("a length of more than 63 bits");
            }
            checkMinimal(0x10000);
        }
        mask = (second & MASKED) == 0 ? 0 : in.getInt();
    }

    private void checkMinimal(int least) {
        if (length < least) {
            throw protocolError("a length in more bytes than it needs");
        }
    }

    /**
     * Writes a head; the array has {@link #MAX_BYTES} of room.
     *
     * @param first opcode, FIN and RSV1
     * @return the bytes written
     */
    public static int write(byte[] target, int first, int length, boolean masked, int mask) {
        int at = 0;
        int maskBit = masked ? MASKED : 0;
        target[at++] = (byte) first;
        if (length < TWO_BYTES) {
            target[at++] = (byte) (maskBit | length);
        } else if (length < 0x10000) {
            target[at++] = (byte) (maskBit | TWO_BYTES);
            target[at++] = (byte) (length >> 8);
            target[at++] = (byte) length;
        } else {
            target[at++] = (byte) (maskBit | EIGHT_BYTES);
            for (int shift = 56; shift >= 0; shift -= 8) {
                target[at++] = (byte) ((long) length >> shift);
            }
        }
        if (masked) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                target[at++] = (byte) (mask >> shift);
            }
        }
        return at;
    }

    private static WebSocketViolation protocolError(String what) {
        return WebSocketViolation.of(CloseCodes.PROTOCOL_ERROR, what);
    }
}
