package dev.heddle.http.internal.server;

import dev.heddle.engine.Transport;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Connection;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Tunnel;
import dev.heddle.http.internal.http2.TrailerBlock;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A request and its response on a stream of HTTP/2. A small response is one batch, mostly with others. */
final class Http2Exchange extends StreamExchange {

    private final Http2Connection connection;
    private final Http2Options options;
    private final Http2Stream stream;

    Http2Exchange(Http2Connection connection, Http2Options options, Http2Stream stream) {
        super(options.transferLimit());
        this.connection = connection;
        this.options = options;
        this.stream = stream;
    }

    @Override
    protected int readWithin(Duration time, ByteBuffer target) {
        int count = stream.inbound().readWithin(time, target);
        if (count > 0) {
            connection.streams().use(stream, count);
        }
        return count;
    }

    @Override
    protected boolean isBodyDone() {
        return stream.inbound().isDone();
    }

    @Override
    protected boolean isGone() {
        return stream.isLost();
    }

    @Override
    public void awaitGone() {
        stream.awaitLost();
    }

    @Override
    public Headers trailers() {
        return stream.inbound().trailers();
    }

    @Override
    public ByteStream connection() {
        return connection.stream();
    }

    @Override
    protected TransferLimit newLimit() {
        return options.transferLimit();
    }

    @Override
    protected int status() {
        return stream.status();
    }

    @Override
    protected long sentBytes() {
        return stream.sentBytes();
    }

    @Override
    protected void sendHead(
            int status, Headers headers, String date, long length, boolean end, TransferLimit peer) {
        connection.writer().head(stream, new ResponseFields(status, headers, date, length), end, peer);
        if (status >= 200) {
            stream.answered(status);
        }
    }

    @Override
    protected void sendBody(ByteBuffer source, boolean end, TransferLimit peer) {
        connection.writer().data(stream, source, end, peer);
    }

    @Override
    protected void sendTrailers(Headers trailers, TransferLimit peer) {
        connection.writer().head(stream, new TrailerBlock(trailers), true, peer);
    }

    @Override
    protected void prioritize(String priority) {
        connection.writer().overridePriority(stream, priority);
    }

    @Override
    protected void drain() {
        connection.drain();
    }

    @Override
    protected Transport tunnel(Runnable onOver) {
        return new Http2Tunnel(connection, stream, onOver);
    }

    @Override
    protected void cutOff() {
        connection.streams().reset(stream, Http2Error.INTERNAL_ERROR, "the handler failed");
    }

    @Override
    protected void finish(boolean cancelled) {
        connection.streams().finished(stream, cancelled ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
