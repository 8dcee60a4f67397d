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
import dev.heddle.http.internal.http2.Http2Inbound;
import dev.heddle.http.internal.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange of HTTP/2, up to the head of the answer. Owned by the calling task.
 *
 * <p>Tried once more, whatever its method, if the server says that it has done nothing with it (RFC 9113, section 8.7)
 * or wants it over HTTP/1.1; and, if it may be repeated, when a connection that was used before is lost without an
 * answer, as with HTTP/1.1.
 */
final class Http2ClientExchange {

    /** Bodies up to this size go out with the head. */
    private static final int SMALL_BODY_BYTES = 16 * 1024;

    private static final byte[] NONE = {};

    private final CallContext call;
    private final RequestHop hop;
    private boolean refused;
    private boolean lost;

    /** What of the request is sent while the reply is read. */
    private @Nullable DuplexUpload going;

    Http2ClientExchange(CallContext call, RequestHop hop) {
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
    @Nullable ReplyBody send(Http2ClientConnection session) {
        boolean asks = call.options().expectContinue() && hop.body().length() != 0;
        boolean reused = session.isReused();
        call.deadline().enter(Phase.SEND);
        var fields = new Http2RequestEncoder(hop, call.client().head(call.options().decode()).defaults(hop), asks,
                null);
        Http2ClientStream answer = session.open(hop, fields, hop.body().length() == 0, call.options());
        if (answer == null) {
            return null;
        }
        boolean answered = false;
        try {
            call.trace().tell(RequestTracer::headSent);
            ReplyHead head = converse(session, answer, asks);
            call.trace().firstByte(reused);
            ReplyBody body = body(session, answer, head);
            answered = true;
            return body;
        } catch (BadReplyException | BrokenException e) {
            if (mayTryAgain(session, answer, reused)) {
                return null;
            }
            throw ClientErrors.named(hop, e);
        } finally {
            if (!answered) {
                session.done(answer);
            }
        }
    }

    private ReplyHead converse(Http2ClientConnection session, Http2ClientStream answer, boolean asks) {
        ClientBody body = hop.body();
        if (asks) {
            boolean _ = Heddle.moveOnAfter(call.deadline().continueWait(), answer::awaitGoAhead);
            if (answer.hasHead()) {
                return answer.awaitHead(call);
            }
        }
        var upload = new Http2Upload(session.writer(), answer, call, body);
        if (body.length() == 0) {
            call.trace().tell(RequestTracer::bodySent);
            call.deadline().enter(Phase.HEAD);
        } else if (body instanceof ClientBody.Bytes memory && isSmall(session, answer, memory.bytes().length)) {
            upload.send(memory.bytes());
        } else if (call.options().duplex()) {
            going = upload.runDuplex(hop);
        } else {
            return upload.run();
        }
        return answer.awaitHead(call);
    }

    /** Whether it goes without a wait for windows, so that nobody needs to listen meanwhile. */
    private static boolean isSmall(Http2ClientConnection session, Http2ClientStream answer, int bytes) {
        int window = Math.min(answer.stream().sendWindow().left(), session.writer().window().left());
        return bytes <= Math.min(SMALL_BODY_BYTES, window);
    }

    /** The reply, with its room given back already if the body has come whole. */
    private ReplyBody body(Http2ClientConnection session, Http2ClientStream answer, ReplyHead head) {
        Http2Inbound inbound = answer.stream().inbound();
        if (going != null) {
            var body = new Http2ReplyBody(session, answer, call, hop, head, going);
            return answer.length() == 0 || inbound.isDone() ? body.ended() : body;
        }
        if (!inbound.hasEnded() && answer.length() != 0) {
            return new Http2ReplyBody(session, answer, call, hop, head, null);
        }
        // What comes on a stream that has no body is none.
        byte[] bytes = answer.length() == 0 || inbound.arrived() == 0 ? NONE : inbound.takeAll();
        if (bytes.length > 0) {
            session.streams().use(answer.stream(), bytes.length);
        }
        Headers trailers = inbound.trailers();
        session.done(answer);
        call.trace().ended(head.status(), true);
        return new ReplyBody.InMemory(hop, head, bytes, trailers);
    }

    private boolean mayTryAgain(Http2ClientConnection session, Http2ClientStream answer, boolean reused) {
        Http2Stream stream = answer.stream();
        if (!stream.isLost() || answer.hasBegun()) {
            return false;
        }
        return switch (stream.loss()) {
            case UNPROCESSED, NEEDS_HTTP_1 -> {
                if (stream.loss() == Http2Stream.Loss.NEEDS_HTTP_1) {
                    session.leaveToHttp1();
                }
                boolean first = !refused;
                refused = true;
                yield first && hop.body().isRepeatable();
            }
            case CONNECTION -> {
                boolean first = !lost;
                lost = true;
                yield first && reused && hop.mayBeRepeated();
            }
            case RESET_BY_PEER, RESET_BY_US -> false;
        };
    }
}
