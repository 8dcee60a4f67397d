package dev.heddle.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The framing of {@link Framing#delimited}. */
final class DelimitedFraming implements Framing {

    private static final int MAX_DELIMITER_BYTES = 256;

    private final byte[] delimiter;
    private final int maxBytes;

    DelimitedFraming(byte[] delimiter, int maxBytes) {
        FrameBounds.checkMax(maxBytes);
        if (delimiter.length == 0 || delimiter.length > MAX_DELIMITER_BYTES) {
            throw new IllegalArgumentException(
                    "the delimiter has " + delimiter.length + " bytes, must have 1 to " + MAX_DELIMITER_BYTES);
        }
        this.delimiter = delimiter;
        this.maxBytes = maxBytes;
    }

    @Override
    public Optional<byte[]> receive(ByteStream stream) {
        if (!stream.fill().hasRemaining()) {
            return Optional.empty();
        }
        byte[] framed = stream.readUntil(delimiter, maxBytes + delimiter.length);
        return Optional.of(Arrays.copyOf(framed, framed.length - delimiter.length));
    }

    @Override
    public void send(ByteStream stream, byte[] message) {
        FrameBounds.checkLength(message, maxBytes);
        if (endsEarly(message)) {
            throw new IllegalArgumentException("the message holds the delimiter, so it would arrive cut");
        }
        stream.write(ByteBuffer.wrap(message), ByteBuffer.wrap(delimiter));
    }

    /** Whether a delimiter begins inside the message, maybe one that only its own delimiter completes. */
    private boolean endsEarly(byte[] message) {
        byte[] framed = Arrays.copyOf(message, message.length + delimiter.length);
        System.arraycopy(delimiter, 0, framed, message.length, delimiter.length);
        for (int start = 0; start < message.length; start++) {
            if (Arrays.equals(framed, start, start + delimiter.length, delimiter, 0, delimiter.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "delimited by " + Arrays.toString(delimiter) + ", at most " + maxBytes + " bytes";
    }
}
