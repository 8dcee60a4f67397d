package dev.heddle.process.internal.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The reader of frames: cuts the bytes of a connection into them.
 *
 * <p>Threads: one.
 */
public final class FrameReader {

    /** The source of the bytes. */
    @FunctionalInterface
    public interface Source {

        /** Reads what is there: waiting for it or giving 0, as it may; -1 at the end. */
        int read(ByteBuffer target) throws IOException;
    }

    private final Source source;
    private final ByteBuffer in;
    private int maxBytes;

    /** Of the frame whose content has come in part. */
    private byte @Nullable [] content;

    private int contentSize;
    private int contentEnd;
    private int kind;
    private long number;

    /** The content that comes in pieces, how much of it has come, and of which work it is. */
    private byte @Nullable [] whole;

    private int wholeSize;
    private long wholeNumber;

    /**
     * @param bufferBytes how much is read at once
     * @param maxBytes longest content
     */
    public FrameReader(Source source, int bufferBytes, int maxBytes) {
        this.source = source;
        this.in = ByteBuffer.allocateDirect(bufferBytes).flip();
        this.maxBytes = maxBytes;
    }

    /** Allows longer frames, once the peer is known. */
    void allow(int bytes) {
        maxBytes = bytes;
    }

    /** The next frame, for which more is read as long as there is none. For sources that wait. */
    public Frame read() throws IOException {
        Frame frame = next();
        while (frame == null) {
            fill();
            frame = next();
        }
        return frame;
    }

    /** The next frame that has come as a whole; null if more must be read first. */
    public @Nullable Frame next() throws IOException {
        while (true) {
            byte[] target = content == null ? begin() : content;
            if (target == null) {
                return null;
            }
            int count = Math.min(in.remaining(), contentEnd - contentSize);
            in.get(target, contentSize, count);
            contentSize += count;
            if (contentSize < contentEnd) {
                return null;
            }
            content = null;
            Frame frame = end(target);
            if (frame != null) {
                return frame;
            }
        }
    }

    private @Nullable Frame end(byte[] target) throws IOException {
        MessageKind known = knownKind();
        if (known == MessageKind.LONG_WORK) {
            beginWhole(target);
            return null;
        }
        if (known != MessageKind.PIECE) {
            return new Frame(known, (kind & Frame.HOLDING) != 0, number, target);
        }
        wholeSize = contentSize;
        if (wholeSize < target.length) {
            return null;
        }
        whole = null;
        return new Frame(MessageKind.WORK, number, target);
    }

    private void beginWhole(byte[] length) throws IOException {
        int total = length.length == Integer.BYTES ? ByteBuffer.wrap(length).getInt() : 0;
        if (whole != null || total <= 0 || total > maxBytes) {
            throw new IOException("work of " + total + " bytes in pieces, at most " + maxBytes + " may come");
        }
        whole = new byte[total];
        wholeSize = 0;
        wholeNumber = number;
    }

    /**
     * Forgets work that has come in part. What was read last is a message that says so.
     *
     * @return whether there was such
     */
    public boolean drop(long work) {
        boolean here = whole != null && wholeNumber == work;
        if (here) {
            whole = null;
        }
        return here;
    }

    private byte @Nullable [] begin() throws IOException {
        if (in.remaining() < Frame.FULL_HEAD_BYTES) {
            return null;
        }
        int length = in.getInt() - Frame.HEAD_BYTES;
        if (length < 0 || length > maxBytes) {
            throw new IOException("a message of " + length + " bytes, at most " + maxBytes + " may come");
        }
        kind = in.get();
        number = in.getLong();
        if (knownKind() == MessageKind.PIECE) {
            return beginPiece(length);
        }
        byte[] target = length == 0 ? Frame.NOTHING : new byte[length];
        contentSize = 0;
        contentEnd = length;
        content = target;
        return target;
    }

    private byte[] beginPiece(int length) throws IOException {
        byte[] target = whole;
        if (target == null || number != wholeNumber || length > target.length - wholeSize) {
            throw new IOException("a piece of " + length + " bytes that belongs to nothing");
        }
        contentSize = wholeSize;
        contentEnd = wholeSize + length;
        content = target;
        return target;
    }

    private MessageKind knownKind() throws IOException {
        MessageKind known = MessageKind.of(kind & ~Frame.HOLDING);
        if (known == null) {
            throw new IOException("a message of kind " + kind);
        }
        return known;
    }

    /**
     * Reads once, after {@link #next} gave nothing.
     *
     * @return whether anything came
     * @throws EOFException if the peer has closed the connection
     */
    public boolean fill() throws IOException {
        in.compact();
        int count;
        try {
            count = source.read(in);
        } finally {
            in.flip();
        }
        if (count < 0) {
            throw new EOFException(content == null ? "the connection is closed" : "it is closed inside a message");
        }
        return count > 0;
    }
}
