package dev.heddle.tls;

import dev.heddle.LoopLocal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The buffers for TLS records, shared by the streams of one loop: a stream borrows some while records are under way, so
 * an idle one holds none. On the heap, because the JDK's ciphers are at their fastest on arrays.
 *
 * <p>Threads: tasks of one loop.
 */
final class TlsBuffers {

    /** The plain bytes that surely go into one record: TLS allows 16 KiB, of which the JDK keeps a few for padding. */
    static final int PLAIN_BYTES = 16 * 1024 - 32;

    /** Room for any record: its bytes, and all that ciphers of TLS 1.2 and 1.3 put around them. */
    static final int RECORD_BYTES = 17 * 1024;

    /** Room for the records of one step of a stream, so that a large transfer makes fewer system calls. */
    static final int BATCH_BYTES = 5 * RECORD_BYTES;

    private static final int MAX_IDLE_RECORDS = 64;
    private static final int MAX_IDLE_BATCHES = 16;

    private static final LoopLocal<TlsBuffers> BUFFERS = LoopLocal.withInitial(TlsBuffers::new);

    private final ArrayDeque<ByteBuffer> records = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> batches = new ArrayDeque<>();
    private int borrowed;

    /** The current loop's buffers. */
    static TlsBuffers current() {
        return BUFFERS.get();
    }

    /** An empty buffer for one record. */
    ByteBuffer borrowRecord() {
        borrowed++;
        ByteBuffer idle = records.pollLast();
        return idle == null ? ByteBuffer.allocate(RECORD_BYTES) : idle.clear();
    }

    /** An empty buffer for several records. */
    ByteBuffer borrowBatch() {
        borrowed++;
        ByteBuffer idle = batches.pollLast();
        return idle == null ? ByteBuffer.allocate(BATCH_BYTES) : idle.clear();
    }

    /** Takes a buffer back; nobody may still look at it. */
    void release(ByteBuffer buffer) {
        borrowed--;
        boolean single = buffer.capacity() == RECORD_BYTES;
        ArrayDeque<ByteBuffer> idle = single ? records : batches;
        if (idle.size() < (single ? MAX_IDLE_RECORDS : MAX_IDLE_BATCHES)) {
            idle.addLast(buffer);
        }
    }

    /** How many buffers are out: zero when all streams are idle or closed. */
    int borrowed() {
        return borrowed;
    }
}
