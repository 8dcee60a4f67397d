package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.internal.Unclosed;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply as it comes over a connection, which others may have with its last byte, or when the body of the
 * request is sent if that takes longer.
 *
 * <pre>
 *   READING ──last byte──▶ ENDED ──the request is sent──▶ connection free
 *      │                     └──close() before that──▶ connection given up
 *      └──close(), a failure or a cancel──▶ CLOSED, connection given up
 * </pre>
 *
 * <p>Cancellation: a cancelled read leaves the body closed.
 */
abstract class StreamedReplyBody implements ReplyBody {

    private enum State {
        READING,
        ENDED,
        CLOSED
    }

    final CallContext call;
    final RequestHop hop;
    private final ReplyHead head;

    /** The body of the request, if it was still under way when the head came. */
    private final @Nullable DuplexUpload upload;

    private State state = State.READING;
    private Headers trailers = Headers.EMPTY;

    /** Whether the connection is kept behind the last byte, for the rest of the request. */
    private boolean sending;

    /** Whether somebody looks meanwhile if the server ends it. */
    private boolean watched;

    /** Sees to it that it is told if the reply is dropped open; null if nobody does. */
    private @Nullable Unclosed unclosed;

    StreamedReplyBody(CallContext call, RequestHop hop, ReplyHead head, @Nullable DuplexUpload upload) {
        this.call = call;
        this.hop = hop;
        this.head = head;
        this.upload = upload;
    }

    /**
     * Has the exchange given up if the reply is dropped, neither read nor closed.
     *
     * @param giveUp gives up what {@link #release} would, and tells what it was; holds nothing of this
     */
    final void watch(Supplier<String> giveUp) {
        if (Unclosed.watches(call.loop().loop())) {
            unclosed = new Dropped(this, giveUp);
        }
    }

    /** What is left of a reply that was dropped. */
    private static final class Dropped extends Unclosed {
        private final Supplier<String> giveUp;
        private final CallContext call;
        private final int status;

        Dropped(StreamedReplyBody body, Supplier<String> giveUp) {
            super(body, body.call.loop().loop(), "", null);
            this.giveUp = giveUp;
            this.call = body.call;
            this.status = body.head.status();
        }

        @Override
        protected String closeDropped() {
            String what = "the reply to " + giveUp.get();
            call.trace().ended(status, false);
            return what;
        }
    }

    /** Takes the request over that is still to be sent; called once, when the body is made. */
    final void takeUpload() {
        if (upload != null) {
            upload.belongsTo(this);
            if (upload.isOver()) {
                uploaded();
            }
        }
    }

    /** Reads what is there, waiting if nothing is; calls {@link #ended} behind the last byte. */
    abstract int readOrWait(byte[] target, int offset, int count);

    /** Shows what is there, as {@link #lend}; null if it is to be read. */
    @Nullable ByteBuffer lendOrWait() {
        return null;
    }

    /** Gives up what the body has of its connection, which goes on if that was reusable and still is. */
    abstract void release(boolean reusable);

    /** Ends the exchange at once, so that who reads fails. */
    abstract void cut(String why);

    /** Waits until the server ends an exchange whose response is whole. */
    abstract void awaitEndByServer();

    @Override
    public final RequestHop hop() {
        return hop;
    }

    @Override
    public final ReplyHead head() {
        return head;
    }

    @Override
    public final int read(byte[] target, int offset, int count) {
        return isAtEnd() ? -1 : reading(() -> readOrWait(target, offset, count));
    }

    @Override
    public final @Nullable ByteBuffer lend() {
        return isAtEnd() ? null : reading(this::lendOrWait);
    }

    private boolean isAtEnd() {
        if (state == State.CLOSED) {
            throw ClientErrors.closed(hop);
        }
        return state == State.ENDED;
    }

    private <T extends @Nullable Object> T reading(Supplier<T> step) {
        boolean alive = false;
        try {
            T result = step.get();
            alive = true;
            return result;
        } catch (BadReplyException | BrokenException e) {
            throwIfUploadFailed();
            throw ClientErrors.named(hop, e);
        } catch (ClosedException e) {
            throwIfUploadFailed();
            throw ClientErrors.namedOnce(hop, e);
        } finally {
            if (!alive) {
                end(State.CLOSED, Headers.EMPTY, false);
            }
        }
    }

    private void throwIfUploadFailed() {
        if (upload != null) {
            upload.throwIfFailed();
        }
    }

    final boolean isReading() {
        return state == State.READING;
    }

    /**
     * The last byte has come.
     *
     * @param reusable whether the connection may carry another request
     */
    final void ended(Headers last, boolean reusable) {
        end(State.ENDED, last, reusable);
    }

    /** The body is given up. */
    final void closed(boolean reusable) {
        end(State.CLOSED, Headers.EMPTY, reusable);
    }

    private void end(State end, Headers last, boolean reusable) {
        if (state == State.READING) {
            if (unclosed != null) {
                unclosed.done();
            }
            state = end;
            trailers = last;
            sending = end == State.ENDED && isUploading();
            if (!sending) {
                giveUpUpload();
                release(reusable);
            }
            call.trace().ended(head.status(), end == State.ENDED);
        } else if (end == State.CLOSED && sending) {
            sending = false;
            giveUpUpload();
            release(false);
        }
    }

    // ---- the request that still goes up ----

    /** Whether the body of the request is still being sent. */
    final boolean isUploading() {
        return upload != null && !upload.isOver();
    }

    private void giveUpUpload() {
        if (upload != null) {
            upload.giveUp("the reply is closed");
        }
    }

    /** Nothing more is sent of the request; called by its task. */
    final void uploaded() {
        if (upload != null && upload.hasFailed() && state == State.READING) {
            cut("the body of the request failed");
        }
        if (!watched) {
            releaseIfSent();
        }
    }

    private void releaseIfSent() {
        if (upload != null && sending && upload.isOver()) {
            sending = false;
            release(!upload.hasFailed());
        }
    }

    @Override
    public final void closeInput() {
        if (isReading()) {
            close();
        }
    }

    @Override
    public final void awaitSent() {
        if (upload == null) {
            return;
        }
        if (sending && !watched) {
            awaitSentOrUnwanted(upload);
        } else {
            upload.awaitOver();
        }
        upload.throwIfFailed();
    }

    /** A server that has answered may end the exchange, and so say that it wants no more of the request. */
    private void awaitSentOrUnwanted(DuplexUpload running) {
        watched = true;
        try {
            Heddle.group(group -> {
                Task<Void> watch = group.spawn("end of " + hop, () -> {
                    awaitEndByServer();
                    running.giveUp("the server wants no more of it");
                });
                running.awaitOver();
                watch.cancel();
            });
        } finally {
            watched = false;
            releaseIfSent();
        }
    }

    @Override
    public final Headers trailers() {
        return trailers;
    }
}
