package dev.heddle.http.internal.http2;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.ParkingLot;
import dev.heddle.Waiter;
import dev.heddle.engine.WaitSlot;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a connection of HTTP/2: all that goes out, written by one task in batches.
 *
 * <pre>
 *   control frames, heads ───────────────▶ batch ──the writing task──▶ stream
 *   small bodies, while nobody waits ────▶   ▲
 *   larger bodies ──▶ ready ──one frame each in turn──┘   only at the moment when the batch goes
 * </pre>
 *
 * <p>The writing task runs when those that made it run have had their turn, so what they send goes in one write. Frames
 * go out in the order of the batch, as header blocks and acknowledged settings need it; and a control frame never waits
 * for more than the batch that is being written, since bodies enter the next one only after it. A stream without window
 * leaves the queue, so it holds nobody up; the others take {@linkplain Http2Turns turns}, a frame each.
 *
 * <p>Whoever makes a stream's frames waits while the batch is full, so a peer that does not read stops them. Replies
 * that the peer provokes cannot wait and are counted instead.
 */
public final class Http2Writer {

    /** The most that one DATA frame holds, so that many streams share a batch. */
    private static final int MAX_DATA_BYTES = 16 * 1024;

    /** Room below which no DATA frame is begun at the end of a batch, unless it would be whole. */
    private static final int MIN_DATA_BYTES = 1024;

    private final Loop loop;
    private final ByteStream stream;
    private final Http2Options options;
    private final Http2Budgets budgets;
    private final Http2Batch batch;
    private final Http2SendWindow window = new Http2SendWindow(Http2Frame.INITIAL_WINDOW);
    private final Http2Turns turns = new Http2Turns();
    private final ParkingLot waitingForRoom;
    private final WaitSlot work = new WaitSlot("frames to write");

    /** Whose task, which has nothing left to send, is about to run and may have more: those behind it wait that long. */
    private @Nullable Http2Stream leader;

    private long sentBytes;

    /** When a stream had its last turn. */
    private long sentNanos;

    private int replies;
    private boolean ending;
    private boolean over;
    private @Nullable Waiter flushed;

    Http2Writer(Loop loop, ByteStream stream, BufferStack buffers, Http2Options options, Http2Budgets budgets) {
        this.loop = loop;
        this.stream = stream;
        this.options = options;
        this.budgets = budgets;
        this.batch = new Http2Batch(buffers);
        this.waitingForRoom = new ParkingLot("room in the batch for " + stream.remoteAddress());
    }

    HpackWriter hpack() {
        return batch.hpack();
    }

    /** The connection's window. */
    public Http2SendWindow window() {
        return window;
    }

    /** The peer takes longer or shorter frames. */
    void limitFrames(int bytes) {
        batch.limitFrames(bytes);
    }

    // ---- the writing task ----

    /** Writes until told to end, or until the connection is lost. */
    void run() {
        try {
            CancelScope.open(scope -> {
                while (true) {
                    gather();
                    ByteBuffer out = batch.take();
                    if (out != null) {
                        write(scope, out);
                    } else if (ending) {
                        return;
                    } else {
                        work.await();
                    }
                }
            });
        } finally {
            over = true;
            ByteBuffer unsent = batch.take();
            if (unsent != null) {
                batch.free(unsent);
            }
            waitingForRoom.unparkAll();
            if (flushed != null) {
                flushed.complete();
            }
        }
    }

    private void write(CancelScope scope, ByteBuffer out) {
        replies = 0;
        waitingForRoom.unparkAll();
        try {
            scope.deadlineAfter(options.transferLimit().allowance(out.remaining()));
            stream.write(out);
            scope.clearDeadline();
        } finally {
            batch.free(out);
        }
    }

