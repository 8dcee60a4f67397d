package dev.heddle.http.internal.client.connection;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Inbound;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply over HTTP/2, whose room in the connection is free with the last byte. What is read opens the
 * window, so a reply that nobody reads holds up its server and no other request. Whatever else ends the reading resets
 * the stream.
 */
final class Http2ReplyBody extends StreamedReplyBody implements CancelScope.Body<Integer> {

    /** The clock of the request bounds each wait. */
    private static final Duration NO_BOUND = Duration.ofDays(1_000);

    private final Http2ClientConnection session;
    private final Http2ClientStream answer;
    private final Http2Inbound inbound;
    private ByteBuffer target = ByteBuffer.allocate(0);

    /**
     * @param upload what of the request is still to be sent; null for nothing
     */
    Http2ReplyBody(
            Http2ClientConnection session, Http2ClientStream answer, CallContext call, RequestHop hop, ReplyHead head,
            @Nullable DuplexUpload upload) {
        super(call, hop, head, upload);
        this.session = session;
        this.answer = answer;
        this.inbound = answer.stream().inbound();
        watch(() -> session.dropped(answer));
        takeUpload();
    }

    @Override
    int readOrWait(byte[] bytes, int offset, int count) {
        try {
            target = ByteBuffer.wrap(bytes, offset, count);
            int taken = inbound.arrived() > 0 ? take() : call.deadline().within(Phase.BODY, hop, this);
            if (taken > 0) {
                session.streams().use(answer.stream(), taken);
            }
            if (inbound.isDone()) {
                ended(inbound.trailers(), true);
            }
            return taken;
        } catch (ClosedException gone) {
            throw isReading() ? answer.failure() : ClientErrors.closed(hop);
        }
    }

    private int take() {
        return inbound.readWithin(NO_BOUND, target);
    }

    /** The step that may wait; an object of its own would be one more for each reply. */
    @Override
    public Integer run(CancelScope scope) {
        return take();
    }

    @Override
    public long length() {
        return answer.length();
    }

    @Override
    public boolean hasArrived() {
        return !isReading() || inbound.hasEnded() || inbound.arrived() > 0;
    }

    /** Ends a body that has nothing to read. */
    Http2ReplyBody ended() {
        ended(inbound.trailers(), true);
        return this;
    }

    @Override
    void release(boolean reusable) {
        session.done(answer);
    }

    @Override
    void cut(String why) {
        session.streams().reset(answer.stream(), Http2Error.CANCEL, why);
    }

    @Override
    void awaitEndByServer() {
        answer.stream().awaitLost();
    }

    @Override
    public void close() {
        closed(false);
    }
}
