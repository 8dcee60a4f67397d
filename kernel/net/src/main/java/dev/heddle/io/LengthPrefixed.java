package dev.heddle.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The framing of messages with a fixed-size length before each. Made by {@link Framing#lengthPrefixed}.
 *
 * <p>Threads: any. Cancellation: as {@link Framing}. To test code that uses it, play the peer at the other end of
 * {@link MemoryStreams#pair()}.
 *
 * @param prefixBytes how many bytes the length takes: 1, 2 or 4; unsigned
 * @param maxBytes the longest message, the prefix not counted
 * @param order the byte order of the length
 * @param countsItself whether the length counts the prefix too
 */
public record LengthPrefixed(int prefixBytes, int maxBytes, ByteOrder order, boolean countsItself) implements Framing {

    public LengthPrefixed {
        if (prefixBytes != 1 && prefixBytes != 2 && prefixBytes != 4) {
            throw new IllegalArgumentException("prefixBytes is " + prefixBytes + ", must be 1, 2 or 4");
        }
        FrameBounds.checkMax(maxBytes);
        long most = (1L << (8 * prefixBytes)) - 1 - (countsItself ? prefixBytes : 0);
        if (maxBytes > most) {
            throw new IllegalArgumentException(
                    "maxBytes is " + maxBytes + ", but a length of " + prefixBytes + " bytes counts only to " + most);
        }
    }

    /** The same with another byte order of the length. */
    public LengthPrefixed withOrder(ByteOrder order) {
        return new LengthPrefixed(prefixBytes, maxBytes, order, countsItself);
    }

    /** The same with a length that counts the prefix too, or does not. */
    public LengthPrefixed withCountsItself(boolean countsItself) {
        return new LengthPrefixed(prefixBytes, maxBytes, order, countsItself);
    }

    @Override
    public Optional<byte[]> receive(ByteStream stream) {
        if (!stream.fill().hasRemaining()) {
            return Optional.empty();
        }
        long length = length(FrameBounds.gather(stream, prefixBytes)) - (countsItself ? prefixBytes : 0);
        if (length < 0) {
            throw new MalformedMessageException(stream.remoteAddress() + " sent a length of "
                    + (length + prefixBytes) + ", which does not even count its own " + prefixBytes + " bytes");
        }
        if (length > maxBytes) {
            throw FrameBounds.tooLong(length, maxBytes);
        }
        ByteBuffer frame = FrameBounds.gather(stream, prefixBytes + (int) length);
        return Optional.of(FrameBounds.take(stream, frame, prefixBytes, (int) length, 0));
    }

    private long length(ByteBuffer bytes) {
        long length = 0;
        for (int i = 0; i < prefixBytes; i++) {
            int index = order == ByteOrder.BIG_ENDIAN ? i : prefixBytes - 1 - i;
            length = (length << 8) | Byte.toUnsignedInt(bytes.get(bytes.position() + index));
        }
        return length;
    }

    @Override
    public void send(ByteStream stream, byte[] message) {
        FrameBounds.checkLength(message, maxBytes);
        long length = message.length + (countsItself ? (long) prefixBytes : 0);
        byte[] prefix = new byte[prefixBytes];
        for (int i = 0; i < prefixBytes; i++) {
            int index = order == ByteOrder.BIG_ENDIAN ? prefixBytes - 1 - i : i;
            prefix[index] = (byte) (length >>> (8 * i));
        }
        stream.write(ByteBuffer.wrap(prefix), ByteBuffer.wrap(message));
    }
}
