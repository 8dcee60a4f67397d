package dev.heddle.http3.internal;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.Waiter;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.server.Http3Port;
import dev.heddle.http.internal.server.ServerLoop;
import dev.heddle.quic.internal.Conversation;
import dev.heddle.quic.internal.Endpoint;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The port of a server's HTTP/3. */
final class Http3ServerPort implements Http3Port {

    private final Endpoint endpoint;
    private final Http2Limits streams;
    private @Nullable CancelScope serving;
    private @Nullable Waiter over;

    Http3ServerPort(Endpoint endpoint, Http2Limits streams) {
        this.endpoint = endpoint;
        this.streams = streams;
    }

    @Override
    public void serve(Supplier<ServerLoop> here) {
        ServerLoop loop = here.get();
        var ended = new Waiter("the last connections of HTTP/3");
        over = ended;
        try {
            CancelScope.open(scope -> {
                serving = scope;
                Heddle.group(group -> acceptAll(group, loop));
            });
        } finally {
            endpoint.close();
            ended.complete();
        }
    }

    private void acceptAll(TaskGroup group, ServerLoop loop) {
        try {
            while (true) {
                Conversation next = endpoint.accept();
                group.spawn("connection " + next.remoteAddress(), () -> serve(loop, next));
            }
        } catch (ClosedException e) {
            // The server takes no more.
        }
    }

    /** One that fails in a way that nobody has thought of takes no other along. */
    private void serve(ServerLoop loop, Conversation connection) {
        try {
            loop.serve(new Http3ServerConnection(loop, connection, streams));
        } catch (RuntimeException e) {
            CancelScope.throwIfCancelled();
            loop.loop().config().failureHandler().failed("the connection to " + connection.remoteAddress(), e);
        } finally {
            connection.close();
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }

    @Override
    public void cancel() {
        try {
            if (serving != null && over != null) {
                serving.cancel("the server stops");
                over.await();
            }
        } finally {
            endpoint.abort(); // so that the port is free
        }
    }
}
