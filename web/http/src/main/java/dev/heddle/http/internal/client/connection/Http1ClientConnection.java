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
 * The client's side of a connection of HTTP/1.1, as a place in the pool: first reserved, then a connection that carries
 * one request after the other.
 *
 * <pre>
 *   reserved ──connected()──▶ in use ◀──────▶ idle
 *       └─────────────────────────┴──────────────┴──close()──▶ closed
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
    private @Nullable ByteStream stream;

    /** The request that has it, for as long as it does. */
    private @Nullable CallContext call;

    private @Nullable RequestHop hop;

    private @Nullable Task<?> task;
    private int requests;
    private int interims;
    private boolean answered;
    private boolean headBegun;
    private boolean spoilt;
    private boolean shared;

    /**
     * @param parsers spare ones for the heads of the loop's replies
     */
    Http1ClientConnection(HostPool host, HeadLimits limits, ArrayDeque<ReplyHeadParser> parsers, Loop loop) {
        super(host);
        this.loop = loop;
        this.bornNanos = loop.nanoTime();
        this.parser = new ReplyParser(limits, parsers);
    }

    boolean isConnected() {
        return stream != null;
    }

    /** Whether what is connected here may become a session of HTTP/2, for which others wait too. */
    boolean isShared() {
        return shared;
    }

    void share() {
        shared = true;
    }

    void connected(ByteStream connected) {
        stream = connected;
    }

    ByteStream stream() {
        ByteStream connected = stream;
        if (connected == null) {
            throw new IllegalStateException("not connected yet");
        }
        return connected;
    }

    ReplyParser parser() {
        return parser;
    }

    /** Has it, from now on, or its place while there is none yet. */
    void serves(CallContext request, RequestHop to) {
        call = request;
        hop = to;
        task = Task.ofThread(Thread.currentThread()).orElse(null);
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
        serves(request, to);
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
        ByteStream connected = stream();
        while (true) {
            ByteBuffer bytes = connected.fill();
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
        return parser.parseBody(stream().buffered(), target, offset, count);
    }

    /** Whether it may carry another request, now that its response is read. */
    boolean isReusable() {
        ByteStream connected = stream;
        return connected != null
                && !spoilt
                && parser.isComplete()
                && parser.isPersistent()
                && connected.isOpen()
                // Bytes that no request asked for would become the answer to the next one.
                && !connected.buffered().hasRemaining();
    }

    /**
     * Whether an idle connection still looks sound: open, and with nothing to read. Costs one look that does not wait.
     *
     * @param probe a buffer of one byte
     */
    boolean isQuiet(ByteBuffer probe) {
        try {
            ByteStream connected = stream();
            return connected.isOpen() && TransportRules.tryRead(connected.transport(), probe.clear()) == 0;
        } catch (RuntimeException e) {
            // Closed, broken or cut off: each is a reason not to use it.
            return false;
        }
    }

    /** Never waits. */
    void close() {
        ByteStream connected = stream;
        if (connected == null) {
            return;
        }
        if (parser.isComplete()) {
            connected.close();
        } else {
            connected.abort();
        }
    }

    @Override
    protected ConnectionSight sight() {
        ByteStream connected = stream;
        CallContext request = call;
        return new ConnectionSight(
                host.route.toString(),
                connected == null ? "" : connected.remoteAddress(),
                "HTTP/1.1",
                phase(),
                hop == null || request == null
                        ? null
                        : new ConnectionSight.Held(hop.toString(), task, request.deadline().nanos()),
                loop.nanoTime() - bornNanos,
                connected == null ? ConnectionSight.Bytes.NONE : StreamSight.of(connected),
                request == null ? -1 : request.deadline().nanosLeft(),
                List.of());
    }

    private String phase() {
        if (call == null) {
            return stream == null ? "reserved" : "idle";
        }
        return answered && parser.isHeadDone() ? "body" : call.deadline().phaseName();
    }

    @Override
    public String toString() {
        return "connection to " + host.route + (stream == null ? ", not made yet" : "");
    }
}
