package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.HeadLimits;
import dev.heddle.http.internal.codec.ReplyHeadParser;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TruncatedException;
import dev.heddle.io.internal.StreamSight;
import dev.heddle.io.internal.TransportRules;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a connection of HTTP/1.1, which carries one request after the other.
 *
 * <pre>
 *   in use ◀──────▶ idle
 *      └──────────────┴──close()──▶ closed
 * </pre>
 *
 * <p>Whoever has acquired it is the only one to use it. Nothing but a whole response that was read to its end makes it
 * fit for another request.
 */
final class Http1ClientConnection extends PooledConnection {

    /** When it was given back, by the loop's clock; for the pool. */
    long idleSinceNanos;

    private final Loop loop;
    private final long bornNanos;
    private final ReplyParser parser;
    private final ByteStream stream;

    /** The request that has it, for as long as it does. */
    private @Nullable CallContext call;

    private @Nullable RequestHop hop;

    private @Nullable Task<?> task;
    private int requests;
    private int interims;
    private boolean answered;
    private boolean headBegun;
    private boolean spoilt;

    /**
     * @param parsers spare ones for the heads of the loop's replies
     */
    Http1ClientConnection(
            HostPool host, ByteStream stream, HeadLimits limits, ArrayDeque<ReplyHeadParser> parsers, Loop loop) {
        super(host);
        this.stream = stream;
        this.loop = loop;
        this.bornNanos = loop.nanoTime();
        this.parser = new ReplyParser(limits, parsers);
    }

    ByteStream stream() {
        return stream;
    }

    ReplyParser parser() {
        return parser;
    }

    /** No request has it any more. */
    void rest(long nowNanos) {
        idleSinceNanos = nowNanos;
        call = null;
        hop = null;
        task = null;
    }

    /** Begins a request. */
    void begin(CallContext request, RequestHop to) {
        call = request;
        hop = to;
        task = Task.ofThread(Thread.currentThread()).orElse(null);
        requests++;
        interims = 0;
        answered = false;
    }

    /** Whether a request before this one went over the same connection, which the server may have closed meanwhile. */
    boolean isReused() {
        return requests > 1;
    }

    /** Whether a byte of the answer has come. */
    boolean isAnswered() {
        return answered;
    }

    /** Counts one more interim response to this request. */
    int countInterim() {
        return ++interims;
    }

    /** Makes sure that it is not used again. */
    void spoil() {
        spoilt = true;
    }

    /**
     * Gets ready for a response.
     *
     * @param toHead whether it answers a HEAD request, so that it has no body
     */
    void beginHead(boolean toHead) {
        parser.start(toHead);
        headBegun = false;
    }

    /**
     * Reads the rest of the response head, be it an interim one.
     *
     * <p>Cancellation: a cancelled call has kept what came of the head, and may be called again.
     *
     * @throws BrokenException if the connection ends before the first byte
     * @throws TruncatedException if it ends inside the head
     * @throws BadReplyException if what comes is no response to trust
     */
    void readHead(CallContext request) {
        while (true) {
            ByteBuffer bytes = stream.fill();
            if (!bytes.hasRemaining()) {
                if (headBegun) {
                    throw new TruncatedException("the server closed the connection inside the response head");
                }
                throw new BrokenException("the server closed the connection without an answer");
            }
            if (!answered) {
                answered = true;
                request.trace().firstByte(isReused());
            }
            headBegun = true;
            if (parser.parseHead(bytes)) {
                return;
            }
            request.deadline().progress();
        }
    }

    /**
     * Reads from the body what has come, without waiting.
     *
     * @return the count of bytes, 0 if none are there
     */
    int readArrived(byte[] target, int offset, int count) {
        int arrived = parser.parseBody(stream.buffered(), target, offset, count);
        giveBack();
        return arrived;
    }

    /** Has the stream give back a buffer that is empty now: who reads may take long over it. */
    void giveBack() {
        stream.buffered();
    }

    /** Whether it may carry another request, now that its response is read. */
    boolean isReusable() {
        return !spoilt
                && parser.isComplete()
                && parser.isPersistent()
                && stream.isOpen()
                // Bytes that no request asked for would become the answer to the next one.
                && !stream.buffered().hasRemaining();
    }

    /**
     * Whether an idle connection still looks sound: open, and with nothing to read. Costs one look that does not wait.
     *
     * @param probe a buffer of one byte
     */
    boolean isQuiet(ByteBuffer probe) {
        try {
            return stream.isOpen() && TransportRules.tryRead(stream.transport(), probe.clear()) == 0;
        } catch (RuntimeException e) {
            // Closed, broken or cut off: each is a reason not to use it.
            return false;
        }
    }

    /** Never waits. */
    void close() {
        if (parser.isComplete()) {
            stream.close();
        } else {
            stream.abort();
        }
    }

    ConnectionSight.@Nullable Held held() {
        CallContext request = call;
        return hop == null || request == null
                ? null
                : new ConnectionSight.Held(hop.toString(), task, request.deadline().nanos());
    }

    @Override
    void countUse(PoolUse use) {
        CallContext request = call;
        ConnectionSight.Held held = held();
        if (request != null && held != null) {
            use.add(held, hasReply(), request.deadline().isWaiting());
        }
    }

    @Override
    protected ConnectionSight sight() {
        CallContext request = call;
        return new ConnectionSight(
                host.route.toString(),
                stream.remoteAddress(),
                "HTTP/1.1",
                phase(),
                held(),
                loop.nanoTime() - bornNanos,
                StreamSight.of(stream),
                request == null ? -1 : request.deadline().nanosLeft(),
                List.of());
    }

    private String phase() {
        if (call == null) {
            return "idle";
        }
        return hasReply() ? "body" : call.deadline().phaseName();
    }

    private boolean hasReply() {
        return answered && parser.isHeadDone();
    }

    @Override
    public String toString() {
        return "connection to " + host.route;
    }
}
