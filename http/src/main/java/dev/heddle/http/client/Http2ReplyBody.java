package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.http2.Http2Inbound;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The reply body on a stream of HTTP/2, whose room in the connection is free with the last byte. What is read opens the
 * window, so a reply that nobody reads holds up its server and no other request.
 *
 * <p>Cancellation: a cancelled read leaves the body closed, and its stream reset.
 */
final class Http2ReplyBody implements ReplyBody, CancelScope.Body<Integer> {

    /** The clock of the request bounds each wait. */
    private static final Duration NO_BOUND = Duration.ofDays(1_000);

    private enum State {
        READING,
        ENDED,
        CLOSED
    }

    private final Http2ClientConnection session;
    private final Http2ClientStream answer;
    private final Http2Inbound inbound;
    private final CallDeadline clock;
    private final Object what;
    private final RequestTrace trace;
    private final int status;
    private State state = State.READING;
    private Headers trailers = Headers.EMPTY;
    private ByteBuffer target = ByteBuffer.allocate(0);

    /**
     * @param what names the request in errors
     */
    Http2ReplyBody(Http2ClientConnection session, Http2ClientStream answer, int status, CallDeadline clock, Object what,
            RequestTrace trace) {
        this.session = session;
        this.answer = answer;
        this.inbound = answer.stream().inbound();
        this.status = status;
        this.clock = clock;
        this.what = what;
        this.trace = trace;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) {
        if (state == State.ENDED) {
            return -1;
        }
        if (state == State.CLOSED) {
            throw closedException();
        }
        boolean alive = false;
        try {
            target = ByteBuffer.wrap(bytes, offset, count);
            int taken = inbound.arrived() > 0 ? take() : clock.within(CallDeadline.Phase.BODY, what, this);
            alive = true;
            if (taken > 0) {
                session.streams().use(answer.stream(), taken);
            }
            if (inbound.isDone()) {
                end(State.ENDED);
            }
            return taken;
        } catch (ClosedException gone) {
            throw state == State.CLOSED ? closedException() : ClientErrors.named(what, answer.failure());
        } finally {
            if (!alive) {
                end(State.CLOSED);
            }
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

    private ClosedException closedException() {
        return new ClosedException(what + ": the reply is closed");
    }

    @Override
    public long length() {
        return answer.length();
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public void close() {
        end(State.CLOSED);
    }

    private void end(State end) {
        if (state == State.READING) {
            state = end;
            trailers = inbound.trailers();
            session.done(answer);
            trace.ended(status, end == State.ENDED);
        }
    }
}
