package dev.heddle.http.internal.server;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.http2.Http2Connection;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Fault;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.http2.Http2Role;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server-side connection of HTTP/2: each stream is a request, answered by its handler in a task of its own.
 *
 * <p>A handler keeps its stream's place until it returns, also if the peer has reset the stream, so that resetting is
 * no way to have more of them at work than {@link dev.heddle.http.Http2Limits#maxStreams}. One that was reset before it began does not
 * begin. The handler of a WebSocket keeps its place until that is over.
 */
final class Http2ServerConnection extends ServerConnection implements Http2Role {

    private final ServerLoop loop;
    private final Http2Connection connection;
    private final Http2Options options;
    private final StreamAnswerer answerer;
    private final ConnectionAge age;

    /** @param age that of the connection, which had no request before */
    Http2ServerConnection(ServerLoop loop, ByteStream stream, ConnectionAge age) {
        this.loop = loop;
        this.age = age;
        this.options = Objects.requireNonNull(loop.settings().http2());
        this.connection = new Http2Connection(loop.loop(), stream, loop.frameBuffers(), options, this);
        this.answerer = new StreamAnswerer(loop);
    }

    @Override
    protected @Nullable ServerConnection serve() {
        connection.run();
        return null;
    }

    @Override
    protected ConnectionSight sight() {
        ByteStream stream = connection.stream();
        return new ConnectionSight(null, stream.remoteAddress(), "HTTP/2", "switched", null, age.nanos(),
                StreamSight.of(stream), -1, streams());
    }

    /** The streams that stand; the task of each has the request for a name. */
    private List<ConnectionSight.Held> streams() {
        long now = loop.nanoTime();
        return connection.streams().standing().stream().map(stream -> stream.held(stream.toString(), now)).toList();
    }

    @Override
    protected void closeIfIdle() {
        connection.drain();
        answerer.stopping();
    }

    @Override
    protected void abort() {
        connection.stream().abort();
    }

    @Override
    public boolean isServer() {
        return true;
    }

    @Override
    public void opened(Http2Stream stream, Http2Fields fields, boolean end) {
        age.addRequest();
        if (age.isOver()) {
            connection.drain();
        }
        boolean begun = false;
        try {
            String malformed = StreamRequestHead.malformed(fields, end);
            if (malformed != null) {
                throw Http2Fault.ofStream(stream.id(), Http2Error.PROTOCOL_ERROR, "malformed request: " + malformed);
            }
            stream.announce(fields.contentLength());
            begin(stream, fields, end);
            begun = true;
        } finally {
            if (!begun) {
                connection.streams().abandoned(stream);
            }
        }
    }

    private void begin(Http2Stream stream, Http2Fields fields, boolean end) {
        var exchange = new Http2Exchange(connection, options, stream);
        RequestHead head;
        try {
            head = StreamRequestHead.of(fields, loop.limits().head().maxStartLine(), end, Protocol.HTTP_2);
        } catch (StatusException bad) {
            ServerMeter.Begun begun = answerer.begun(null, exchange);
            boolean bodyless = "HEAD".equals(fields.method());
            connection.spawn("bad request on stream " + stream.id(),
                    () -> answerer.answerBad(exchange, bad, bodyless, begun));
            return;
        }
        ServerMeter.Begun begun = answerer.begun(head, exchange);
        stream.heldBy(connection.spawn(StreamAnswerer.name(head), () -> answerer.answer(exchange, head, begun)),
                loop.coarseNanos());
    }

    /** Trailers: section 8.1. */
    @Override
    public void headers(Http2Stream stream, Http2Fields fields, boolean end) {
        if (!end || fields.hasPseudo() || fields.malformed() != null || fields.isTooLarge()) {
            throw Http2Fault.ofStream(stream.id(), Http2Error.PROTOCOL_ERROR, "malformed trailers");
        }
        connection.streams().endBody(stream, fields.headers());
    }

    /** A client that goes takes its last responses with it; it opens no more streams by itself. */
    @Override
    public void goAway(int lastStream, Http2Error error) {}
}
