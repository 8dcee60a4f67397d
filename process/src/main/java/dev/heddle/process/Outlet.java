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
        if (out.remaining() < FULL_HEAD_BYTES) {
            flush();
        }
        out.putInt(Frame.HEAD_BYTES + content.length).put(kind).putLong(number);
        int sent = 0;
        while (sent < content.length) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(out.remaining(), content.length - sent);
            out.put(content, sent, count);
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
