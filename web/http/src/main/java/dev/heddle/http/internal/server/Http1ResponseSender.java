package dev.heddle.http.internal.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.OutBuffer;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.codec.ToldException;
import dev.heddle.http.internal.codec.TrailerFields;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.tls.Tls;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * The sender of responses over one connection of HTTP/1: heads, bodies in memory and files. A small response is one
 * write.
 */
final class Http1ResponseSender {

    /** From here on a write is given time for its bytes, not only the grace time. */
    private static final int MANY_BYTES = 64 * 1024;

    /** What the kernel is asked for by one call, so that those who count are not far behind. */
    private static final int FILE_STEP_BYTES = 256 * 1024;

    /** With less in a buffer it leaves. */
    private static final int ROOM_FOR_ANOTHER = 2 * 1024;

    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] SWITCH = ascii("HTTP/1.1 101 Switching Protocols\r\n");
    private static final byte[] NOTHING = {};
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");

    private final ServerLoop loop;
    private final TimedStream timed;
    private final PipelinedOutput held;

    /** What has been sent for the request under way: for those who count. */
    private int status;

    private long bodyBytes;

    /** Whether bytes of a final response have left. */
    private boolean begun;

    Http1ResponseSender(ServerLoop loop, TimedStream timed) {
        this.loop = loop;
        this.timed = timed;
        this.held = timed.held();
    }

    /** A request has begun, and nothing is sent for it yet. */
    void begin() {
        status = 0;
        bodyBytes = 0;
        begun = false;
    }

    /** The status that was sent for the request under way; 0 if none was. */
    int status() {
        return status;
    }

    /** A streamed response begins to leave. */
    void leaves() {
        begun = true;
    }

    /** How much of the body was written, without framing. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** Tells a peer that waits with its body to send it; one that gets the final response already must not be told. */
    void sendContinue() {
        if (!begun) {
            timed.flush();
            timed.write(ByteBuffer.wrap(CONTINUE));
        }
    }

    /** Sends an interim response, in a write of its own; errors as {@link RequestSource#sendInterim}. */
    void sendInterim(int interim, Headers fields) {
        if (begun || status != 0) {
            throw new IllegalStateException("the response has begun");
        }
        sendInParts(out -> {
            out.put(VERSION).putDecimal(interim).put(" ").put(StatusLines.phrase(interim)).put(CRLF);
            fields.forEach((name, value) -> out.put(name).put(": ").put(value).put(CRLF));
            write(out.put(CRLF).view());
            return Http1Verdict.KEEP;
        });
    }

    /**
     * Sends the head of a 101, after which the connection is no longer HTTP. It has nothing of what other responses
     * have.
     */
    void sendSwitch(ServerResponse response) {
        sendInParts(out -> {
            out.put(SWITCH);
            response.headers().forEach((name, value) -> out.put(name).put(": ").put(value).put(CRLF));
            write(out.put(CRLF).view());
            return Http1Verdict.SWITCH;
        });
        status = 101;
    }

    /**
     * Sends a response, and frees what it holds.
     *
     * @param keep whether the connection may go on after it
     * @return what it does: {@code KEEP}; {@code CLOSE} if it may not, or the response turns out to need its end;
     *     {@code CUT} if the response has failed
     */
    Http1Verdict send(RequestHead head, ServerResponse response, boolean keep) {
        try {
            ResponseBody body = response.body();
            boolean bodyless = head.method().equals("HEAD") || hasNoBody(response.status());
            if (bodyless) {
                sendHead(response, head.http11(), keep,
                        hasNoBody(response.status()) ? ResponseBody.UNKNOWN : body.length());
                return ended(keep);
            }
            if (body instanceof ResponseBody.Bytes(byte[] bytes)) {
                // Nearly all: so the first answer of a server does not wait for the JVM to link a switch over types.
                return sendBytes(response, head.http11(), keep, bytes);
            }
            return switch (body) {
                case ResponseBody.None _ -> sendBytes(response, head.http11(), keep, NOTHING);
                case ResponseBody.Bytes(byte[] bytes) -> sendBytes(response, head.http11(), keep, bytes);
                case ResponseBody.FilePart part ->
                    sendInParts(out -> sendFile(out, response, head.http11(), keep, part));
                case ResponseBody.Streamed streamed ->
                    sendInParts(out -> sendStreamed(out, response, head, keep, streamed));
                case ResponseBody.Upgraded upgraded -> throw new IllegalStateException("not a response to send");
            };
        } finally {
            response.body().release();
        }
    }

    /** A response of more than one write, which is not written behind others. */
    private interface InParts {
        Http1Verdict send(OutBuffer out);
    }

    private Http1Verdict sendInParts(InParts response) {
        timed.flush();
        OutBuffer out = loop.takeBuffer();
        try {
            return response.send(out);
        } finally {
            loop.giveBuffer(out);
        }
    }

    /**
     * Answers what could not be read to its end, and announces the close.
     *
     * @param toHead whether the request is a HEAD, whose answer has no body
     */
    void sendError(StatusException bad, boolean toHead) {
        ServerResponse response = loop.answerer().error(bad);
        if (toHead) {
            sendHead(response, true, false, response.body().length());
        } else if (response.body() instanceof ResponseBody.Bytes(byte[] bytes)) {
            sendBytes(response, true, false, bytes);
        }
    }

    private void sendHead(ServerResponse response, boolean http11, boolean keep, long length) {
        OutBuffer out = held.take();
        putHead(out, response, http11, keep);
        if (length != ResponseBody.UNKNOWN) {
            putLength(out, length);
        }
        leave(out.put(CRLF), keep);
    }

    private Http1Verdict sendBytes(ServerResponse response, boolean http11, boolean keep, byte[] body) {
        OutBuffer out = held.take();
        putHead(out, response, http11, keep);
        putLength(out, body.length);
        out.put(CRLF);
        if (body.length <= out.room()) {
            leave(out.put(body), keep);
            bodyBytes = body.length;
        } else {
            leaveWith(out, ByteBuffer.wrap(body));
        }
        return ended(keep);
    }

    /** Sends what is in a buffer, and a body that does not fit into it. */
    private void leaveWith(OutBuffer out, ByteBuffer body) {
        try {
            timed.write(responseLimit(), out.view(), body);
        } finally {
            bodyBytes = body.position();
            loop.giveBuffer(out);
        }
    }

    /** Sends what is in a buffer, or keeps it for the next response if that follows at once. */
    private void leave(OutBuffer out, boolean mayWait) {
        if (mayWait && out.room() >= ROOM_FOR_ANOTHER && timed.hasMore()) {
            held.hold(out);
            return;
        }
        try {
            write(out.view());
        } finally {
            loop.giveBuffer(out);
        }
    }

    private Http1Verdict sendFile(OutBuffer out, ServerResponse response, boolean http11, boolean keep,
            ResponseBody.FilePart part) {
        putHead(out, response, http11, keep);
        putLength(out, part.length());
        write(out.put(CRLF).view());
        FileChannel kernelFile = Tls.session(timed.stream()).isEmpty() ? part.file().kernelFile() : null;
        boolean whole = kernelFile == null ? copyFile(part) : sendByKernel(kernelFile, part);
        return whole ? ended(keep) : Http1Verdict.CUT;
    }

    /**
     * Has the kernel send the file (sendfile(2)); false if it is shorter than when it was opened, or cannot be read:
     * the length is promised, so only a cut tells the truth.
     */
    private boolean sendByKernel(FileChannel file, ResponseBody.FilePart part) {
        TransferLimit limit = responseLimit();
        long sent = 0;
        try {
            while (sent < part.length()) {
                long count = Math.min(FILE_STEP_BYTES, part.length() - sent);
                long taken = timed.sendFile(limit, file, part.offset() + sent, count);
                sent += taken;
                bodyBytes = sent;
                if (taken < count) {
                    return false;
                }
            }
            return true;
        } catch (UncheckedIOException e) {
            loop.owner().fileFailed(part.file(), e);
            return false;
        }
    }

    /** Sends the file in pieces that worker threads read; as {@link #sendByKernel}. */
    private boolean copyFile(ResponseBody.FilePart part) {
        TransferLimit limit = responseLimit();
        return loop.fileBuffers().read(part, (piece, read) -> {
            write(limit, piece);
            bodyBytes = read;
        });
    }

    /** More of a streamed body has been written. */
    void wrote(long bytes) {
        bodyBytes += bytes;
    }

    private Http1Verdict sendStreamed(
            OutBuffer out, ServerResponse response, RequestHead head, boolean keep, ResponseBody.Streamed body) {
        var output = new Http1ResponseOutput(this, out, response, head.http11(), keep, body.length());
        try {
            loop.write(body.writer(), output);
            output.finish(TrailerFields.checked(response.trailers().get()));
            return ended(output.keeps());
        } catch (Throwable e) {
            output.end();
            HandlerFailure.throwIfCancel(e);
            boolean gone = (timed.isLost() || output.isCutOff()) && HandlerFailure.isLoss(e);
            StatusException told = output.hasBegun() ? null : loop.answerer().statusOf(e);
            boolean isSaid = e instanceof ToldException || told != null;
            if (!gone && !isSaid) {
                loop.answerer().failed(head, e);
            }
            if (output.hasBegun()) {
                return Http1Verdict.CUT;
            }
            out.clear();
            ServerResponse failed = loop.answerer()
                    .error(told == null ? new StatusException(500, StatusLines.phrase(500)) : told);
            byte[] bytes = ((ResponseBody.Bytes) failed.body()).bytes();
            return sendBytes(failed, head.http11(), keep, bytes);
        }
    }

    private static Http1Verdict ended(boolean keep) {
        return keep ? Http1Verdict.KEEP : Http1Verdict.CLOSE;
    }

    /** Puts the status line and all fields but those of framing; no empty line. */
    void putHead(OutBuffer out, ServerResponse response, boolean http11, boolean keep) {
        status = response.status();
        out.put(StatusLines.of(status));
        Headers headers = response.headers();
        boolean dated = false;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.equalsIgnoreCase("Connection")) {
                continue;
            }
            dated |= name.equalsIgnoreCase("Date");
            out.put(name).put(": ").put(headers.value(i)).put(CRLF);
        }
        if (!dated) {
            out.put(loop.date().bytes());
        }
        if (!keep) {
            out.put(CLOSE);
        } else if (!http11) {
            out.put(KEEP_ALIVE);
        }
    }

    static void putLength(OutBuffer out, long length) {
        out.put(LENGTH).putDecimal(length).put(CRLF);
    }

    /** The limit for a response of more than one write. */
    TransferLimit responseLimit() {
        return loop.limits().transfer();
    }

    /** Writes bytes that are few, or the first of many. */
    private void write(ByteBuffer source) {
        if (source.remaining() > MANY_BYTES) {
            write(responseLimit(), source);
        } else {
            timed.write(source);
        }
    }

    /** Writes bytes as slowly as the limit allows. */
    void write(TransferLimit limit, ByteBuffer... sources) {
        timed.write(limit, sources);
    }

    /** RFC 9110, section 6.4.1. */
    private static boolean hasNoBody(int status) {
        return status == 204 || status == 304;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
