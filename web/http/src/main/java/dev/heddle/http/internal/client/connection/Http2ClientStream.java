package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Fault;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Streams;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.internal.sight.ConnectionSight;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one stream of HTTP/2: what the server says on it, in interim responses, the head and trailers.
 * The reading task of the connection puts them in, one task takes them out; the body is {@link Http2Stream#inbound}.
 */
public final class Http2ClientStream {

    private final Http2Stream stream;
    private final RequestHop hop;
    private final boolean isTunnel;
    private final int maxInterims;
    private final long begunNanos;
    private final Waiter news;
    private @Nullable ReplyHead head;
    private int interims;

    /** Interim responses that are not told yet; null if nobody wants them. */
    private final @Nullable ArrayDeque<ReplyHead> untold;

    private boolean welcome;
    private long length = -1;

    /**
     * @param hop its request
     * @param isTunnel whether what follows a good answer is no body, but what the stream carries in place of HTTP
     * @param call its options
     * @param begunNanos when its request was sent, by the loop's clock
     */
    Http2ClientStream(Http2Stream stream, RequestHop hop, boolean isTunnel, CallOptions call, long begunNanos) {
        this.stream = stream;
        this.hop = hop;
        this.isTunnel = isTunnel;
        this.maxInterims = call.limits().maxInterimResponses();
        this.untold = call.interims() == null ? null : new ArrayDeque<>();
        this.begunNanos = begunNanos;
        stream.heldBy(Task.ofThread(Thread.currentThread()).orElse(null), begunNanos);
        this.news = new Waiter(this);
        stream.tellLost(news);
    }

    public Http2Stream stream() {
        return stream;
    }

    long begunNanos() {
        return begunNanos;
    }

    /** What there is to see of it. */
    ConnectionSight.Held sight(long nowNanos) {
        return stream.held(stream + ", " + hop, nowNanos);
    }

    ConnectionSight.Held held(long nowNanos) {
        return stream.held(hop.toString(), nowNanos);
    }

    void countUse(PoolUse use, long nowNanos) {
        use.add(held(nowNanos), head != null, isTunnel || stream.inbound().isAwaited());
    }

    /** Whether anything was answered. */
    public boolean hasBegun() {
        return head != null || interims > 0;
    }

    /** The length of the body; -1 if it was not announced. */
    long length() {
        return length;
    }

    // ---- by the reading task ----

    /** A header block has come. */
    void headers(Http2Streams streams, Http2Fields fields, boolean end) {
        check(!fields.isTooLarge(), "its head is larger than the client's limits");
        check(fields.malformed() == null, fields.malformed());
        if (head != null) {
            // Trailers: section 8.1.
            check(end && !fields.hasPseudo(), "its trailers are malformed");
            streams.endBody(stream, fields.headers());
            return;
        }
        int status = status(fields);
        if (status < 200) {
            check(!end && status != 101, "its interim response is a " + status + (end ? " that ends it" : ""));
            check(++interims <= maxInterims, "it has more than " + maxInterims + " interim responses");
            welcome |= status == 100;
            if (untold != null) {
                untold.add(new ReplyHead(status, "", fields.headers(), Protocol.HTTP_2));
            }
        } else {
            check(fields.headers().count("content-length") < 2, "it has two lengths");
            boolean bodyless = hop.isHead() || status == 204 || status == 304;
            boolean carries = isTunnel && status < 300;
            // RFC 9110, section 9.3.6: such an answer has no length, whatever it says.
            length = bodyless ? 0 : carries ? -1 : fields.contentLength();
            stream.announce(length);
            stream.answered(status);
            if (end) {
                streams.endBody(stream, Headers.EMPTY);
                length = 0;
            }
            head = new ReplyHead(status, "", fields.headers(), Protocol.HTTP_2);
        }
        news.complete();
    }

    /** Section 8.3.2. */
    private int status(Http2Fields fields) {
        String text = fields.status();
        int status = text == null || text.length() != 3 ? 0 : (int) FieldSyntax.length(text);
        check(status >= 100, "it has no status");
        check(fields.method() == null && fields.scheme() == null && fields.authority() == null
                && fields.path() == null && fields.protocol() == null, "it has fields of a request");
        return status;
    }

    private void check(boolean good, @Nullable String otherwise) {
        if (!good) {
            throw Http2Fault.ofStream(stream.id(), Http2Error.PROTOCOL_ERROR, "malformed response: " + otherwise);
        }
    }

    // ---- by the task of the request ----

    /**
     * Waits for the head.
     *
     * <p>Cancellation: a cancelled call may be made again.
     *
     * @throws BrokenException if the stream is lost before
     * @throws BadReplyException if what comes is no response to trust
     */
    public ReplyHead awaitHead(CallContext call) {
        int seen = interims;
        while (true) {
            for (ReplyHead next = nextUntold(); next != null; next = nextUntold()) {
                call.tellInterim(next.status(), next.headers());
            }
            if (head != null) {
                return head;
            }
            awaitNews();
            if (interims != seen) {
                seen = interims;
                call.deadline().progress();
            }
        }
    }

    private @Nullable ReplyHead nextUntold() {
        return untold == null ? null : untold.poll();
    }

    /**
     * Waits for a go-ahead, or for a head that makes the body needless; errors and cancellation as {@link #awaitHead}.
     */
    void awaitGoAhead() {
        while (head == null && !welcome) {
            awaitNews();
        }
    }

    boolean hasHead() {
        return head != null;
    }

    private void awaitNews() {
        throwIfLost();
        news.reset();
        news.await();
    }

    /**
     * Throws if the stream is lost.
     *
     * @throws BrokenException if the server or the network did it
     * @throws BadReplyException if we did, because of what came
     */
    void throwIfLost() {
        if (stream.isLost()) {
            throw failure();
        }
    }

    /** Why the stream is lost. */
    HeddleException failure() {
        String why = String.valueOf(stream.whyLost());
        return stream.loss() == Http2Stream.Loss.RESET_BY_US ? new BadReplyException(why) : new BrokenException(why);
    }

    @Override
    public String toString() {
        return "the response on " + stream;
    }
}
