package dev.heddle.http.client;

import dev.heddle.Task;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.websocket.RealWebSocket;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Connections;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection of a client's WebSocket, as it is seen: from when it is made until the WebSocket is over. */
final class ClientWebSocketConnection extends Connections.Link {

    private final CallContext call;
    private final RequestHop hop;
    private final ByteStream stream;
    private final long bornNanos;

    /** Who has opened it, and mostly sees to it; not held back when it has ended. */
    private final WeakReference<Task<?>> opener;
    private @Nullable RealWebSocket socket;

    private ClientWebSocketConnection(CallContext call, RequestHop hop, ByteStream stream) {
        this.call = call;
        this.hop = hop;
        this.stream = stream;
        this.bornNanos = call.loop().loop().nanoTime();
        this.opener = new WeakReference<>(Task.ofThread(Thread.currentThread()).orElse(null));
    }

    /** Makes a WebSocket of a connection, which is aborted if that fails. */
    static RealWebSocket open(CallContext call, RequestHop hop, ByteStream stream, Opening opening) {
        var connection = new ClientWebSocketConnection(call, hop, stream);
        Connections<Connections.Link> all = call.loop().connections();
        all.add(connection);
        try {
            RealWebSocket opened = opening.open();
            opened.onEnd(() -> all.remove(connection));
            connection.socket = opened;
            return opened;
        } finally {
            if (connection.socket == null) {
                all.remove(connection);
                stream.abort();
            }
        }
    }

    /** What opens a WebSocket. */
    @FunctionalInterface
    interface Opening {

        RealWebSocket open();
    }

    @Override
    protected ConnectionSight sight() {
        return new ConnectionSight(
                hop.url().origin().toString(),
                stream.remoteAddress(),
                "WebSocket",
                socket == null ? call.deadline().phaseName() : socket.phase(),
                new ConnectionSight.Held(hop.toString(), opener.get(), call.deadline().nanos()),
                call.loop().loop().nanoTime() - bornNanos,
                StreamSight.of(stream),
                socket == null ? call.deadline().nanosLeft() : -1,
                List.of());
    }

    @Override
    public String toString() {
        return "connection of " + hop;
    }
}
