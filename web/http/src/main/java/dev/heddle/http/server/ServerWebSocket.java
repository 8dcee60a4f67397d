package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.server.HandlerFailure;
import dev.heddle.http.internal.server.ProtocolSwitch;
import dev.heddle.http.internal.websocket.CloseCodes;
import dev.heddle.http.internal.websocket.DeflateTerms;
import dev.heddle.http.internal.websocket.RealWebSocket;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a WebSocket, on a connection that was upgraded: runs the handler, and closes as its end demands.
 */
final class ServerWebSocket implements ProtocolSwitch {

    private final Request request;
    private final WebSocketOptions options;
    private final @Nullable DeflateTerms terms;
    private final @Nullable String subprotocol;
    private final WebSocketHandler handler;
    private @Nullable RealWebSocket socket;
    private boolean stopping;

    ServerWebSocket(
            Request request,
            WebSocketOptions options,
            @Nullable DeflateTerms terms,
            @Nullable String subprotocol,
            WebSocketHandler handler) {
        this.request = request;
        this.options = options;
        this.terms = terms;
        this.subprotocol = subprotocol;
        this.handler = handler;
    }

    @Override
    public void run(ByteStream stream) {
        var opened = new RealWebSocket(stream, false, options, terms, subprotocol);
        socket = opened;
        if (stopping) {
            opened.goAway();
        }
        try {
            handler.handle(request, opened);
            opened.close();
        } catch (Throwable e) {
            HandlerFailure.throwIfCancel(e);
            if (!isFaultOfPeer(opened, e)) {
                ServerLog.handlerFailed(request.head(), e);
            }
            opened.close(CloseCodes.FAILED, "");
        } finally {
            opened.abort();
        }
    }

    /** A peer that goes away or talks nonsense has been dealt with when the handler hears of it. */
    private static boolean isFaultOfPeer(WebSocket socket, Throwable e) {
        return !socket.isOpen()
                && GroupException.leaves(e).stream()
                        .allMatch(leaf -> leaf instanceof BrokenException
                                || leaf instanceof ClosedException
                                || leaf instanceof MalformedMessageException
                                || leaf instanceof LimitExceededException);
    }

    @Override
    public String protocol() {
        return "WebSocket";
    }

    @Override
    public String phase() {
        return socket == null ? "switched" : socket.phase();
    }

    @Override
    public String label() {
        return request.head().label();
    }

    @Override
    public void stopping() {
        stopping = true;
        if (socket != null) {
            socket.goAway();
        }
    }
}
