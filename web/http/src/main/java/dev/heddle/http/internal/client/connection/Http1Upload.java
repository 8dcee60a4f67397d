package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The sending of a request body over HTTP/1.1. */
final class Http1Upload {

    private final Http1ClientConnection connection;
    private final CallContext call;
    private final ClientBody body;

    Http1Upload(Http1ClientConnection connection, CallContext call, ClientBody body) {
        this.connection = connection;
        this.call = call;
        this.body = body;
    }

    /**
     * Sends all and waits for the answer, as {@link BodyUpload#run}.
     *
     * @param head goes before the body; maybe empty
     */
    void run(ByteBuffer head, IntSupplier answer) {
        BodyUpload.run(call, () -> send(head), answer, connection::spoil);
    }

    /** Sends all behind a head that is sent, as {@link DuplexUpload#run}. */
    @Nullable DuplexUpload runDuplex(RequestHop hop, IntSupplier answer) {
        return DuplexUpload.run(call, hop, () -> send(ByteBuffer.allocate(0)), answer, connection::spoil);
    }

    private void send(ByteBuffer head) throws Exception {
        try {
            ByteStream stream = connection.stream();
            boolean withHead = head.hasRemaining();
            switch (body) {
                case ClientBody.None none -> stream.write(head);
                case ClientBody.Bytes memory -> stream.write(head, ByteBuffer.wrap(memory.bytes()));
                case ClientBody.Written written -> {
                    stream.write(head);
                    if (withHead) {
                        call.trace().tell(RequestTracer::headSent);
                        withHead = false;
                    }
                    write(written, new Http1RequestOutput(stream, written.length()));
                }
            }
            if (withHead) {
                call.trace().tell(RequestTracer::headSent);
            }
            call.trace().tell(RequestTracer::bodySent);
            call.deadline().bodySent();
        } catch (BrokenException e) {
            // The answer may have come before the connection broke; who reads it decides, and need not wait for ever.
            connection.spoil();
            call.deadline().bodySent();
        }
    }

    /** What the connection fails with comes out as it is, whatever the writer made of it. */
    private static void write(ClientBody.Written body, Http1RequestOutput out) throws Exception {
        try {
            BodyUpload.write(body, out);
            out.finish(body.trailers());
        } catch (Exception e) {
            BrokenException connection = out.broken();
            throw connection == null ? e : connection;
        }
    }
}