    /** Puts what the ready streams have into the batch, as far as windows and room go. */
    private void gather() {
        for (Http2Stream next = turns.next(); next != null; next = turns.next()) {
            ByteBuffer source = next.pending();
            if (source == null) {
                turns.remove(next);
                continue;
            }
            int most = Math.min(Math.min(source.remaining(), MAX_DATA_BYTES), batch.maxFrameBytes());
            int open = Math.min(next.sendWindow().left(), window.left());
            if (source.hasRemaining() && open <= 0) {
                if (window.left() <= 0) {
                    return;
                }
                turns.remove(next);
                continue;
            }
            int room = batch.roomForData();
            if (room < Math.min(most, MIN_DATA_BYTES) || isBehindLeader(next)) {
                return;
            }
            int count = source.hasRemaining() ? Math.min(Math.min(most, open), room) : 0;
            boolean all = count == source.remaining();
            putData(next, source, count, all && next.pendingEnds());
            sentNanos = loop.nanoTime();
            next.count(sentNanos, count);
            turns.took(next);
            leader = all && next.isOpenToUs() && next.isAwaited() && turns.areHeeded() ? next : null;
            if (all) {
                next.allTaken();
            } else {
                enqueue(next);
            }
        }
    }

    private boolean isBehindLeader(Http2Stream stream) {
        Http2Stream ahead = leader;
        return ahead != null && stream.isBehind(ahead);
    }

    /**
     * Has everything written, and then no more.
     *
     * <p>Cancellation: a cancelled call has written some of it.
     */
    void finish() {
        ending = true;
        work.wake();
        if (!over) {
            flushed = new Waiter("the last frames of " + stream.remoteAddress());
            flushed.await();
        }
    }

    // ---- streams ----

    /** A window of the stream has opened, or it has something to send. */
    void enqueue(Http2Stream next) {
        ByteBuffer source = next.pending();
        if (!next.queued && source != null && (next.sendWindow().left() > 0 || !source.hasRemaining())) {
            turns.add(next);
            work.wake();
        }
    }

    /** The peer has asked for a priority of its response. */
    void prioritize(Http2Stream stream, Http2Priority asked) {
        stream.prioritize(asked);
        heed(stream);
    }

    /** The response says itself how urgent it is (RFC 9218, section 8): that counts more than what its client has asked. */
    public void overridePriority(Http2Stream stream, String field) {
        stream.overridePriority(field);
        heed(stream);
    }

    private void heed(Http2Stream stream) {
        if (!stream.priority().equals(Http2Priority.SHARED)) {
            turns.heed();
        }
    }

    /** The connection's window has opened. */
    void windowOpened() {
        if (!turns.isEmpty()) {
            work.wake();
        }
    }

    /**
     * Sends a header block, waiting while the peer does not read.
     *
     * <p>Cancellation: a cancelled call has sent nothing.
     *
     * @param end whether nothing follows on the stream
     * @throws ClosedException if the stream is lost, or the peer was too slow
     */
    public void head(Http2Stream target, HeaderBlock fields, boolean end, TransferLimit limit) {
        CancelScope.throwIfCancelled();
        while (isFull()) {
            awaitRoom(limit);
            target.throwIfLost();
        }
        target.throwIfLost();
        headNow(target, fields, end);
    }

    /** Sends a header block without a wait; for the first of a stream, which must leave in the order of the numbers. */
    public void headNow(Http2Stream target, HeaderBlock fields, boolean end) {
        batch.head(target.id(), fields, end);
        if (end) {
            target.on(Http2Stream.Event.ENDED_BY_US);
        }
        work.wake();
    }

    /** Whether whoever has a frame of a stream should {@link #awaitRoom}. */
    public boolean isFull() {
        return batch.isFull() && !over;
    }

    /**
     * Waits until a batch has gone.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws ClosedException if the peer was too slow
     */
    public void awaitRoom(TransferLimit limit) {
        throwIfOver();
        long start = loop.nanoTime();
        if (!waitingForRoom.parkWithin(limit.allowance(0))) {
            throw tooSlow();
        }
        waited(limit, start);
    }

