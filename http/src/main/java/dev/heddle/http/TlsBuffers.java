package dev.heddle.http;

import java.nio.ByteBuffer;

/** Room for TLS records, shared by the connections of one loop: a connection with nothing under way holds none. */
final class TlsBuffers {

    /** A record of the largest size that is allowed, with room for every kind of overhead (RFC 8446, section 5.2). */
    private static final int RECORD_BYTES = 17 * 1024 + 512;

    private static final int MAX_FREE = 32;

    private final BufferStack free = new BufferStack(RECORD_BYTES, MAX_FREE);

    ByteBuffer take(int size) {
        return free.take(Math.max(size, RECORD_BYTES));
    }

    void give(ByteBuffer buffer) {
        free.give(buffer);
    }
}
