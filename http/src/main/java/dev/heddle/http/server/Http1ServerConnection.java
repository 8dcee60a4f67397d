package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.RequestParser;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server-side connection of HTTP/1.1, from its first byte to its close: the loop over its requests.
 *
 * <pre>
 *   IDLE ──first byte──▶ HEAD ──complete──▶ HANDLER ──answer──▶ RESPONSE ──keep──▶ IDLE
 *    │                    │ bad, late          │ body late           │ late      └──close──▶ CLOSING
 *    └─ late: close       └─▶ 4xx, CLOSING     ├─▶ 408, CLOSING      └─▶ abort
 *                                              └─101─▶ SWITCHED ──▶ closed
 * </pre>
 *
 * <p>One scope spans the whole life, and its deadline is moved from phase to phase; a peer that is late in any of them
 * cuts the scope off, and with it the handler. Requests that come ahead of their turn stay in the stream: nothing is read
 * while a handler runs, so the system's own flow control holds the peer back.
 */
final class Http1ServerConnection {

    private enum Phase {
        IDLE,
        HEAD,
        HANDLER,
        RESPONSE,
        CLOSING,
        SWITCHED
    }

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerLoop run;
    private final ServerLimits limits;
    private final ByteStream stream;
    private final Http1ResponseSender sender;
    private final TimedStream timed;
    private final long bornNanos;

    private Phase phase = Phase.IDLE;
    private int requests;
    private @Nullable RequestParser bodyParser;
    private @Nullable Http2ServerConnection http2;

    /** The request under way: begun, and its response not sent to the end. */
    private @Nullable Http1ServerExchange exchange;

    /** What speaks on this connection now, after HTTP. */
    private @Nullable ProtocolSwitch takeover;

    /** Whether the peer may still be sending, so that a plain close could destroy the last response on its way. */
    private boolean lingers;

    /** Whether it certainly is: there is more of a request than was read. */
    private boolean unread;

    /** Whether the last response is not whole: nothing may follow it, not even a good end of the stream. */
    private boolean cut;

    Http1ServerConnection(ServerLoop run, ByteStream bare) {
        this.run = run;
        this.limits = run.limits();
        this.timed = new TimedStream(run, bare);
        this.stream = timed.plain();
        this.sender = new Http1ResponseSender(run, this, timed);
        this.bornNanos = run.loop().nanoTime();
    }

    /** Serves the connection until it ends, and closes it. Throws nothing but a cancel from outside. */
    void serve() {
        boolean clean = false;
        try {
            Optional<Boolean> inTime = CancelScope.open(opened -> {
                timed.scope(opened);
                serveRequests();
                return true;
            });
            timed.scope(null);
            if (inTime.isEmpty()) {
                expired();
            }
            if (lingers && !cut) {
                linger();
            }
            clean = !cut && timed.held().isEmpty();
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(this, gone);
        } finally {
            timed.held().drop();
            if (exchange != null) {
                exchange.ended();
            }
            if (clean) {
                stream.close();
            } else {
                stream.abort();
            }
        }
    }

    /** Ends the connection if no request is under way; called when the server stops. */
    void closeIfIdle() {
        if (http2 != null) {
            http2.drain();
        } else if (phase == Phase.IDLE || phase == Phase.CLOSING) {
            // A response that the peer has not taken yet comes first: it is held, or a close would destroy it on its way.
            if (timed.held().isEmpty() && !unread) {
                stream.close();
            }
        } else if (takeover != null) {
            takeover.stopping();
        }
    }

    /** Lets another protocol have the connection until it ends. */
    void switchTo(ProtocolSwitch next) {
        phase = Phase.SWITCHED;
        takeover = next;
        if (run.isStopping()) {
            next.stopping();
        }
        next.run(stream);
    }

    /** Ends the connection at once. */
    void abort() {
        stream.abort();
    }

    ByteStream stream() {
        return stream;
    }

    TimedStream timed() {
        return timed;
    }

    private void serveRequests() throws Exception {
        Http2Limits spoken = run.config().http2();
        if (spoken != null && timed.takePreface(limits.idleTime())) {
            phase = Phase.CLOSING;
            http2 = new Http2ServerConnection(run, stream, spoken);
            http2.serve();
            return;
        }
        try {
            RequestHead head = readHead();
            while (head != null && new Http1ServerExchange(run, this, head, sender).run()) {
                head = readHead();
            }
        } catch (StatusException bad) {
            // From a head: nobody knows where the next request would begin.
            phase = Phase.RESPONSE;
            lingerAtEnd(true);
            refuse(bad);
        }
    }

    /** Answers a request that could not even be read. */
    private void refuse(StatusException bad) {
        long begun = run.meter().begun();
        sender.begin();
        try {
            sender.sendError(bad, false);
        } finally {
            run.meter().ended(null, stream, sender.status(), sender.bodyBytes(), begun);
        }
    }

