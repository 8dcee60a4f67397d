package dev.heddle.quic.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What anybody may read of a packet with a long header, in any version of QUIC (RFC 8999, section 5.1), and the token of
 * one that begins a connection (RFC 9000, section 17.2.2).
 *
 * @param initial whether it begins a connection; known of the version that is spoken here
 * @param destination the id of the one who is to have it
 * @param source the id of the one who has sent it
 * @param token what the peer was given to prove its address; empty if it has none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PacketHeader(int version, boolean initial, byte[] destination, byte[] source, byte[] token) {

    /** The most bytes of an id (RFC 9000, section 17.2). */
    static final int MAX_ID_BYTES = 20;

    private static final int LONG = 0x80;
    private static final int TYPE = 0x30;
    private static final int INITIAL = 0x00;

    /** Whether the packet at a buffer's beginning has a long header. */
    static boolean isLong(ByteBuffer packet) {
        return packet.remaining() > 0 && (packet.get(packet.position()) & LONG) != 0;
    }

    /** Reads the header at a buffer's position, which stays; null if it is none. */
    static @Nullable PacketHeader read(ByteBuffer packet) {
        ByteBuffer in = packet.duplicate();
        if (in.remaining() < 7) {
            return null;
        }
        byte first = in.get();
        int version = in.getInt();
        byte[] destination = id(in);
        byte[] source = destination == null ? null : id(in);
        if (destination == null || source == null) {
            return null;
        }
        boolean initial = version == Quiche.PROTOCOL_VERSION && (first & TYPE) == INITIAL;
        byte[] token = initial ? token(in) : new byte[0];
        return token == null ? null : new PacketHeader(version, initial, destination, source, token);
    }

    private static byte @Nullable [] id(ByteBuffer in) {
        int length = in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : MAX_ID_BYTES + 1;
        return length > MAX_ID_BYTES ? null : bytes(in, length);
    }

    /** A length as RFC 9000, section 16, has it, and so many bytes. */
    private static byte @Nullable [] token(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return null;
        }
        int first = Byte.toUnsignedInt(in.get());
        int more = (1 << (first >> 6)) - 1;
        if (in.remaining() < more) {
            return null;
        }
        long length = first & 0x3f;
        for (int i = 0; i < more; i++) {
            length = length << 8 | Byte.toUnsignedInt(in.get());
        }
        return length > in.remaining() ? null : bytes(in, (int) length);
    }

    private static byte @Nullable [] bytes(ByteBuffer in, int count) {
        if (in.remaining() < count) {
            return null;
        }
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }
}
