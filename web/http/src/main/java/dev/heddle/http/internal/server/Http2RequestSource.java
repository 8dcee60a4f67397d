package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Connection;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The request body of HTTP/2. What a handler takes out of it raises the peer's windows, and nothing else does. */
final class Http2RequestSource implements RequestSource {

    private final Http2Connection connection;
    private final Http2Stream stream;
    private final Http2ResponseSender sender;
    private final TransferLimit limit;
    private final boolean isTunnel;
    private boolean expected;
    private boolean lost;
    private boolean closed;
    private @Nullable String route;

    Http2RequestSource(Http2Connection connection, Http2Stream stream, RequestHead head, Http2ResponseSender sender,
            TransferLimit limit) {
        this.connection = connection;
        this.stream = stream;
        this.sender = sender;
        this.limit = limit;
        this.isTunnel = head.connectProtocol() != null;
        this.expected = head.expectsContinue();
    }

    @Override
    public void routed(String found) {
        route = found;
    }

    @Override
    public @Nullable String route() {
        return route;
    }

    @Override
    public void sendInterim(int status, Headers fields) {
        throwIfClosed();
        try {
            sender.sendInterim(stream, status, fields);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    private void throwIfClosed() {
        if (closed) {
            throw new IllegalStateException("the request is over");
        }
    }

    private BrokenException lost(ClosedException gone) {
        lost = true;
        return new BrokenException(connection.stream().remoteAddress() + ": " + gone.getMessage(), gone);
    }

    @Override
    public int read(ByteBuffer target) {
        throwIfClosed();
        if (isEnded()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            if (expected) {
                expected = false;
                sender.sendContinue(stream);
            }
            long start = Heddle.currentLoop().nanoTime();
            int count = stream.inbound().readWithin(limit.allowance(0), target);
            limit.waited(Heddle.currentLoop().nanoTime() - start);
            return counted(count);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    private int counted(int count) {
        if (count == 0) {
            throw new StatusException(408, "the request came too slowly");
        }
        if (count > 0) {
            limit.moved(count);
            connection.streams().use(stream, count);
        }
        return count;
    }

    @Override
    public boolean isEnded() {
        // What comes on a tunnel is for the protocol that it carries.
        return isTunnel || stream.inbound().isDone();
    }

    @Override
    public boolean isLost() {
        return lost;
    }

    @Override
    public void awaitGone() {
        stream.awaitLost();
    }

    @Override
    public Headers trailers() {
        return stream.inbound().trailers();
    }

    @Override
    public ByteStream connection() {
        return connection.stream();
    }

    /** Ends the handler's right to read. */
    void close() {
        closed = true;
    }
}
