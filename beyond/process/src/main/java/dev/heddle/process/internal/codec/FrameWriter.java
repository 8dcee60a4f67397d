package dev.heddle.process.internal.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The writer of frames: collects them, so that several small ones go out at once, and long ones in pieces: the JDK
 * would copy the whole rest for each piece of an array that it writes.
 *
 * <p>Threads: one at a time.
 */
public final class FrameWriter {

    /** The sink of the bytes. */
    @FunctionalInterface
    public interface Sink {

        /** Writes a buffer: all of it, waiting while the peer takes nothing, or as much as the peer takes now. */
        void write(ByteBuffer source) throws IOException;
    }

    private final Sink sink;
    private final ByteBuffer out;

    /** What did not fit into the buffer when the peer took no more. */
    private final ArrayDeque<ByteBuffer> rest = new ArrayDeque<>(0);

    public FrameWriter(Sink sink, int bufferBytes) {
        this.sink = sink;
        this.out = ByteBuffer.allocateDirect(bufferBytes);
    }

    /** Puts a frame behind the others. Nothing need have gone out before {@link #flush}. */
    public void put(MessageKind kind, boolean holding, long number, Output content) throws IOException {
        begin(kind, holding, number, content.size());
        content.writeTo(this);
    }

    /** Begins a frame, whose content is appended in parts. */
    @SuppressWarnings("EnumOrdinal") // both ends are of one build
    public void begin(MessageKind kind, boolean holding, long number, int length) throws IOException {
        ByteBuffer head = out;
        if (!hasRoom(Frame.FULL_HEAD_BYTES)) {
            head = ByteBuffer.allocate(Frame.FULL_HEAD_BYTES);
            rest.add(head);
        }
        head.putInt(Frame.HEAD_BYTES + length)
                .put((byte) (kind.ordinal() | (holding ? Frame.HOLDING : 0)))
                .putLong(number);
        if (head != out) {
            head.flip();
        }
    }

    /** Whether the buffer, of which some is sent if need be, takes so many bytes now. */
    private boolean hasRoom(int count) throws IOException {
        if (rest.isEmpty() && out.remaining() < count) {
            send();
        }
        return rest.isEmpty() && out.remaining() >= count;
    }

    /** A part of the content that was begun; not changed until it has gone out. */
    public void append(byte[] source, int from, int length) throws IOException {
        int at = from;
        int end = from + length;
        while (at < end && hasRoom(1)) {
            int count = Math.min(out.remaining(), end - at);
            out.put(source, at, count);
            at += count;
        }
        if (at < end) {
            rest.add(ByteBuffer.wrap(source, at, end - at));
        }
    }

    /** As {@link #append(byte[], int, int)}, of a buffer on the heap, whose position stays. */
    void append(ByteBuffer source) throws IOException {
        append(source.array(), source.arrayOffset() + source.position(), source.remaining());
    }

    /** Sends what there is; whether the peer has taken it all. */
    public boolean flush() throws IOException {
        send();
        for (ByteBuffer next = rest.peek(); next != null && out.hasRemaining(); next = rest.peek()) {
            int count = Math.min(out.remaining(), next.remaining());
            out.put(out.position(), next, next.position(), count).position(out.position() + count);
            next.position(next.position() + count);
            if (!next.hasRemaining()) {
                rest.remove();
            }
            if (!out.hasRemaining() || rest.isEmpty()) {
                send();
            }
        }
        return out.position() == 0;
    }

    private void send() throws IOException {
        out.flip();
        try {
            if (out.hasRemaining()) {
                sink.write(out);
            }
        } finally {
            out.compact();
        }
    }
}
