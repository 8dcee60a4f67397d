package dev.heddle.http.internal.http2;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.internal.sight.ConnectionSight;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection: one request and its response.
 *
 * <pre>
 *                HEADERS
 *   (idle) ────────────────▶ OPEN ──END_STREAM by us──▶ HALF_CLOSED_LOCAL ──END_STREAM by peer──┐
 *                             │                                                                 ▼
 *                             └──END_STREAM by peer──▶ HALF_CLOSED_REMOTE ──END_STREAM by us──▶ CLOSED
 *                                                                                               ▲
 *                             any ──RST_STREAM of either side, end of the connection────────────┘
 * </pre>
 *
 * <p>RFC 9113, section 5.1, without the states of push. The bytes to come are {@link Http2Inbound}; those to go are
 * lent to the writer by the task that sends them, and that task waits here until they are taken.
 */
public final class Http2Stream {

    /** The states of the drawing; an idle stream has no object. */
    public enum State {
        OPEN,
        HALF_CLOSED_LOCAL,
        HALF_CLOSED_REMOTE,
        CLOSED
    }

    /** What moves a stream from state to state. */
    enum Event {
        ENDED_BY_US,
        ENDED_BY_PEER,
        RESET
    }

    /** The ways in which a stream is lost: what a client makes of it. */
    public enum Loss {
        /** The connection has ended. */
        CONNECTION,
        /** The peer has reset it. */
        RESET_BY_PEER,
        /** We have reset it. */
        RESET_BY_US,
        /** The peer says that it has done nothing with it, so it may be tried elsewhere (RFC 9113, section 8.7). */
        UNPROCESSED,
        /** The peer wants the request over HTTP/1.1 (RFC 9113, section 7). */
        NEEDS_HTTP_1;

        /** What a reset by the peer means. */
        static Loss byPeer(Http2Error error) {
            return error == Http2Error.REFUSED_STREAM
                    ? UNPROCESSED
                    : error == Http2Error.HTTP_1_1_REQUIRED ? NEEDS_HTTP_1 : RESET_BY_PEER;
        }
    }

    private final int id;
    private final Http2Inbound inbound;
    private final Http2SendWindow sendWindow;
    private final Http2ReceiveWindow receiveWindow;
    private State state = State.OPEN;
    private @Nullable String lost;
    private Loss loss = Loss.CONNECTION;
    private @Nullable ParkingLot awaitingLoss;
    private @Nullable Waiter news;

    /** How long the peer's body is to be; -1 if it did not say. */
    private long announced = -1;

    private long received;

    /** What is lent to the writer; null if nothing is. */
    private @Nullable ByteBuffer pending;

    private boolean pendingEnds;

    private @Nullable Waiter taken;

    /** How long the peer may take for what is lent; null if no task waits for that. */
    private @Nullable TransferLimit limit;

    /** Up to when the wait is counted. */
    private long countedNanos;

    /** What has been answered, by whichever side does. */
    private int status;

    private long sentBytes;

    /** Who sees to its request, and since when. */
    private @Nullable Task<?> holder;

    private long heldSinceNanos;
    private @Nullable Object work;

    private Http2Priority asked = Http2Priority.SHARED;
    private Http2Priority priority = Http2Priority.SHARED;

    /** What the response says of its own priority; null for nothing. */
    private @Nullable String override;

    /** Whether it stands in the writer's queue. */
    boolean queued;

    Http2Stream(int id, int sendWindow, int receiveWindow) {
        this.id = id;
        this.inbound = new Http2Inbound(id);
        this.sendWindow = new Http2SendWindow(sendWindow);
        this.receiveWindow = new Http2ReceiveWindow(receiveWindow);
    }

    public int id() {
        return id;
    }

    public Http2Inbound inbound() {
        return inbound;
    }

    public Http2SendWindow sendWindow() {
        return sendWindow;
    }

    Http2ReceiveWindow receiveWindow() {
        return receiveWindow;
    }

    public State state() {
        return state;
    }

    /** The one place where the state changes. */
    void on(Event event) {
        state = switch (event) {
            case RESET -> State.CLOSED;
            case ENDED_BY_US -> switch (state) {
                case OPEN -> State.HALF_CLOSED_LOCAL;
                case HALF_CLOSED_REMOTE -> State.CLOSED;
                case HALF_CLOSED_LOCAL, CLOSED -> throw illegal(event);
            };
            case ENDED_BY_PEER -> switch (state) {
                case OPEN -> State.HALF_CLOSED_REMOTE;
                case HALF_CLOSED_LOCAL -> State.CLOSED;
                case HALF_CLOSED_REMOTE, CLOSED -> throw illegal(event);
            };
        };
    }

    private IllegalStateException illegal(Event event) {
        return new IllegalStateException(this + " cannot be " + event);
    }

    /** Whether the peer may still send HEADERS and DATA. */
    boolean isOpenToPeer() {
        return state == State.OPEN || state == State.HALF_CLOSED_LOCAL;
    }

    /** Whether we may still send. */
    boolean isOpenToUs() {
        return state == State.OPEN || state == State.HALF_CLOSED_REMOTE;
    }

    // ---- what was answered ----