    /**
     * Sends a piece of a body, waiting until the peer's windows and its reading let all of it go.
     *
     * <p>Cancellation: a cancelled call may have sent a part; the position of the source tells.
     *
     * @param end whether nothing follows on the stream
     * @throws ClosedException if the stream is lost, or the peer was too slow
     */
    public void data(Http2Stream target, ByteBuffer source, boolean end, TransferLimit limit) {
        CancelScope.throwIfCancelled();
        target.throwIfLost();
        int count = source.remaining();
        if (dataNow(target, source, end)) {
            limit.moved(count);
            return;
        }
        throwIfOver();
        var waiter = new Waiter("window for " + target);
        target.lend(source, end, waiter);
        target.awaited(limit, loop.nanoTime());
        enqueue(target);
        try {
            awaitTaken(target, waiter, limit);
        } finally {
            target.takeBack();
            if (leader == target) {
                leader = null;
                work.wake();
            }
        }
        target.throwIfLost();
    }

    /** Puts a piece of a body into the batch if all of it goes at once, and nobody waits who would be passed by. */
    boolean dataNow(Http2Stream target, ByteBuffer source, boolean end) {
        int count = source.remaining();
        boolean goes = !over && turns.isEmpty() && !isBehindLeader(target)
                && count <= Math.min(batch.maxFrameBytes(), batch.roomForData())
                && (count == 0 || count <= Math.min(target.sendWindow().left(), window.left()));
        if (goes) {
            putData(target, source, count, end);
        }
        return goes;
    }

    /**
     * Waits until the writer has taken what is lent. Only what has left buys the peer more time, and, once that is
     * over, what both windows let go now: a window in crumbs buys crumbs, be it the stream's or the connection's. Where the
     * peer wants others before, what it takes of those has the same worth.
     */
    private void awaitTaken(Http2Stream target, Waiter taken, TransferLimit limit) {
        long others = sentBytes - target.sentBytes();
        Duration left = limit.allowance(0);
        while (!taken.awaitWithin(left)) {
            long before = others;
            others = sentBytes - target.sentBytes();
            if (target.queued && turns.areHeeded() && others > before) {
                target.count(sentNanos, others - before);
            }
            target.count(loop.nanoTime(), 0);
            left = limit.allowance(Math.clamp(window.left(), 0, target.sendable()));
            if (left.isZero()) {
                throw tooSlow();
            }
        }
        target.count(loop.nanoTime(), 0);
    }

    private void throwIfOver() {
        if (over) {
            throw new ClosedException("the connection to " + stream.remoteAddress() + " is closed");
        }
    }

    /** Counts a wait for the peer; the time at its end. */
    private long waited(TransferLimit limit, long start) {
        long now = loop.nanoTime();
        limit.waited(now - start);
        return now;
    }

    private ClosedException tooSlow() {
        return new ClosedException(stream.remoteAddress() + " takes its response too slowly");
    }

    private void putData(Http2Stream target, ByteBuffer source, int count, boolean end) {
        batch.data(target.id(), source, count, end);
        target.sendWindow().take(count);
        window.take(count);
        target.sent(count);
        sentBytes += count;
        budgets.sent(count);
        if (end) {
            target.on(Http2Stream.Event.ENDED_BY_US);
        }
        work.wake();
    }

    // ---- control frames ----

    /** What a client begins with. */
    void preface() {
        batch.preface();
        work.wake();
    }

    /** Announces settings: numbers and values in turn. */
    void settings(int... settings) {
        batch.settings(settings);
        work.wake();
    }

    void settingsAck() {
        reply();
        batch.settingsAck();
        work.wake();
    }

    void ping(long content) {
        batch.ping(0, content);
        work.wake();
    }

    void pingAck(long content) {
        reply();
        batch.ping(Http2Frame.FLAG_ACK, content);
        work.wake();
    }

    void reset(int id, Http2Error error) {
        batch.word(Http2Frame.RST_STREAM, id, error.code());
        work.wake();
    }

    /** Raises the peer's window of a stream, or of stream 0, the connection. */
    void windowUpdate(int id, int increment) {
        batch.word(Http2Frame.WINDOW_UPDATE, id, increment);
        work.wake();
    }

    void goAway(int lastStream, Http2Error error) {
        batch.goAway(lastStream, error);
        work.wake();
    }

    private void reply() {
        if (++replies > options.limits().maxQueuedReplies()) {
            throw Http2Fault.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "the peer reads no replies");
        }
    }
}
