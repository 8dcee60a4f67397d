package dev.heddle.http.client;

import dev.heddle.Loop;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.http2.Http2Batch;

/** The part of a client that one loop has for itself: connections and buffers, for the tasks of this loop only. */
final class ClientLoop {

    /** Bytes of a write buffer: a head and a small body. */
    private static final int BUFFER_BYTES = 4 * 1024;

    private static final int FREE_BUFFERS = 64;

    private static final int FREE_FRAME_BUFFERS = 8;

    private final Loop loop;
    private final ConnectionPool pool;
    private final BufferStack frameBuffers = new BufferStack(Http2Batch.BYTES, FREE_FRAME_BUFFERS);
    private final BufferStack buffers = new BufferStack(BUFFER_BYTES, FREE_BUFFERS);

    ClientLoop(ClientOptions options, Loop loop) {
        this.loop = loop;
        this.pool = new ConnectionPool(options.call().limits(), options.call().timeouts().idle(), loop,
                options.http2()::mayMeet);
    }

    Loop loop() {
        return loop;
    }

    ConnectionPool pool() {
        return pool;
    }

    BufferStack buffers() {
        return buffers;
    }

    /** Memory for the batches of HTTP/2. */
    BufferStack frameBuffers() {
        return frameBuffers;
    }
}
