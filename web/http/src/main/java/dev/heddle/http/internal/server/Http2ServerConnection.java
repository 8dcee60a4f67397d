package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.http2.Http2Connection;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Fault;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.http2.Http2Role;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Tunnel;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server-side connection of HTTP/2: each stream is a request, answered by its handler in a task of its own.
 *
 * <p>A handler keeps its stream's place until it returns, also if the peer has reset the stream, so that resetting is
 * no way to have more of them at work than {@link dev.heddle.http.Http2Limits#maxStreams}. One that was reset before it began does not
 * begin. The handler of a WebSocket has its stream as a tunnel (RFC 8441), and keeps its place until that is over.
 */
final class Http2ServerConnection extends ServerConnection implements Http2Role {

    /** Most characters of a path in the name of a task. */
    private static final int MAX_NAME = 100;

    private final ServerLoop loop;
    private final Http2Connection connection;
    private final Http2ResponseSender sender;
    private final ConnectionAge age;

    /** In the order in which they came, so that a simulation repeats. */
    private final Set<ProtocolSwitch> tunnels = new LinkedHashSet<>();

    /** @param age that of the connection, which had no request before */
    Http2ServerConnection(ServerLoop loop, ByteStream stream, ConnectionAge age) {
        this.loop = loop;
        this.age = age;
        Http2Options options = Objects.requireNonNull(loop.settings().http2());
        this.connection = new Http2Connection(loop.loop(), stream, loop.frameBuffers(), options, this);
        this.sender = new Http2ResponseSender(loop, connection, options);
    }

    @Override
    @Nullable ServerConnection serve() {
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
    void closeIfIdle() {
        connection.drain();
        List.copyOf(tunnels).forEach(ProtocolSwitch::stopping);
    }

    @Override
    void abort() {
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
            Http2RequestHead.check(stream.id(), fields, end);
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
        RequestHead head;
        try {
            head = Http2RequestHead.of(fields, loop.limits().head().maxStartLine(), end);
        } catch (StatusException bad) {
            ServerMeter.Begun begun = loop.meter().begun(null, connection.stream());
            boolean bodyless = "HEAD".equals(fields.method());
            connection.spawn("bad request on stream " + stream.id(), () -> answerBad(stream, bad, bodyless, begun));
            return;
        }
        ServerMeter.Begun begun = loop.meter().begun(head, connection.stream());
        stream.heldBy(connection.spawn(name(head), () -> answerInScopes(stream, head, begun)), loop.coarseNanos());
    }

    /** Without the query, which may be secret, and without an end that nobody would read. */
    private static String name(RequestHead head) {
        String path = head.target().path();
        return head.method() + " " + (path.length() <= MAX_NAME ? path : path.substring(0, MAX_NAME) + "...");
    }

    private void answerInScopes(Http2Stream stream, RequestHead head, ServerMeter.@Nullable Begun begun) {
        ScopedValue.Carrier scopes = RequestScopes.of(loop.settings(), head, connection.stream());
        if (scopes == null) {
            answer(stream, head, begun);
        } else {
            scopes.run(() -> answer(stream, head, begun));
        }
    }

    private void answer(Http2Stream stream, RequestHead head, ServerMeter.@Nullable Begun begun) {
        Http2Error unlessWhole = Http2Error.INTERNAL_ERROR;
        String route = null;
        boolean counted = false;
        try {
            if (!stream.isLost()) {
                var source = new Http2RequestSource(connection, stream, head, sender, sender.limit());
                ServerResponse response;
                try {
                    response = loop.answerer().answer(head, source);
                } finally {
                    route = source.route();
                }
                if (response.body() instanceof ResponseBody.Upgraded(ProtocolSwitch next)) {
                    sender.sendSwitch(stream, response);
                    loop.meter().ended(head, connection.stream(), route, stream.status(), stream.sentBytes(), begun);
                    counted = true;
                    carry(stream, next);
                } else {
                    sender.send(stream, head, response);
                }
                source.close();
            }
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(stream, gone);
        } catch (CancelledException cancelled) {
            unlessWhole = Http2Error.CANCEL;
            HandlerFailure.throwIfCancel(cancelled);
            // Not this task's own: it must not end the whole connection.
            loop.answerer().failed(head, cancelled);
        } catch (RuntimeException failed) {
            loop.answerer().failed(head, failed);
        } finally {
            if (!counted) {
                loop.meter().ended(head, connection.stream(), route, stream.status(), stream.sentBytes(), begun);
            }
            connection.streams().finished(stream, unlessWhole);
            loop.endSpawned(List.of());
        }
    }

    private void answerBad(Http2Stream stream, StatusException bad, boolean bodyless,
            ServerMeter.@Nullable Begun begun) {
        try {
            sender.sendError(stream, bad, bodyless);
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(stream, gone);
        } finally {
            loop.meter().ended(null, connection.stream(), null, stream.status(), stream.sentBytes(), begun);
            connection.streams().finished(stream, Http2Error.INTERNAL_ERROR);
        }
    }

    /** Lets another protocol have a stream until it ends. */
    private void carry(Http2Stream stream, ProtocolSwitch next) {
        var over = new Waiter("the last bytes on " + stream);
        var tunnel = new Http2Tunnel(connection, stream, over::complete);
        tunnels.add(next);
        try {
            if (loop.isStopping()) {
                next.stopping();
            }
            next.run(new ByteStream(tunnel));
        } finally {
            tunnels.remove(next);
            tunnel.close();
        }
        over.await();
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
