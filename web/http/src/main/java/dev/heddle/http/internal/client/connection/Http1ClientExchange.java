package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.Http1RequestHead;
import dev.heddle.http.internal.client.call.ProxyServer;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.ReplyParser;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The client's side of one exchange of HTTP/1.1, up to the head of the answer. Owned by the calling task. */
final class Http1ClientExchange {

    /** Bodies up to this size go out with the head in one write, before anything is read. */
    private static final int SMALL_BODY_BYTES = 16 * 1024;

    /**
     * A body of a known length up to this, and come with its head, is kept in memory: its connection is free at once.
     */
    private static final int EARLY_BODY_BYTES = 16 * 1024;

    private final CallContext call;
    private final RequestHop hop;

    /** What of the request is sent while the reply is read. */
    private @Nullable DuplexUpload going;

    Http1ClientExchange(CallContext call, RequestHop hop) {
        this.call = call;
        this.hop = hop;
    }

    /**
     * Sends the request and waits for the head of the answer. A failure gives the connection back to the pool.
     *
     * @return null if the connection is one that its server has closed meanwhile, so that another try over a new one
     *     is safe
     */
    @Nullable ReplyBody send(Http1ClientConnection connection) {
        if (!attempt(connection)) {
            return null;
        }
        return body(connection, connection.parser().head());
    }

    /**
     * Sends the request and reads the head of its answer.
     *
     * @return false if the connection turned out to be stale
     */
    private boolean attempt(Http1ClientConnection connection) {
        boolean kept = false;
        try {
            connection.begin(call, hop);
            connection.beginHead(hop.isHead());
            ask(connection);
            kept = true;
            return true;
        } catch (BadReplyException | BrokenException e) {
            kept = e instanceof BrokenException && isStale(connection);
            if (kept) {
                return false;
            }
            throw ClientErrors.named(hop, e);
        } finally {
            if (!kept) {
                pool().release(connection, false);
            }
        }
    }

    /** Whether a connection that broke was closed before it got the request, which may then be sent again. */
    private boolean isStale(Http1ClientConnection connection) {
        return connection.isReused() && !connection.isAnswered() && hop.mayBeRepeated();
    }

    private void ask(Http1ClientConnection connection) {
        ProxyServer proxy = connection.host.route.plainProxy();
        RequestHop wire = proxy == null ? hop : hop.toProxy(proxy);
        Http1RequestHead writer = call.client().head(call.options().decode());
        ClientBody body = hop.body();
        boolean asks = call.options().expectContinue() && body.length() != 0;
        byte[] small = body instanceof ClientBody.Bytes memory && memory.bytes().length <= SMALL_BODY_BYTES && !asks
                ? memory.bytes()
                : null;
        boolean isWhole = small != null || body instanceof ClientBody.None;
        boolean goesBehind = asks || call.options().duplex();
        ByteBuffer out = call.loop().buffers().take(writer.room(wire) + (small == null ? 0 : small.length));
        try {
            writer.write(out, wire, asks);
            if (small != null) {
                out.put(small);
            }
            out.flip();
            if (!isWhole && !goesBehind) {
                new Http1Upload(connection, call, body).run(out, () -> awaitFinalHead(connection));
                return;
            }
            call.deadline().enter(Phase.SEND);
            connection.stream().write(out);
        } finally {
            // Before the wait for an answer: thousands may wait, and each would have a buffer of its own.
            call.loop().buffers().give(out);
        }
        call.trace().tell(RequestTracer::headSent);
        if (isWhole) {
            call.trace().tell(RequestTracer::bodySent);
            call.deadline().enter(Phase.HEAD);
            awaitFinalHead(connection);
        } else if (!asks || isWelcome(connection)) {
            sendBehindHead(connection, body);
        }
    }

    private boolean isWelcome(Http1ClientConnection connection) {
        int status = Heddle.moveOnAfter(call.deadline().continueWait(), () -> awaitGoAhead(connection)).orElse(100);
        if (status >= 200) {
            // The head promised a body that now never comes, so nothing can follow on this connection.
            connection.spoil();
        }
        return status < 200;
    }

    private void sendBehindHead(Http1ClientConnection connection, ClientBody body) {
        var upload = new Http1Upload(connection, call, body);
        if (call.options().duplex()) {
            going = upload.runDuplex(hop, () -> awaitFinalHead(connection));
        } else {
            upload.run(ByteBuffer.allocate(0), () -> awaitFinalHead(connection));
        }
    }

    /** The status 100, or that of an answer which makes the body needless. */
    private int awaitGoAhead(Http1ClientConnection connection) {
        while (true) {
            connection.readHead(call);
            int status = connection.parser().status();
            if (status >= 200) {
                return status;
            }
            passInterim(connection, status);
            if (status == 100) {
                return status;
            }
        }
    }

    private int awaitFinalHead(Http1ClientConnection connection) {
        ReplyParser parser = connection.parser();
        while (true) {
            if (!parser.isHeadDone()) {
                connection.readHead(call);
            }
            int status = parser.status();
            if (status >= 200) {
                return status;
            }
            passInterim(connection, status);
        }
    }

    private void passInterim(Http1ClientConnection connection, int status) {
        if (status == 101) {
            throw new BadReplyException("the server switches protocols unasked");
        }
        if (connection.countInterim() > call.options().limits().maxInterimResponses()) {
            throw new BadReplyException(
                    "more than " + call.options().limits().maxInterimResponses() + " interim responses");
        }
        call.tellInterim(status, connection.parser().head().headers());
        connection.beginHead(hop.isHead());
    }

    /** The reply, with its connection given back already if the body has come whole. */
    private ReplyBody body(Http1ClientConnection connection, ReplyHead head) {
        ReplyParser parser = connection.parser();
        if (going != null) {
            var body = new Http1ReplyBody(connection, call, hop, head, going);
            return parser.isComplete() ? body.ended() : body;
        }
        if (parser.isComplete()) {
            pool().release(connection, connection.isReusable());
            call.trace().ended(parser.status(), true);
            return new ReplyBody.InMemory(hop, head);
        }
        long length = parser.length();
        ByteBuffer arrived = connection.stream().buffered();
        if (length < 0 || length > EARLY_BODY_BYTES || length > arrived.remaining()) {
            return new Http1ReplyBody(connection, call, hop, head, null);
        }
        byte[] bytes = new byte[(int) length];
        parser.parseBody(arrived, bytes, 0, bytes.length);
        pool().release(connection, connection.isReusable());
        call.trace().ended(parser.status(), true);
        return new ReplyBody.InMemory(hop, head, bytes, Headers.EMPTY);
    }

    private ConnectionPool pool() {
        return call.loop().pool();
    }
}