    /** Remembers the request under way, or that there is none. */
    void exchange(@Nullable Http1ServerExchange now) {
        exchange = now;
    }

    /** The next head; null if the connection is to end. */
    private @Nullable RequestHead readHead() {
        phase = Phase.IDLE;
        ByteBuffer in = stream.buffered();
        if (!in.hasRemaining()) {
            timed.flush();
            if (run.isStopping()) {
                return null;
            }
            in = timed.fill(limits.idleTime());
            if (!in.hasRemaining()) {
                return null;
            }
        }
        phase = Phase.HEAD;
        RequestHead head = run.plainHead().take(in);
        if (head == null) {
            head = parseHead(in);
        }
        // The head may have come at the moment when it was too late: a handler must not begin only to be cut off.
        CancelScope.throwIfCancelled();
        phase = Phase.HANDLER;
        requests++;
        return head;
    }

    private RequestHead parseHead(ByteBuffer in) {
        RequestParser parser = run.takeParser();
        RequestHead head = parser.parseHead(in);
        if (head == null) {
            head = readRestOfHead(parser);
        }
        if (head.bodyLength() == RequestHead.CHUNKED) {
            bodyParser = parser;
        } else {
            run.giveParser(parser);
        }
        return head;
    }

    private RequestHead readRestOfHead(RequestParser parser) {
        timed.flush();
        long start = run.loop().nanoTime();
        var limit = new TransferLimit(limits.headTime(), limits.headRate());
        while (true) {
            Duration left = limit.allowance(0);
            Duration leftAtMost = limits.headTimeMax().minusNanos(run.loop().nanoTime() - start);
            long before = run.loop().nanoTime();
            ByteBuffer in = timed.fill(left.compareTo(leftAtMost) < 0 ? left : leftAtMost);
            if (!in.hasRemaining()) {
                throw new StatusException(400, "the request ends in its head");
            }
            limit.waited(run.loop().nanoTime() - before);
            limit.moved(in.remaining());
            RequestHead head = parser.parseHead(in);
            if (head != null) {
                return head;
            }
        }
    }

    /** The parser that has read the head of a chunked request and shall read its body; only once. */
    RequestParser takeBodyParser() {
        RequestParser parser = bodyParser;
        if (parser == null) {
            throw new IllegalStateException("no chunked body");
        }
        bodyParser = null;
        return parser;
    }

    /** Whether this connection may go on after the request that runs now. */
    boolean mayKeep() {
        return requests < limits.maxRequests()
                && !run.isDraining()
                && run.loop().nanoTime() - bornNanos < limits.maxLifetime().toNanos();
    }

    /** Called when the response begins to be made, so that a late peer is treated accordingly. */
    void responding() {
        phase = Phase.RESPONSE;
    }

    /** Called when the response is whole: what is left of the request is of no use to anybody. */
    void responded() {
        phase = Phase.CLOSING;
    }

    /** Called when the response is not whole and cannot be: the peer must see that. */
    void cutOff() {
        cut = true;
    }

    /**
     * Called when the connection ends after this response though the peer may be sending.
     *
     * @param certainly whether it is: the request was not read to its end
     */
    void lingerAtEnd(boolean certainly) {
        lingers = true;
        unread = certainly;
    }

    /** Tells a peer that waits with its body to send it; a peer that gets the final response already must not be told. */
    void sendContinue() {
        if (!sender.hasBegun()) {
            timed.flush();
            timed.write(ByteBuffer.wrap(CONTINUE));
        }
    }

    /** The peer was late and the scope is gone. */
    private void expired() {
        switch (phase) {
            case IDLE, CLOSING, SWITCHED -> {}
            case HEAD, HANDLER -> {
                phase = Phase.RESPONSE;
                lingerAtEnd(true);
                var tooLate = new StatusException(408, "the request came too slowly");
                cut = !Heddle.moveOnAfter(limits.lingerTime(), () -> {
                    Http1ServerExchange late = exchange;
                    if (late == null) {
                        refuse(tooLate);
                    } else {
                        sender.sendError(tooLate, late.isHead());
                    }
                });
            }
            case RESPONSE -> cut = true;
        }
    }

    /**
     * Ends the output and reads on for a while: closing with unread bytes would make the system send a reset, which can
     * overtake the last response (RFC 9112, section 9.6).
     */
    private void linger() {
        phase = Phase.CLOSING;
        stream.closeOutput();
        if (run.isStopping() && !unread) {
            return;
        }
        Heddle.moveOnAfter(limits.lingerTime(), () -> {
            long left = limits.maxDrainBytes();
            while (left >= 0) {
                ByteBuffer in = stream.fill();
                if (!in.hasRemaining()) {
                    return;
                }
                left -= in.remaining();
                in.position(in.limit());
            }
        });
    }

    @Override
    public String toString() {
        return "HTTP connection from " + stream.remoteAddress() + ", " + phase;
    }
}
