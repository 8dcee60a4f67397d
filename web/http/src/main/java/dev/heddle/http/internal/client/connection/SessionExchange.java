package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange on a stream of its own, up to the head of the answer. Owned by the calling task.
 *
 * <p>Tried once more, whatever its method, if the server says that it has done nothing with it (RFC 9113, section 8.7)
 * or wants it over HTTP/1.1; and, if it may be repeated, when a connection that was used before is lost without an
 * answer, as with HTTP/1.1.
 */
final class SessionExchange {

    /** Bodies up to this size go out with the head. */
    private static final int SMALL_BODY_BYTES = 16 * 1024;

    private static final byte[] NONE = {};

    private final CallContext call;
    private final RequestHop hop;
    private boolean refused;
    private boolean lost;

    /** What of the request is sent while the reply is read. */
    private @Nullable DuplexUpload going;

    SessionExchange(CallContext call, RequestHop hop) {
        this.call = call;
        this.hop = hop;
    }

    /**
     * Sends the request and waits for the head of the answer.
     *
     * <p>Cancellation: a cancelled call has reset its stream; the connection lives on.
     *
     * @param session has room for this request, which is used or given up in any case
     * @return null if it should be tried elsewhere
     */
    @Nullable ReplyBody send(ClientSession session) {
        boolean asks = call.options().expectContinue() && hop.body().length() != 0;
        boolean reused = session.isReused();
        call.deadline().enter(Phase.SEND);
        var fields = new RequestFields(hop, call.client().head(call.options().decode()).defaults(hop), asks,
                null);
        ClientStream answer = session.open(hop, fields, hop.body().length() == 0, call.options());
        if (answer == null) {
            return null;
        }
        boolean answered = false;
        try {
            call.trace().tell(RequestTracer::headSent);
            ReplyHead head = converse(answer, asks);
            call.trace().firstByte(reused);
            ReplyBody body = body(answer, head);
            answered = true;
            return body;
        } catch (BadReplyException | BrokenException e) {
            if (mayTryAgain(session, answer, reused)) {
                return null;
            }
            throw ClientErrors.named(hop, e);
        } finally {
            if (!answered) {
                answer.done();
            }
        }
    }

    private ReplyHead converse(ClientStream answer, boolean asks) {
        ClientBody body = hop.body();
        if (asks) {
            boolean _ = Heddle.moveOnAfter(call.deadline().continueWait(), answer::awaitGoAhead);
            if (answer.hasHead()) {
                return answer.awaitHead(call);
            }
        }
        var upload = new StreamUpload(answer, call, body);
        if (body.length() == 0) {
            call.trace().tell(RequestTracer::bodySent);
            call.deadline().enter(Phase.HEAD);
        } else if (body instanceof ClientBody.Bytes memory && isSmall(answer, memory.bytes().length)) {
            upload.send(memory.bytes());
        } else if (call.options().duplex()) {
            going = upload.runDuplex(hop);
        } else {
            return upload.run();
        }
        return answer.awaitHead(call);
    }

    /** Whether it goes without a wait for windows, so that nobody needs to listen meanwhile. */
    private static boolean isSmall(ClientStream answer, int bytes) {
        return bytes <= SMALL_BODY_BYTES && answer.takesAtOnce(bytes);
    }

    /** The reply, with its room given back already if the body has come whole. */
    private ReplyBody body(ClientStream answer, ReplyHead head) {
        if (going != null) {
            var body = new StreamReplyBody(answer, call, hop, head, going);
            return answer.length() == 0 || answer.isDone() ? body.ended() : body;
        }
        byte[] bytes = answer.length() == 0 ? NONE : answer.takeWhole(); // what comes where there is no body is none
        if (bytes == null) {
            return new StreamReplyBody(answer, call, hop, head, null);
        }
        Headers trailers = answer.trailers();
        answer.done();
        call.trace().ended(head.status(), true);
        return new ReplyBody.InMemory(hop, head, bytes, trailers);
    }

    private boolean mayTryAgain(ClientSession session, ClientStream answer, boolean reused) {
        ClientStream.Retry retry = answer.hasBegun() ? null : answer.retry();
        if (retry == null) {
            return false;
        }
        if (retry == ClientStream.Retry.NEEDS_HTTP_1) {
            session.needsHttp1();
        }
        boolean stale = retry == ClientStream.Retry.STALE;
        boolean first = stale ? !lost : !refused;
        lost |= stale;
        refused |= !stale;
        return first && (stale ? reused && hop.mayBeRepeated() : hop.body().isRepeatable());
    }
}
