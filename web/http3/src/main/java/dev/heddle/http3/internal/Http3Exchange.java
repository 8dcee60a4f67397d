package dev.heddle.http3.internal;

import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Priority;
import dev.heddle.http.internal.server.ResponseFields;
import dev.heddle.http.internal.server.StreamExchange;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request and its response on a stream of HTTP/3, at the server's end. */
final class Http3Exchange extends StreamExchange {

    private final Http3ServerConnection connection;
    private final Http3Stream stream;
    private int status;

    /** What the client wants; null before its head has come. */
    private @Nullable Http2Priority asked;

    /** What the response says; null for nothing. */
    private @Nullable String override;

    Http3Exchange(Http3ServerConnection connection, Http3Stream stream, TransferLimit limit) {
        super(limit);
        this.connection = connection;
        this.stream = stream;
    }

    Http3Stream stream() {
        return stream;
    }

    /** Its client wants it to have a priority, until the response itself says another. */
    void ask(Http2Priority priority) {
        asked = priority;
        if (override == null) {
            stream.transport().prioritize(priority.urgency(), priority.incremental());
        } else {
            prioritize(override);
        }
    }

    boolean hasAsked() {
        return asked != null;
    }

    // ---- the request ----

    @Override
    protected int readWithin(Duration time, ByteBuffer target) {
        try {
            return stream.read(target, connection.fields(), time);
        } catch (Http3Fault fault) {
            connection.answer(stream, fault);
            throw new ClosedException(fault.text(), fault);
        }
    }

    @Override
    protected boolean isBodyDone() {
        return stream.isDone();
    }

    @Override
    protected boolean isGone() {
        return stream.transport().isGone();
    }

    @Override
    public void awaitGone() {
        stream.transport().awaitGone();
    }

    @Override
    public Headers trailers() {
        return stream.trailers();
    }

    @Override
    public ByteStream connection() {
        return connection.face();
    }

    // ---- the response ----

    @Override
    protected TransferLimit newLimit() {
        return connection.newLimit();
    }

    @Override
    protected int status() {
        return status;
    }

    @Override
    protected long sentBytes() {
        return stream.sentBytes();
    }

    @Override
    protected void sendHead(
            int code, Headers headers, String date, long length, boolean end, TransferLimit peer) {
        stream.sendHead(new ResponseFields(code, headers, date, length), end, peer);
        if (code >= 200) {
            status = code;
        }
    }

    @Override
    protected void sendBody(ByteBuffer source, boolean end, TransferLimit peer) {
        stream.sendBody(source, end, peer);
    }

    @Override
    protected void sendTrailers(Headers trailers, TransferLimit peer) {
        stream.sendTrailers(trailers, peer);
    }

    @Override
    protected void prioritize(String priority) {
        override = priority;
        Http2Priority said = Http2Priority.parse(priority, asked == null ? Http2Priority.DEFAULT : asked);
        stream.transport().prioritize(said.urgency(), said.incremental());
    }

    @Override
    protected void drain() {
        connection.drain();
    }

    @Override
    protected Transport tunnel(Runnable onOver) {
        return new Http3Tunnel(stream, connection.buffers(), onOver);
    }

    @Override
    protected void cutOff() {
        stream.close(Http3Error.INTERNAL_ERROR);
    }

    @Override
    protected void finish(boolean cancelled) {
        boolean givenUp = stream.transport().isGivenUp();
        stream.close(cancelled ? Http3Error.REQUEST_CANCELLED : Http3Error.INTERNAL_ERROR);
        if (givenUp) {
            connection.givenUp();
        }
        connection.finished(this);
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
