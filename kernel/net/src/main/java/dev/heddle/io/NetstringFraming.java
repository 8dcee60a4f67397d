package dev.heddle.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The framing of {@link Framing#netstrings}. */
record NetstringFraming(int maxBytes) implements Framing {

    NetstringFraming {
        FrameBounds.checkMax(maxBytes);
    }

    @Override
    public Optional<byte[]> receive(ByteStream stream) {
        ByteBuffer bytes = stream.fill();
        if (!bytes.hasRemaining()) {
            return Optional.empty();
        }
        long length = 0;
        int digits = 0;
        while (true) {
            if (digits == bytes.remaining()) {
                bytes = FrameBounds.gather(stream, digits + 1);
            }
            byte next = bytes.get(bytes.position() + digits);
            if (next == ':' && digits > 0) {
                break;
            }
            if (next < '0' || next > '9') {
                throw malformed(stream, "its length holds the byte " + Byte.toUnsignedInt(next));
            }
            if (digits == 1 && length == 0) {
                throw malformed(stream, "its length begins with a zero");
            }
            length = length * 10 + (next - '0');
            digits++;
            // At each digit, so that an endless row of them is refused too.
            if (length > maxBytes) {
                throw FrameBounds.tooLong(length, maxBytes);
            }
        }
        int head = digits + 1;
        ByteBuffer frame = FrameBounds.gather(stream, head + (int) length + 1);
        byte end = frame.get(frame.position() + head + (int) length);
        if (end != ',') {
            throw malformed(stream, "it ends with the byte " + Byte.toUnsignedInt(end) + " and not a comma");
        }
        return Optional.of(FrameBounds.take(stream, frame, head, (int) length, 1));
    }

    private static MalformedMessageException malformed(ByteStream stream, String why) {
        return new MalformedMessageException(stream.remoteAddress() + " sent what is no netstring: " + why);
    }

    @Override
    public void send(ByteStream stream, byte[] message) {
        FrameBounds.checkLength(message, maxBytes);
        byte[] head = (message.length + ":").getBytes(StandardCharsets.US_ASCII);
        stream.write(ByteBuffer.wrap(head), ByteBuffer.wrap(message), ByteBuffer.wrap(new byte[]{','}));
    }

    @Override
    public String toString() {
        return "netstrings, at most " + maxBytes + " bytes";
    }
}
