package dev.heddle.process;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into messages; the same at both ends.
 *
 * <p>Threads: one.
 */
final class Intake {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int FULL_HEAD_BYTES = Integer.BYTES + Frame.HEAD_BYTES;

    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private int maxBytes;

    /** The message whose content has come in part. */
    private byte @Nullable [] content;

    private int contentSize;
    private byte kind;
    private long number;

    /**
     * @param maxBytes longest content
     */
    Intake(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Allows longer messages, once the peer is known. */
    void allow(int bytes) {
        maxBytes = bytes;
    }

    /** The next message that has come as a whole; null if more must be read first. */
    @Nullable Frame next() throws IOException {
        byte[] target = content;
        if (target == null) {
            if (in.remaining() < FULL_HEAD_BYTES) {
                return null;
            }
            int length = in.getInt() - Frame.HEAD_BYTES;
            if (length < 0 || length > maxBytes) {
                throw new IOException("a message of " + length + " bytes, at most " + maxBytes + " may come");
            }
            kind = in.get();
            number = in.getLong();
            target = length == 0 ? Frame.NOTHING : new byte[length];
            content = target;
            contentSize = 0;
        }
        int count = Math.min(in.remaining(), target.length - contentSize);
        in.get(target, contentSize, count);
        contentSize += count;
        if (contentSize < target.length) {
            return null;
        }
        content = null;
        return new Frame(kind, number, target);
    }

    /**
     * Reads once, after {@link #next} gave nothing.
     *
     * @return whether anything came
     * @throws EOFException if the peer has closed the connection
     */
    boolean readFrom(ReadableByteChannel channel) throws IOException {
        in.compact();
        int count;
        try {
            count = channel.read(in);
        } finally {
            in.flip();
        }
        if (count < 0) {
            throw new EOFException(content == null ? "the connection is closed" : "it is closed inside a message");
        }
        return count > 0;
    }
}
