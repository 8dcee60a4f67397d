package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.HeddleException;
import dev.heddle.Waiter;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Fault;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.Http2Inbound;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Streams;
import dev.heddle.http.internal.http2.TrailerBlock;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A stream of HTTP/2. The reading task of the connection puts in what comes, one task takes it out. */
public final class Http2ClientStream extends ClientStream {

    private static final byte[] NONE = {};

    /** The clock of the request bounds each wait. */
    private static final Duration NO_BOUND = Duration.ofDays(1_000);

    private final Http2ClientConnection session;
    private final Http2Stream stream;
    private final Http2Inbound inbound;
    private final Waiter news;

    Http2ClientStream(Http2ClientConnection session, Http2Stream stream, RequestHop hop, boolean isTunnel,
            CallOptions call, long begunNanos) {
        super(hop, isTunnel, Protocol.HTTP_2, call, begunNanos);
        this.session = session;
        this.stream = stream;
        this.inbound = stream.inbound();
        stream.heldBy(holder(), begunNanos);
        this.news = new Waiter("the response on " + stream);
        stream.tellLost(news);
    }

    Http2Stream stream() {
        return stream;
    }

    // ---- by the reading task ----

    /** A header block has come. */
    void headers(Http2Streams streams, Http2Fields fields, boolean end) {
        if (hasHead()) {
            // Trailers: section 8.1.
            check(!fields.isTooLarge(), "its trailers are larger than the client's limits");
            check(fields.malformed() == null, fields.malformed());
            check(end && !fields.hasPseudo(), "its trailers are malformed");
            streams.endBody(stream, fields.headers());
            return;
        }
        int status = takeHead(fields, end);
        if (status > 0) {
            stream.announce(length());
            stream.answered(status);
            if (end) {
                streams.endBody(stream, Headers.EMPTY);
                hasNoBody();
            }
        }
        news.complete();
    }

    @Override
    protected RuntimeException malformed(String what) {
        return Http2Fault.ofStream(stream.id(), Http2Error.PROTOCOL_ERROR, what);
    }

    // ---- by the task of the request ----

    @Override
    protected void awaitNews() {
        if (stream.isLost()) {
            throw failure();
        }
        news.reset();
        news.await();
    }

    @Override
    protected boolean takesAtOnce(int bytes) {
        return bytes <= Math.min(stream.sendWindow().left(), session.writer().window().left());
    }

    @Override
    protected void send(ByteBuffer piece, boolean end) {
        session.writer().data(stream, piece, end, TransferLimit.none());
    }

    @Override
    protected void sendTrailers(Headers trailers) {
        session.writer().head(stream, new TrailerBlock(trailers), true, TransferLimit.none());
    }

    @Override
    protected int read(ByteBuffer target) {
        int count = inbound.readWithin(NO_BOUND, target);
        if (count > 0) {
            session.streams().use(stream, count);
        }
        return count;
    }

    @Override
    protected byte @Nullable [] takeWhole() {
        if (!inbound.hasEnded()) {
            return null;
        }
        byte[] bytes = inbound.arrived() == 0 ? NONE : inbound.takeAll();
        if (bytes.length > 0) {
            session.streams().use(stream, bytes.length);
        }
        return bytes;
    }

    @Override
    protected boolean isReady() {
        return inbound.hasEnded() || inbound.arrived() > 0;
    }

    @Override
    protected boolean isDone() {
        return inbound.isDone();
    }

    @Override
    protected boolean isAwaited() {
        return inbound.isAwaited();
    }

    @Override
    protected Headers trailers() {
        return inbound.trailers();
    }

    @Override
    protected boolean isLost() {
        return stream.isLost();
    }

    /** If the server or the network did it a {@link BrokenException}; if we did, because of what came, another. */
    @Override
    protected HeddleException failure() {
        String why = String.valueOf(stream.whyLost());
        return stream.loss() == Http2Stream.Loss.RESET_BY_US ? new BadReplyException(why) : new BrokenException(why);
    }

    @Override
    protected void awaitLost() {
        stream.awaitLost();
    }

    @Override
    protected void cut(String why) {
        session.streams().reset(stream, Http2Error.CANCEL, why);
    }

    @Override
    public void done() {
        session.done(this);
    }

    @Override
    public @Nullable Retry retry() {
        if (!stream.isLost()) {
            return null;
        }
        return switch (stream.loss()) {
            case UNPROCESSED -> Retry.UNPROCESSED;
            case NEEDS_HTTP_1 -> Retry.NEEDS_HTTP_1;
            case CONNECTION -> Retry.STALE;
            case RESET_BY_PEER, RESET_BY_US -> null;
        };
    }

    @Override
    public ByteStream tunnel() {
        return session.tunnel(this);
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
