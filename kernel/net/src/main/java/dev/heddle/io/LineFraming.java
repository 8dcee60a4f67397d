package dev.heddle.io;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The framing of {@link Framing#lines}. */
record LineFraming(int maxBytes) implements Framing {

    LineFraming {
        FrameBounds.checkMax(maxBytes);
    }

    @Override
    public Optional<byte[]> receive(ByteStream stream) {
        return stream.readLineBytes(maxBytes);
    }

    @Override
    public void send(ByteStream stream, byte[] message) {
        FrameBounds.checkLength(message, maxBytes);
        for (byte b : message) {
            if (b == '\n') {
                throw new IllegalArgumentException("the message holds a line end, so it would arrive as two");
            }
        }
        if (message.length > 0 && message[message.length - 1] == '\r') {
            throw new IllegalArgumentException("the message ends with a carriage return, which would be lost");
        }
        stream.write(ByteBuffer.wrap(message), ByteBuffer.wrap(new byte[]{'\n'}));
    }

    @Override
    public String toString() {
        return "lines, at most " + maxBytes + " bytes";
    }
}
