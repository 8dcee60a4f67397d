package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.HeddleException;
import dev.heddle.Waiter;
import dev.heddle.engine.Transport;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.codec.ToldException;
import dev.heddle.http.internal.codec.TrailerFields;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answerer of the requests of one connection that has a stream for each, of HTTP/2 or HTTP/3: runs the handler in the
 * calling task, and sends what it gives back. The handler of a WebSocket has its stream as a tunnel (RFC 8441).
 */
public final class StreamAnswerer {

    /** Most bytes that wait for windows under one deadline. */
    private static final int MAX_STEP_BYTES = 64 * 1024;

    /** Most characters of a path in the name of a task. */
    private static final int MAX_NAME = 100;

    private final ServerLoop loop;

    /** In the order in which they came, so that a simulation repeats. */
    private final Set<ProtocolSwitch> tunnels = new LinkedHashSet<>();

    public StreamAnswerer(ServerLoop loop) {
        this.loop = loop;
    }

    /** The name of a request's task: without the query, which may be secret, and without an end that nobody would read. */
    public static String name(RequestHead head) {
        String path = head.target().path();
        return head.method() + " " + (path.length() <= MAX_NAME ? path : path.substring(0, MAX_NAME) + "...");
    }

    /** The server stops: tunnels are to end. */
    public void stopping() {
        List.copyOf(tunnels).forEach(ProtocolSwitch::stopping);
    }

    /** Counts a request whose head has come; null if it could not be read. */
    public ServerMeter.@Nullable Begun begun(@Nullable RequestHead head, StreamExchange exchange) {
        return loop.meter().begun(head, exchange.connection());
    }

    // ---- the handler ----

    /** Answers a request; throws nothing but a cancel of the calling task. */
    public void answer(StreamExchange exchange, RequestHead head, ServerMeter.@Nullable Begun begun) {
        ScopedValue.Carrier scopes = RequestScopes.of(loop.settings(), head, exchange.connection());
        if (scopes == null) {
            answerHere(exchange, head, begun);
        } else {
            scopes.run(() -> answerHere(exchange, head, begun));
        }
    }

    private void answerHere(StreamExchange exchange, RequestHead head, ServerMeter.@Nullable Begun begun) {
        boolean cancel = false;
        boolean counted = false;
        try {
            if (!exchange.isGone()) {
                exchange.begin(head);
                ServerResponse response = loop.answerer().answer(head, exchange);
                if (response.body() instanceof ResponseBody.Upgraded(ProtocolSwitch next)) {
                    sendSwitch(exchange, response);
                    ended(exchange, head, begun);
                    counted = true;
                    carry(exchange, next);
                } else {
                    send(exchange, head, response);
                }
                exchange.close();
            }
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(exchange, gone);
        } catch (CancelledException cancelled) {
            cancel = true;
            HandlerFailure.throwIfCancel(cancelled);
            // Not this task's own: it must not end the whole connection.
            loop.answerer().failed(head, cancelled);
        } catch (RuntimeException failed) {
            loop.answerer().failed(head, failed);
        } finally {
            if (!counted) {
                ended(exchange, head, begun);
            }
            exchange.finish(cancel);
            loop.endSpawned(List.of());
        }
    }

    /** Answers what is no request that a handler could get; without a text to HEAD. */
    public void answerBad(StreamExchange exchange, StatusException bad, boolean bodyless,
            ServerMeter.@Nullable Begun begun) {
        try {
            sendError(exchange, bad, bodyless);
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(exchange, gone);
        } finally {
            ended(exchange, null, begun);
            exchange.finish(false);
        }
    }

    private void ended(StreamExchange exchange, @Nullable RequestHead head, ServerMeter.@Nullable Begun begun) {
        loop.meter().ended(head, exchange.connection(), exchange.route(), exchange.status(), exchange.sentBytes(),
                begun);
    }

