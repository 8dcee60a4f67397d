package dev.heddle.io;

import dev.heddle.internal.Checks;
import java.nio.ByteBuffer;

/**
 * The common part of the framings: the search for the end of a message within its limit. All look before they take, so
 * that a cancelled receive has taken nothing.
 */
final class FrameBounds {

    /** Room for the longest head and tail of a frame, so that no sum overflows. */
    private static final int MAX_OVERHEAD_BYTES = 1024;

    private FrameBounds() {}

    static void checkMax(int maxBytes) {
        Checks.inRange("maxBytes", maxBytes, 0, Integer.MAX_VALUE - MAX_OVERHEAD_BYTES);
    }

    static void checkLength(byte[] message, int maxBytes) {
        if (message.length > maxBytes) {
            throw new IllegalArgumentException(
                    "the message has " + message.length + " bytes, at most " + maxBytes + " can be sent");
        }
    }

    static LimitExceededException tooLong(long length, long maxBytes) {
        return new LimitExceededException("a message of " + length + " bytes", maxBytes);
    }

    /**
     * Waits until a number of bytes are there.
     *
     * @return at least so many, unread
     * @throws EndOfStreamException if the stream ends before
     */
    static ByteBuffer gather(ByteStream stream, int count) {
        ByteBuffer bytes = stream.fill(count);
        if (bytes.remaining() < count) {
            byte[] partial = new byte[bytes.remaining()];
            bytes.get(partial);
            throw new EndOfStreamException(
                    stream.remoteAddress() + " ended the stream in the middle of a message, after " + partial.length
                            + " of at least " + count + " bytes",
                    partial);
        }
        return bytes;
    }

    /**
     * Takes a whole frame off the stream.
     *
     * @param frame unread bytes that hold all of it
     */
    static byte[] take(ByteStream stream, ByteBuffer frame, int head, int length, int tail) {
        byte[] message = new byte[length];
        frame.position(frame.position() + head);
        frame.get(message);
        frame.position(frame.position() + tail);
        // Ends the loan, so that a stream whose messages are all taken holds no buffer.
        stream.buffered();
        return message;
    }
}
