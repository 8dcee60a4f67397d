package dev.heddle.http;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.net.ByteStream;
import dev.heddle.net.Listener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a running server share, and the order in which it stops. Belongs to one loop.
 *
 * <pre>
 *   stop: no more accepted ▶ idle connections closed ▶ requests in flight finish ▶ after the grace cancelled ▶ aborted
 * </pre>
 */
final class ServerRun {

    /** Room for a head and a small body; also the most bytes of one chunk. */
    private static final int BUFFER_BYTES = 16 * 1024;

    /** Bytes that one visit to a worker thread reads of a large file. */
    private static final int FILE_BUFFER_BYTES = 128 * 1024;

    private static final int MAX_IDLE_BUFFERS = 64;
    private static final int MAX_IDLE_FILE_BUFFERS = 8;

    /** How long cancelled handlers have for their clean-up before the server goes without them. */
    private static final Duration CANCEL_TIME = Duration.ofSeconds(5);

    private final Loop loop = Heddle.currentLoop();
    private final DateLine date = new DateLine(loop.engine());
    private final HttpLimits limits;
    private final Router router;
    private final Set<ServerConnection> connections = new LinkedHashSet<>();
    private final List<Waiter> stoppers = new ArrayList<>(1);
    private final ArrayDeque<RequestParser> parsers = new ArrayDeque<>();
    private final ArrayDeque<OutBuffer> buffers = new ArrayDeque<>();
    private final BufferStack fileBuffers = new BufferStack(FILE_BUFFER_BYTES, MAX_IDLE_FILE_BUFFERS);
    private final @Nullable Listener listener;
    private boolean stopping;

    ServerRun(Router router, HttpLimits limits, @Nullable Listener listener) {
        this.router = router;
        this.limits = limits;
        this.listener = listener;
        // The parser's classes take long to load: better now than in the first request.
        parsers.add(new RequestParser(limits));
    }

    Loop loop() {
        return loop;
    }

    HttpLimits limits() {
        return limits;
    }

    Router router() {
        return router;
    }

    DateLine date() {
        return date;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Serves one connection in the calling task. */
    void serve(ByteStream stream) {
        var connection = new ServerConnection(this, stream);
        connections.add(connection);
        try {
            connection.serve();
        } finally {
            connections.remove(connection);
            if (connections.isEmpty()) {
                stoppers.forEach(Waiter::complete);
            }
        }
    }

    /** Accepts and serves until stopped. */
    void acceptAll() {
        if (listener != null && listener.isOpen()) {
            listener.serve(limits.maxConnections(), this::serve);
        }
    }

    /** Goes through the stop; returns when it is over. A cancelled call has aborted all connections. */
    void stop(Duration grace) {
        stopping = true;
        try {
            if (listener != null) {
                listener.close();
            }
            List.copyOf(connections).forEach(ServerConnection::closeIfIdle);
            Heddle.moveOnAfter(grace, this::awaitNoConnections);
            if (listener != null) {
                Heddle.moveOnAfter(CANCEL_TIME, () -> {
                    listener.stop(Duration.ZERO);
                });
            }
        } finally {
            if (!connections.isEmpty()) {
                ServerLog.stillRunning(connections.size());
                List.copyOf(connections).forEach(ServerConnection::abort);
            }
        }
    }

    private void awaitNoConnections() {
        if (connections.isEmpty()) {
            return;
        }
        var waiter = new Waiter("the last requests of a stopping server");
        stoppers.add(waiter);
        try {
            waiter.await();
        } finally {
            stoppers.remove(waiter);
        }
    }

    /** A parser that is ready for a head. */
    RequestParser takeParser() {
        RequestParser parser = parsers.pollLast();
        return parser == null ? new RequestParser(limits) : parser;
    }

    /** Takes a parser back after a whole message; one that has failed must not come back. */
    void giveParser(RequestParser parser) {
        if (parsers.size() < MAX_IDLE_BUFFERS) {
            parser.reset();
            parsers.addLast(parser);
        }
    }

    OutBuffer takeBuffer() {
        OutBuffer buffer = buffers.pollLast();
        return buffer == null ? new OutBuffer(BUFFER_BYTES) : buffer;
    }

    void giveBuffer(OutBuffer buffer) {
        if (buffers.size() < MAX_IDLE_BUFFERS && buffer.capacity() == BUFFER_BYTES) {
            buffer.clear();
            buffers.addLast(buffer);
        }
    }

    ByteBuffer takeFileBuffer() {
        return fileBuffers.take(FILE_BUFFER_BYTES);
    }

    void giveFileBuffer(ByteBuffer buffer) {
        fileBuffers.give(buffer);
    }
}