    public void answered(int status) {
        this.status = status;
    }

    void sent(int bytes) {
        sentBytes += bytes;
    }

    /** The status of the response, ours or the peer's; 0 while there is none. */
    public int status() {
        return status;
    }

    /** How much of the body has been sent. */
    public long sentBytes() {
        return sentBytes;
    }

    // ---- who sees to it ----

    /** What its side does with it, until that is over. */
    public @Nullable Object work() {
        return work;
    }

    public void work(@Nullable Object its) {
        work = its;
    }

    /** Sets who sees to its request, and since when by the loop's clock. */
    public void heldBy(@Nullable Task<?> task, long sinceNanos) {
        holder = task;
        heldSinceNanos = sinceNanos;
    }

    /** What there is to see of it. */
    public ConnectionSight.Held held(String what, long nowNanos) {
        return new ConnectionSight.Held(what, holder, holder == null ? -1 : nowNanos - heldSinceNanos);
    }

    // ---- its priority ----

    /** How urgent its response is. */
    Http2Priority priority() {
        return priority;
    }

    void prioritize(Http2Priority wanted) {
        asked = wanted;
        priority = override == null ? wanted : Http2Priority.parse(override, wanted);
    }

    void overridePriority(String field) {
        override = field;
        prioritize(asked);
    }

    /** Whether the other goes first as long as it has something to send. */
    boolean isBehind(Http2Stream other) {
        int difference = priority.urgency() - other.priority.urgency();
        boolean inOrder = !priority.incremental() && !other.priority.incremental();
        return difference > 0 || (difference == 0 && inOrder && id > other.id);
    }

    // ---- the peer's body ----

    /** Sets what the peer said about the length of its body. */
    public void announce(long length) {
        announced = length;
    }

    /** Counts bytes of the body without padding; false if they, or their end, are not as announced (section 8.1.1). */
    boolean count(int bytes, boolean end) {
        received += bytes;
        return announced < 0 || (end ? received == announced : received <= announced);
    }

    // ---- the end that is no good one ----

    /** Ends everything on this stream: whoever reads or writes it fails with this reason. Only the first one counts. */
    void lose(String why, Loss how) {
        if (lost != null) {
            return;
        }
        lost = why;
        loss = how;
        on(Event.RESET);
        inbound.lose(why);
        pending = null;
        if (taken != null) {
            taken.complete();
        }
        if (news != null) {
            news.complete();
        }
        if (awaitingLoss != null) {
            awaitingLoss.unparkAll();
        }
    }

    public boolean isLost() {
        return lost != null;
    }

    /** How it was lost, if it was. */
    public Loss loss() {
        return loss;
    }

    /** Why it was lost; null if it was not. */
    public @Nullable String whyLost() {
        return lost;
    }

    /** Throws if nothing can be sent. */
    void throwIfLost() {
        if (lost != null) {
            throw new ClosedException(lost);
        }
    }

    /** Waits until the stream is lost. */
    public void awaitLost() {
        CancelScope.throwIfCancelled();
        if (lost != null) {
            return;
        }
        if (awaitingLoss == null) {
            awaitingLoss = new ParkingLot("the end of stream " + id);
        }
        awaitingLoss.park();
    }

    /** Completes the waiter when the stream is lost, too. */
    public void tellLost(Waiter waiter) {
        news = waiter;
    }

    // ---- what is lent to the writer ----

    /** Lends bytes to the writer; the waiter is completed when they are taken or the stream is lost. */
    void lend(ByteBuffer source, boolean end, Waiter waiter) {
        pending = source;
        pendingEnds = end;
        taken = waiter;
    }

    /** How many of the lent bytes the stream's own window lets go. */
    int sendable() {
        return pending == null ? 0 : Math.min(pending.remaining(), Math.max(0, sendWindow.left()));
    }

    /** What is lent; null if nothing is. */
    @Nullable ByteBuffer pending() {
        return pending;
    }

    boolean pendingEnds() {
        return pendingEnds;
    }

    /** The writer has taken all. */
    void allTaken() {
        pending = null;
        if (taken != null) {
            taken.complete();
        }
    }

    /** Nothing follows behind what is lent. */
    void endPending() {
        pendingEnds = true;
    }

    /** Completes another waiter when what is lent is taken or the stream is lost. */
    void tellTaken(Waiter waiter) {
        taken = waiter;
    }

    /** Whether a task waits until it is taken, and goes on then. */
    boolean isAwaited() {
        return limit != null;
    }

    /** A task begins to wait until it is taken, as long as a limit allows. */
    void awaited(TransferLimit within, long nowNanos) {
        limit = within;
        countedNanos = nowNanos;
    }

    /** Counts the wait up to a moment, and what has left then: so that buys no more than a stall from there on. */
    void count(long nanos, long bytes) {
        if (limit != null) {
            limit.waited(Math.max(0, nanos - countedNanos));
            limit.moved(bytes);
            countedNanos = Math.max(countedNanos, nanos);
        }
    }

    /** Takes back what was lent. */
    void takeBack() {
        pending = null;
        limit = null;
        taken = null;
    }

    @Override
    public String toString() {
        return "stream " + id + ", " + state;
    }
}
