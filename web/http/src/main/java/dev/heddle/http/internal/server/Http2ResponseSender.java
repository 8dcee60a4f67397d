package dev.heddle.http.internal.server;

import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.HeddleException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.codec.ToldException;
import dev.heddle.http.internal.codec.TrailerFields;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Connection;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Trailers;
import dev.heddle.http.internal.http2.Http2Writer;
import java.nio.ByteBuffer;

/**
 * The sender of responses on the streams of one connection of HTTP/2. A small response is one batch, mostly with
 * others.
 */
final class Http2ResponseSender {

    /** Most bytes that wait for windows under one deadline. */
    private static final int MAX_STEP_BYTES = 64 * 1024;

    private final ServerLoop loop;
    private final Http2Connection connection;
    private final Http2Writer writer;
    private final Http2Options options;

    Http2ResponseSender(ServerLoop loop, Http2Connection connection, Http2Options options) {
        this.loop = loop;
        this.connection = connection;
        this.writer = connection.writer();
        this.options = options;
    }

    /** How long one direction of a stream may wait for the peer. */
    TransferLimit limit() {
        return options.transferLimit();
    }

    /**
     * Sends a response, and frees what it holds.
     *
     * @throws ClosedException if the stream is lost
     */
    void send(Http2Stream stream, RequestHead head, ServerResponse response) {
        ResponseBody body = response.body();
        try {
            if (response.headers().contains("Connection")) {
                // The one thing it may say is close, which here is said to the connection and not to the stream.
                connection.drain();
            }
            if (head.connectProtocol() != null && response.status() / 100 == 2) {
                // It would say that the tunnel is open.
                sendError(stream, new StatusException(501, "no WebSocket here"), false);
                return;
            }
            boolean bodyless = response.status() == 204 || response.status() == 304;
            if (bodyless || head.method().equals("HEAD")) {
                sendHead(stream, response, bodyless ? ResponseBody.UNKNOWN : body.length(), true, limit());
                return;
            }
            switch (body) {
                case ResponseBody.None _ -> sendHead(stream, response, 0, true, limit());
                case ResponseBody.Bytes(byte[] bytes) -> sendBytes(stream, response, bytes);
                case ResponseBody.FilePart part -> sendFile(stream, response, part);
                case ResponseBody.Streamed streamed -> sendStreamed(stream, head, response, streamed);
                case ResponseBody.Upgraded upgraded -> throw new IllegalStateException("not a response to send");
            }
        } finally {
            body.release();
        }
    }

    /** Sends the head behind which a stream carries another protocol, and frees what that holds if it cannot. */
    void sendSwitch(Http2Stream stream, ServerResponse response) {
        boolean sent = false;
        try {
            sendHead(stream, response, ResponseBody.UNKNOWN, false, limit());
            sent = true;
        } finally {
            if (!sent) {
                response.body().release();
            }
        }
    }

    /** Answers what no handler has answered; without the text if the request was HEAD. */
    void sendError(Http2Stream stream, StatusException bad, boolean bodyless) {
        ServerResponse response = loop.answerer().error(bad);
        if (bodyless) {
            sendHead(stream, response, response.body().length(), true, limit());
        } else if (response.body() instanceof ResponseBody.Bytes(byte[] bytes)) {
            sendBytes(stream, response, bytes);
        }
    }

    /** Sends a go-ahead (RFC 9110, section 10.1.1), unless the response has begun: then it would be no interim one. */
    void sendContinue(Http2Stream stream) {
        if (stream.status() == 0) {
            sendInterim(stream, 100, Headers.EMPTY);
        }
    }

    /** Sends an interim response; errors as {@link RequestSource#sendInterim}. */
    void sendInterim(Http2Stream stream, int status, Headers fields) {
        if (stream.status() != 0) {
            throw new IllegalStateException("the response has begun");
        }
        writer.head(stream, new Http2ResponseEncoder(status, fields, "", ResponseBody.UNKNOWN), false, limit());
    }

    void sendHead(Http2Stream stream, ServerResponse response, long length, boolean end, TransferLimit limit) {
        String priority = response.headers().first("Priority");
        if (priority != null) {
            writer.overridePriority(stream, priority);
        }
        var fields = new Http2ResponseEncoder(response.status(), response.headers(), loop.date().value(), length);
        writer.head(stream, fields, end, limit);
        stream.answered(response.status());
    }

    /** The peer's address, fit for a log line. */
    String peer() {
        return connection.stream().remoteAddress();
    }

    /** Sends what follows a body, and ends it. */
    void sendTrailers(Http2Stream stream, Headers trailers, TransferLimit limit) {
        writer.head(stream, new Http2Trailers(trailers), true, limit);
    }

    private void sendBytes(Http2Stream stream, ServerResponse response, byte[] bytes) {
        TransferLimit limit = limit();
        sendHead(stream, response, bytes.length, bytes.length == 0, limit);
        if (bytes.length > 0) {
            sendBody(stream, ByteBuffer.wrap(bytes), true, limit);
        }
    }

    /** Sends a piece of a body, as slowly as the limit allows. */
    void sendBody(Http2Stream stream, ByteBuffer source, boolean end, TransferLimit limit) {
        int whole = source.limit();
        do {
            source.limit(Math.min(whole, source.position() + MAX_STEP_BYTES));
            writer.data(stream, source, end && source.limit() == whole, limit);
            source.limit(whole);
        } while (source.hasRemaining());
    }

    private void sendFile(Http2Stream stream, ServerResponse response, ResponseBody.FilePart part) {
        TransferLimit limit = limit();
        sendHead(stream, response, part.length(), part.length() == 0, limit);
        // If it ends early, the stream is reset, since its length was promised.
        boolean _ = loop.fileBuffers()
                .read(part, (piece, read) -> sendBody(stream, piece, read == part.length(), limit));
    }

    private void sendStreamed(Http2Stream stream, RequestHead head, ServerResponse response,
            ResponseBody.Streamed body) {
        var out = new Http2ResponseOutput(this, stream, response, body.length());
        try {
            loop.write(body.writer(), out);
            out.finish(TrailerFields.checked(response.trailers().get()));
        } catch (Throwable e) {
            HandlerFailure.throwIfCancel(e);
            boolean gone = stream.isLost() || out.isCutOff();
            if (gone && HandlerFailure.isLoss(e)) {
                throw (HeddleException) GroupException.leaves(e).getFirst();
            }
            StatusException told = out.hasBegun() ? null : loop.answerer().statusOf(e);
            boolean isSaid = e instanceof ToldException || told != null;
            if (!isSaid) {
                loop.answerer().failed(head, e);
            }
            if (gone || out.hasBegun()) {
                connection.streams().reset(stream, Http2Error.INTERNAL_ERROR, "the handler failed");
            } else {
                sendError(stream, told == null ? new StatusException(500, StatusLines.phrase(500)) : told, false);
            }
        }
    }
}
