package dev.heddle.http3.internal;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.ClientStream;
import dev.heddle.http.internal.client.connection.RequestFields;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request and its answer on a stream of HTTP/3, at the client's end. The task that wants what comes reads it. */
final class Http3ClientStream extends ClientStream {

    private static final byte[] NONE = {};

    /** The clock of the request bounds each wait. */
    private static final Duration NO_BOUND = Duration.ofDays(1_000);

    private final Http3ClientConnection session;
    private final Http3Stream stream;
    private boolean reading;
    private @Nullable Http3Fault fault;
    private @Nullable ClosedException gone;

    Http3ClientStream(Http3ClientConnection session, Http3Stream stream, RequestHop hop, boolean isTunnel,
            CallOptions call, long begunNanos) {
        super(hop, isTunnel, Protocol.HTTP_3, call, begunNanos);
        this.session = session;
        this.stream = stream;
    }

    Http3Stream stream() {
        return stream;
    }

    void sendHead(RequestFields fields, boolean end) {
        stream.sendHead(fields, end, TransferLimit.none());
    }

    // ---- the answer ----

    @Override
    protected RuntimeException malformed(String what) {
        return Http3Fault.ofStream(Http3Error.MESSAGE_ERROR, what);
    }

    @Override
    protected void awaitNews() {
        try {
            boolean _ = answered(() -> {
                boolean come = stream.readHead(session.fields(), NO_BOUND);
                int status = come ? takeHead(session.fields(), false) : 0;
                if (status > 0) {
                    stream.beginBody(length());
                    if (stream.hasEnded()) {
                        hasNoBody();
                    }
                }
                return come;
            });
        } catch (ClosedException e) {
            throw failure();
        }
    }

    /** Runs what reads; answers what the server does wrong, and remembers why no more comes. */
    private <T> T answered(Supplier<T> read) {
        reading = true;
        try {
            return read.get();
        } catch (Http3Fault wrong) {
            fault = wrong;
            stream.answer(wrong);
            throw new ClosedException(wrong.text(), wrong);
        } catch (ClosedException e) {
            gone = e;
            throw e;
        } finally {
            reading = false;
        }
    }

    @Override
    protected int read(ByteBuffer target) {
        return answered(() -> {
            int count = stream.read(target, session.fields(), NO_BOUND);
            boolean _ = count > 0 && stream.hasEnded(); // so that its place is free with the last byte
            return count;
        });
    }

    @Override
    protected byte @Nullable [] takeWhole() {
        return stream.isDone() ? NONE : null;
    }

    @Override
    protected boolean isReady() {
        try {
            return stream.isReady();
        } catch (Http3Fault | ClosedException e) {
            return true; // who reads hears of it
        }
    }

    @Override
    protected boolean isDone() {
        return stream.isDone();
    }

    @Override
    protected boolean isAwaited() {
        return reading;
    }

    @Override
    protected Headers trailers() {
        return stream.trailers();
    }

    // ---- the request ----

    @Override
    protected boolean takesAtOnce(int bytes) {
        return stream.transport().capacity() > 2L * bytes;
    }

    @Override
    protected void send(ByteBuffer piece, boolean end) {
        stream.sendBody(piece, end, TransferLimit.none());
    }

    @Override
    protected void sendTrailers(Headers trailers) {
        stream.sendTrailers(trailers, TransferLimit.none());
    }

    // ---- the end ----

    @Override
    protected boolean isLost() {
        return stream.transport().isGone();
    }

    @Override
    protected HeddleException failure() {
        if (fault != null) {
            return new BadReplyException(fault.text());
        }
        return new BrokenException(gone == null ? "the request is over" : String.valueOf(gone.getMessage()));
    }

    @Override
    protected void awaitLost() {
        stream.transport().awaitGone();
    }

    @Override
    protected void cut(String why) {
        stream.transport().abort(Http3Error.REQUEST_CANCELLED.code());
    }

    @Override
    public void done() {
        session.done(this);
    }

    /** Whether the server has said that it has done nothing with it. */
    boolean isRejected() {
        return stream.transport().resetCode() == Http3Error.REQUEST_REJECTED.code();
    }

    @Override
    public @Nullable Retry retry() {
        if (fault != null) {
            return null;
        }
        boolean untouched = isRejected() || session.isBehindGoAway(stream.transport().id());
        return untouched ? Retry.UNPROCESSED : session.isLost() ? Retry.STALE : null;
    }

    @Override
    public ByteStream tunnel() {
        return new ByteStream(new Http3Tunnel(stream, session.buffers(), this::done));
    }

    @Override
    public String toString() {
        return "stream " + stream.transport().id();
    }
}
