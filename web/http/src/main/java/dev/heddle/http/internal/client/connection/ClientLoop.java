package dev.heddle.http.internal.client.connection;

import dev.heddle.Loop;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.http2.Http2Batch;
import dev.heddle.internal.sight.Connections;
import org.jspecify.annotations.Nullable;

/**
 * The part of a client that one loop has for itself: connections and buffers, for the tasks of this loop only.
 *
 * @param connections those of the pool, and of WebSockets
 * @param frameBuffers memory for the batches of HTTP/2
 * @param http3 connects by HTTP/3; null if it is not spoken
 */
public record ClientLoop(
        Loop loop, ConnectionPool pool, Connections<Connections.Link> connections, BufferStack buffers,
        BufferStack frameBuffers, @Nullable Http3Client http3) {

    /** Bytes of a write buffer: a head and a small body. */
    private static final int BUFFER_BYTES = 4 * 1024;

    private static final int FREE_BUFFERS = 64;

    private static final int FREE_FRAME_BUFFERS = 8;

    public ClientLoop(ClientOptions options, Loop loop) {
        this(options, loop, new Connections<>());
    }

    private ClientLoop(ClientOptions options, Loop loop, Connections<Connections.Link> connections) {
        this(
                loop,
                new ConnectionPool(options.call().limits(), options.call().timeouts().idle(), loop, connections,
                        options.http2()::mayMeet),
                connections,
                new BufferStack(BUFFER_BYTES, FREE_BUFFERS),
                new BufferStack(Http2Batch.BYTES, FREE_FRAME_BUFFERS),
                options.alternatives() == null ? null : Http3Client.create());
    }
}
