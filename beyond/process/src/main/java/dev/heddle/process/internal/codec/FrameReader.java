package dev.heddle.process.internal.codec;

import dev.heddle.io.TruncatedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reader of frames: cuts the bytes of a connection into them. A frame comes as a whole; but a child gets long work
 * when it begins, and the reader then brings it what belongs to it.
 *
 * <pre>
 *   LONG_WORK 8 ──▶ [the work 8, which comes] ──PIECE 8──▶ ... ──the last PIECE 8──▶ it is whole
 *                                │  ▲ │
 *                                │  └─┴── other messages between two pieces
 *                                └─drop──▶ the rest of it does not come
 * </pre>
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

    /** Work from here on is decoded while it comes. */
    private static final int LONG_BYTES = 64 * 1024;

    private final Source source;
    private final ByteBuffer in;

    /** Whether long work is given when it begins. */
    private final boolean early;

    private int maxBytes;

    /** Of the frame whose content has come in part. */
    private byte @Nullable [] content;

    private int contentSize;
    private int kind;
    private long number;

    /** Work that comes while it is decoded, its number, and how much of the frame that has begun is still to come. */
    private @Nullable Inflow inflow;

    private long inflowNumber;
    private int pieceLeft;

    /**
     * @param bufferBytes how much is read at once
     * @param maxBytes longest content
     */
    public FrameReader(Source source, int bufferBytes, int maxBytes) {
        this(source, bufferBytes, maxBytes, false);
    }

    private FrameReader(Source source, int bufferBytes, int maxBytes, boolean early) {
        this.source = source;
        this.in = ByteBuffer.allocateDirect(bufferBytes).flip();
        this.early = early;
        this.maxBytes = maxBytes;
    }

    /** That of a child, which gives long work when it begins. */
    public static FrameReader ofChild(Source source, int bufferBytes, int maxBytes) {
        return new FrameReader(source, bufferBytes, maxBytes, true);
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

    /** The next frame that has come as a whole, or long work that has begun to; null if more must be read first. */
    public @Nullable Frame next() throws IOException {
        while (true) {
            if (pieceLeft > 0 && !goOn()) {
                return null;
            }
            if (content == null && !begin()) {
                return null;
            }
            byte[] target = content;
            if (target != null) {
                int count = Math.min(in.remaining(), target.length - contentSize);
                in.get(target, contentSize, count);
                contentSize += count;
                if (contentSize < target.length) {
                    return null;
                }
                content = null;
            }
            Frame frame = end(target);
            if (frame != null) {
                return frame;
            }
        }
    }

    /** Brings what has come of a piece; whether that is all of it. */
    private boolean goOn() {
        Inflow target = Objects.requireNonNull(inflow);
        int count = Math.min(in.remaining(), pieceLeft);
        target.add(in, count);
        pieceLeft -= count;
        if (target.left() == 0) {
            inflow = null;
        }
        return pieceLeft == 0;
    }

    /**
     * The frame that was begun.
     *
     * @param whole its content; null if that is brought to its work
     */
    private @Nullable Frame end(byte @Nullable [] whole) throws IOException {
        MessageKind known = knownKind();
        if (whole == null) {
            return known.isWork() ? new Frame(known, number, Objects.requireNonNull(inflow)) : null;
        }
        MessageKind work = known.whole();
        if (work != null) {
            int total = whole.length == Integer.BYTES ? ByteBuffer.wrap(whole).getInt() : 0;
            if (!early || inflow != null || total <= 0 || total > maxBytes) {
                throw new IOException("work of " + total + " bytes in pieces, at most " + maxBytes + " may come");
            }
            return new Frame(work, number, expect(total));
        }
        return new Frame(known, (kind & Frame.HOLDING) != 0, number, whole);
    }

    private Inflow expect(int length) {
        var expected = new Inflow(length);
        inflow = expected;
        inflowNumber = number;
        return expected;
    }

    /** Forgets work if it has come in part only. What was read last is a message that says so. */
    public void drop(long work) {
        if (inflow != null && inflowNumber == work) {
            inflow.drop();
            inflow = null;
        }
    }

    /** Begins a frame: with room for its content, or with where that goes; whether its head is there. */
    private boolean begin() throws IOException {
        if (in.remaining() < Frame.FULL_HEAD_BYTES) {
            return false;
        }
        int length = in.getInt() - Frame.HEAD_BYTES;
        if (length < 0 || length > maxBytes) {
            throw new IOException("a message of " + length + " bytes, at most " + maxBytes + " may come");
        }
        kind = in.get();
        number = in.getLong();
        MessageKind known = knownKind();
        if (known == MessageKind.PIECE) {
            beginPiece(length);
        } else if (early && known.isWork() && length >= LONG_BYTES && inflow == null) {
            expect(length);
            pieceLeft = length;
        } else {
            content = length == 0 ? Frame.NOTHING : new byte[length];
            contentSize = 0;
        }
        return true;
    }

    private void beginPiece(int length) throws IOException {
        Inflow target = inflow;
        if (target == null || number != inflowNumber || length > target.left()) {
            throw new IOException("a piece of " + length + " bytes that belongs to nothing");
        }
        pieceLeft = length;
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
     * @throws EOFException if the peer has closed the connection between two messages
     * @throws TruncatedException if it has closed it inside one
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
            if (isInside()) {
                throw new TruncatedException("the connection was closed inside a message");
            }
            throw new EOFException("the connection is closed");
        }
        return count > 0;
    }

    /** Whether some of a message has come, and not all: of its head, its content, or the pieces that it comes in. */
    private boolean isInside() {
        return in.hasRemaining() || content != null || pieceLeft > 0 || inflow != null;
    }
}
