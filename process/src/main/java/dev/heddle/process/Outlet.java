package dev.heddle.process;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Collects messages, so that several small ones go out at once, and long ones in pieces: the JDK would copy the whole rest for each
 * piece of an array that it writes.
 *
 * <p>Threads: one at a time.
 */
final class Outlet {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int FULL_HEAD_BYTES = Integer.BYTES + Frame.HEAD_BYTES;

    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Sink sink;

    Outlet(Sink sink) {
        this.sink = sink;
    }

    /** Where the bytes go: writes all of a buffer, waiting while the peer takes nothing. */
    interface Sink {
        void write(ByteBuffer source) throws IOException;
    }

    /** Puts a message behind the others. Nothing need have gone out before {@link #flush}. */
    void put(byte kind, long number, byte[] content) throws IOException {
        begin(kind, number, content.length);
        append(content, content.length);
    }

    /** Puts a message as {@link #put(byte, long, byte[])}. */
    void put(byte kind, long number, Output content) throws IOException {
        begin(kind, number, content.size());
        content.writeTo(this);
    }

    private void begin(byte kind, long number, int length) throws IOException {
        if (out.remaining() < FULL_HEAD_BYTES) {
            flush();
        }
        out.putInt(Frame.HEAD_BYTES + length).put(kind).putLong(number);
    }

    /** A part of the content that was begun. */
    void append(byte[] source, int length) throws IOException {
        int sent = 0;
        while (sent < length) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(out.remaining(), length - sent);
            out.put(source, sent, count);
            sent += count;
        }
    }

    void flush() throws IOException {
        out.flip();
        try {
            if (out.hasRemaining()) {
                sink.write(out);
            }
        } finally {
            out.clear();
        }
    }
}
