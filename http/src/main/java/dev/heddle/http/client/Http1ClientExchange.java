package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.ReplyParser;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The client's side of one exchange of HTTP/1.1, up to the head of the answer. Owned by the calling task.
 *
 * <pre>
 *   connect if new ──▶ send ──▶ head ──▶ reply
 *         ▲                       │
 *         └── once, if a kept connection was closed before the answer
 * </pre>
 */
final class Http1ClientExchange {

    /** Bodies up to this size go out with the head in one write, before anything is read. */
    private static final int SMALL_BODY_BYTES = 16 * 1024;

    /** A body of a known length up to this, and come with its head, is kept in memory: its connection is free at once. */
    private static final int EARLY_BODY_BYTES = 16 * 1024;

    private final ClientOptions options;
    private final ClientLoop here;
    private final CallOptions call;
    private final CallDeadline clock;
    private final RequestTrace trace;
    private final RequestHop hop;
    private final RequestHop wire;

    /**
     * @param hop the request as errors and the reply name it
     * @param wire the same as it goes out: with cookies, credentials and what the way asks for
     */
    Http1ClientExchange(
            ClientOptions options,
            ClientLoop here,
            CallOptions call,
            CallDeadline clock,
            RequestTrace trace,
            RequestHop hop,
            RequestHop wire) {
        this.options = options;
        this.here = here;
        this.call = call;
        this.clock = clock;
        this.trace = trace;
        this.hop = hop;
        this.wire = wire;
    }

    /**
     * Sends the request and waits for the head of the answer.
     *
     * @param acquired what the pool gave, to which it goes back
     * @param trail the URLs that redirected here
     */
    Reply send(Http1ClientConnection acquired, List<URI> trail) {
        Http1ClientConnection connection = answered(acquired);
        ReplyHead head = connection.parser().head();
        return ReplyMaker.make(options, call, hop, head, body(connection), trail);
    }

    /** A connection with the head of the answer read. */
    private Http1ClientConnection answered(Http1ClientConnection acquired) {
        Http1ClientConnection connection = acquired;
        boolean answered = false;
        try {
            while (!attempt(connection)) {
                connection = pool().renew(connection);
            }
            answered = true;
            return connection;
        } catch (BadReplyException | BrokenException e) {
            throw ClientErrors.named(hop, e);
        } finally {
            if (!answered) {
                pool().release(connection, false);
            }
        }
    }

    /**
     * Sends the request and reads the head of its answer.
     *
     * @return false if the connection turned out to be stale, so that another try is safe
     */
    private boolean attempt(Http1ClientConnection connection) {
        if (!connection.isConnected()) {
            connection.connected(Dialer.connect(options, connection.host.route, false, clock, trace));
        }
        connection.begin(trace);
        connection.beginHead(hop.isHead());
        try {
            send(connection);
            return true;
        } catch (BrokenException e) {
            if (connection.isReused() && !connection.isAnswered() && hop.mayBeRepeated()) {
                return false;
            }
            throw e;
        }
    }

    private void send(Http1ClientConnection connection) {
        Http1RequestHead writer = options.head(call.decode());
        ClientBody body = hop.body();
        boolean asks = call.expectContinue() && body.length() != 0;
        byte[] small = body instanceof ClientBody.Bytes memory && memory.bytes().length <= SMALL_BODY_BYTES && !asks
                ? memory.bytes()
                : null;
        ByteBuffer out = here.buffers().take(writer.room(wire) + (small == null ? 0 : small.length));
        try {
            writer.write(out, wire, asks);
            if (small != null) {
                out.put(small);
            }
            out.flip();
            if (small != null || body instanceof ClientBody.None) {
                clock.enter(Phase.SEND);
                connection.stream().write(out);
                trace.headSent();
                trace.bodySent();
                clock.enter(Phase.HEAD);
                awaitFinalHead(connection);
            } else if (!asks) {
                new Http1Upload(connection, clock, body, trace).run(out, () -> awaitFinalHead(connection));
            } else {
                clock.enter(Phase.SEND);
                connection.stream().write(out);
                trace.headSent();
                sendIfWelcome(connection, body);
            }
        } finally {
            here.buffers().give(out);
        }
    }

    private void sendIfWelcome(Http1ClientConnection connection, ClientBody body) {
        int status = Heddle.moveOnAfter(clock.continueWait(), () -> awaitGoAhead(connection)).orElse(100);
        if (status >= 200) {
            // The head promised a body that now never comes, so nothing can follow on this connection.
            connection.spoil();
            return;
        }
        new Http1Upload(connection, clock, body, trace).run(ByteBuffer.allocate(0), () -> awaitFinalHead(connection));
    }

    /** The status 100, or that of an answer which makes the body needless. */
    private int awaitGoAhead(Http1ClientConnection connection) {
        while (true) {
            connection.readHead(clock);
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
        while (true) {
            if (!connection.parser().isHeadDone()) {
                connection.readHead(clock);
            }
            int status = connection.parser().status();
            if (status >= 200) {
                return status;
            }
            passInterim(connection, status);
        }
    }

    private void passInterim(Http1ClientConnection connection, int status) {
        if (status == 101) {
            throw new BadReplyException("the server switches protocols, which nobody asked it to");
        }
        if (connection.countInterim() > call.limits().maxInterimResponses()) {
            throw new BadReplyException("more than " + call.limits().maxInterimResponses() + " interim responses");
        }
        connection.beginHead(hop.isHead());
    }

    /** The body, with its connection given back already if it has come whole. */
    private ReplyBody body(Http1ClientConnection connection) {
        ReplyParser parser = connection.parser();
        if (parser.isComplete()) {
            pool().release(connection, connection.isReusable());
            trace.ended(parser.status(), true);
            return ReplyBody.empty();
        }
        var wire = new WireBody(connection, pool(), clock, hop, trace);
        long length = parser.length();
        if (length < 0 || length > EARLY_BODY_BYTES || length > connection.stream().buffered().remaining()) {
            return wire;
        }
        byte[] bytes = new byte[(int) length];
        for (int size = 0; size < bytes.length;) {
            size += wire.read(bytes, size, bytes.length - size);
        }
        return new ReplyBody.InMemory(bytes);
    }

    private ConnectionPool pool() {
        return here.pool();
    }
}
