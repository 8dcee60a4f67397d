package dev.heddle.io;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The framing of {@link Framing#varint}. */
record VarintFraming(int maxBytes) implements Framing {

    /** Enough for 32 bits. */
    private static final int MAX_PREFIX_BYTES = 5;

    VarintFraming {
        FrameBounds.checkMax(maxBytes);
    }

    @Override
    public Optional<byte[]> receive(ByteStream stream) {
        ByteBuffer bytes = stream.fill();
        if (!bytes.hasRemaining()) {
            return Optional.empty();
        }
        long length = 0;
        int head = 0;
        int next;
        do {
            if (head == MAX_PREFIX_BYTES) {
                throw new MalformedMessageException(
                        stream.remoteAddress() + " sent a length of more than " + MAX_PREFIX_BYTES + " bytes");
            }
            if (head == bytes.remaining()) {
                bytes = FrameBounds.gather(stream, head + 1);
            }
            next = bytes.get(bytes.position() + head);
            length |= (next & 0x7FL) << (7 * head);
            head++;
        } while (next < 0);
        if (length > maxBytes) {
            throw FrameBounds.tooLong(length, maxBytes);
        }
        ByteBuffer frame = FrameBounds.gather(stream, head + (int) length);
        return Optional.of(FrameBounds.take(stream, frame, head, (int) length, 0));
    }

    @Override
    public void send(ByteStream stream, byte[] message) {
        FrameBounds.checkLength(message, maxBytes);
        ByteBuffer prefix = ByteBuffer.allocate(MAX_PREFIX_BYTES);
        int left = message.length;
        while (left > 0x7F) {
            prefix.put((byte) (left | 0x80));
            left >>>= 7;
        }
        stream.write(prefix.put((byte) left).flip(), ByteBuffer.wrap(message));
    }

    @Override
    public String toString() {
        return "varint, at most " + maxBytes + " bytes";
    }
}