    /** Lets another protocol have a stream until it ends. */
    private void carry(StreamExchange exchange, ProtocolSwitch next) {
        var over = new Waiter("the last bytes on " + exchange);
        Transport tunnel = exchange.tunnel(over::complete);
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

    // ---- the response ----

    /** Sends a response, and frees what it holds. */
    private void send(StreamExchange exchange, RequestHead head, ServerResponse response) {
        ResponseBody body = response.body();
        try {
            if (response.headers().contains("Connection")) {
                // The one thing it may say is close, which here is said to the connection and not to the stream.
                exchange.drain();
            }
            if (head.connectProtocol() != null && response.status() / 100 == 2) {
                // It would say that the tunnel is open.
                sendError(exchange, new StatusException(501, "no WebSocket here"), false);
                return;
            }
            boolean bodyless = response.status() == 204 || response.status() == 304;
            if (bodyless || head.method().equals("HEAD")) {
                sendHead(exchange, response, bodyless ? ResponseBody.UNKNOWN : body.length(), true,
                        exchange.newLimit());
                return;
            }
            switch (body) {
                case ResponseBody.None _ -> sendHead(exchange, response, 0, true, exchange.newLimit());
                case ResponseBody.Bytes(byte[] bytes) -> sendBytes(exchange, response, bytes);
                case ResponseBody.FilePart part -> sendFile(exchange, response, part);
                case ResponseBody.Streamed streamed -> sendStreamed(exchange, head, response, streamed);
                case ResponseBody.Upgraded upgraded -> throw new IllegalStateException("not a response to send");
            }
        } finally {
            body.release();
        }
    }

    /** Sends the head behind which a stream carries another protocol, and frees what that holds if it cannot. */
    private void sendSwitch(StreamExchange exchange, ServerResponse response) {
        boolean sent = false;
        try {
            sendHead(exchange, response, ResponseBody.UNKNOWN, false, exchange.newLimit());
            sent = true;
        } finally {
            if (!sent) {
                response.body().release();
            }
        }
    }

    private void sendError(StreamExchange exchange, StatusException bad, boolean bodyless) {
        ServerResponse response = loop.answerer().error(bad);
        if (bodyless) {
            sendHead(exchange, response, response.body().length(), true, exchange.newLimit());
        } else if (response.body() instanceof ResponseBody.Bytes(byte[] bytes)) {
            sendBytes(exchange, response, bytes);
        }
    }

    void sendHead(StreamExchange exchange, ServerResponse response, long length, boolean end, TransferLimit limit) {
        Headers headers = response.headers();
        String priority = headers.first("Priority");
        if (priority != null) {
            exchange.prioritize(priority);
        }
        exchange.sendHead(response.status(), headers, loop.date().value(), length, end, limit);
    }

    private void sendBytes(StreamExchange exchange, ServerResponse response, byte[] bytes) {
        TransferLimit limit = exchange.newLimit();
        sendHead(exchange, response, bytes.length, bytes.length == 0, limit);
        if (bytes.length > 0) {
            sendBody(exchange, ByteBuffer.wrap(bytes), true, limit);
        }
    }

    /** Sends a piece of a body, as slowly as the limit allows. */
    static void sendBody(StreamExchange exchange, ByteBuffer source, boolean end, TransferLimit limit) {
        int whole = source.limit();
        do {
            source.limit(Math.min(whole, source.position() + MAX_STEP_BYTES));
            exchange.sendBody(source, end && source.limit() == whole, limit);
            source.limit(whole);
        } while (source.hasRemaining());
    }

    private void sendFile(StreamExchange exchange, ServerResponse response, ResponseBody.FilePart part) {
        TransferLimit limit = exchange.newLimit();
        sendHead(exchange, response, part.length(), part.length() == 0, limit);
        // If it ends early, the stream is reset, since its length was promised.
        boolean _ = loop.fileBuffers()
                .read(part, (piece, read) -> sendBody(exchange, piece, read == part.length(), limit));
    }

    private void sendStreamed(StreamExchange exchange, RequestHead head, ServerResponse response,
            ResponseBody.Streamed body) {
        var out = new StreamResponseOutput(this, exchange, response, body.length());
        try {
            loop.write(body.writer(), out);
            out.finish(TrailerFields.checked(response.trailers().get()));
        } catch (Throwable e) {
            HandlerFailure.throwIfCancel(e);
            boolean gone = exchange.isGone() || out.isCutOff();
            if (gone && HandlerFailure.isLoss(e)) {
                throw (HeddleException) GroupException.leaves(e).getFirst();
            }
            StatusException told = out.hasBegun() ? null : loop.answerer().statusOf(e);
            boolean isSaid = e instanceof ToldException || told != null;
            if (!isSaid) {
                loop.answerer().failed(head, e);
            }
            if (gone || out.hasBegun()) {
                exchange.cutOff();
            } else {
                sendError(exchange, told == null ? new StatusException(500, StatusLines.phrase(500)) : told, false);
            }
        }
    }
}
