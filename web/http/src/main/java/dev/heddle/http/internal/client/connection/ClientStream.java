package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one stream of HTTP/2 or HTTP/3: what is sent on it, and what the server says, in interim
 * responses, the head, the body and trailers. One task sends and one reads.
 */
public abstract class ClientStream {

    private final RequestHop hop;
    private final boolean isTunnel;
    private final Protocol version;
    private final int maxInterims;
    private final long begunNanos;
    private final @Nullable Task<?> holder;
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
    protected ClientStream(RequestHop hop, boolean isTunnel, Protocol version, CallOptions call, long begunNanos) {
        this.hop = hop;
        this.isTunnel = isTunnel;
        this.version = version;
        this.maxInterims = call.limits().maxInterimResponses();
        this.untold = call.interims() == null ? null : new ArrayDeque<>();
        this.begunNanos = begunNanos;
        this.holder = Task.ofThread(Thread.currentThread()).orElse(null);
    }

    // ---- what there is to see ----

    final long begunNanos() {
        return begunNanos;
    }

    final @Nullable Task<?> holder() {
        return holder;
    }

    /** What there is to see of it. */
    public final ConnectionSight.Held sight(long nowNanos) {
        return held(this + ", " + hop, nowNanos);
    }

    final ConnectionSight.Held held(long nowNanos) {
        return held(hop.toString(), nowNanos);
    }

    private ConnectionSight.Held held(String what, long nowNanos) {
        return new ConnectionSight.Held(what, holder, holder == null ? -1 : nowNanos - begunNanos);
    }

    final void countUse(PoolUse use, long nowNanos) {
        use.add(held(nowNanos), head != null, isTunnel || isAwaited());
    }

    // ---- the head of the answer ----

    /** Whether anything was answered. */
    public final boolean hasBegun() {
        return head != null || interims > 0;
    }

    final boolean hasHead() {
        return head != null;
    }

    /** The length of the body; -1 if it was not announced. */
    public final long length() {
        return length;
    }

    /**
     * A header block has come before the body.
     *
     * @return the status of a final head; 0 for an interim one
     */
    protected final int takeHead(Http2Fields fields, boolean end) {
        check(!fields.isTooLarge(), "its head is larger than the client's limits");
        check(fields.malformed() == null, fields.malformed());
        int status = status(fields);
        if (status < 200) {
            check(!end && status != 101, "its interim response is a " + status + (end ? " that ends it" : ""));
            check(++interims <= maxInterims, "it has more than " + maxInterims + " interim responses");
            welcome |= status == 100;
            if (untold != null) {
                untold.add(new ReplyHead(status, "", fields.headers(), version));
            }
            return 0;
        }
        check(fields.headers().count("content-length") < 2, "it has two lengths");
        boolean bodyless = hop.isHead() || status == 204 || status == 304;
        boolean carries = isTunnel && status < 300;
        // RFC 9110, section 9.3.6: such an answer has no length, whatever it says.
        length = bodyless ? 0 : carries ? -1 : fields.contentLength();
        head = new ReplyHead(status, "", fields.headers(), version);
        return status;
    }

    /** The body is known to be empty. */
    protected final void hasNoBody() {
        length = 0;
    }

    /** RFC 9113, section 8.3.2. */
    private int status(Http2Fields fields) {
        String text = fields.status();
        int status = text == null || text.length() != 3 ? 0 : (int) FieldSyntax.length(text);
        check(status >= 100, "it has no status");
        check(fields.method() == null && fields.scheme() == null && fields.authority() == null
                && fields.path() == null && fields.protocol() == null, "it has fields of a request");
        return status;
    }

    /** Throws what becomes of a malformed response if something is not good. */
    protected final void check(boolean good, @Nullable String otherwise) {
        if (!good) {
            throw malformed("malformed response: " + otherwise);
        }
    }

    /**
     * Waits for the head.
     *
     * <p>Cancellation: a cancelled call may be made again.
     *
     * @throws BrokenException if the stream is lost before
     * @throws BadReplyException if what comes is no response to trust
     */
    public final ReplyHead awaitHead(CallContext call) {
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
    final void awaitGoAhead() {
        while (head == null && !welcome) {
            awaitNews();
        }
    }

    // ---- of the protocol: the head ----

    /** What a malformed response is answered with. */
    protected abstract RuntimeException malformed(String what);

    /** Waits for a header block, which then was given to {@link #takeHead}; throws as {@link #awaitHead}. */
    protected abstract void awaitNews();

    /** Whether a task waits for the body. */
    protected abstract boolean isAwaited();

    // ---- of the protocol: the request ----

    /** Whether so many bytes go without a wait, so that nobody needs to listen meanwhile. */
    protected abstract boolean takesAtOnce(int bytes);

    /**
     * Sends a piece of the body of the request.
     *
     * @throws ClosedException if the stream is lost
     */
    protected abstract void send(ByteBuffer piece, boolean end);

    /** Sends what follows the body, and ends it; throws as {@link #send}. */
    protected abstract void sendTrailers(Headers trailers);

    // ---- of the protocol: the body of the answer ----

    /**
     * Takes bytes, waiting while there are none.
     *
     * @return how many, or -1 at the end
     * @throws ClosedException if the stream is lost: see {@link #failure}
     */
    protected abstract int read(ByteBuffer target);

    /** All of the body, taken at once, if all of it has come; null if not. */
    protected abstract byte @Nullable [] takeWhole();

    /** Whether a read need not wait. */
    protected abstract boolean isReady();

    /** Whether all of the body was read. */
    protected abstract boolean isDone();

    /** The fields behind the body; none before its end was read. */
    protected abstract Headers trailers();

    // ---- of the protocol: the end ----

    /** Whether the stream has ended in no good way. */
    protected abstract boolean isLost();

    /** Why it is lost. */
    protected abstract HeddleException failure();

    /** Waits until it is lost. */
    protected abstract void awaitLost();

    /** Ends it at once, so that who reads fails. */
    protected abstract void cut(String why);

    /** The request is over; what is still open of the stream is reset. Does nothing the second time. */
    public abstract void done();

    /**
     * What another try may do about its loss.
     *
     * @return null if nothing, or where it is not lost
     */
    public abstract @Nullable Retry retry();

    /** What carries another protocol from now on, behind a good answer; when that is over, so is the request. */
    public abstract ByteStream tunnel();

    /** Why a request may be tried once more. */
    public enum Retry {
        /** The server has done nothing with it. */
        UNPROCESSED,
        /** And it wants it by HTTP/1.1. */
        NEEDS_HTTP_1,
        /** The connection was lost, which may have been stale. */
        STALE
    }
}
