package dev.heddle.http;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.net.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * All that goes out on a connection, written by one task in batches.
 *
 * <pre>
 *   control frames, heads ───────────────▶ batch ──the writing task──▶ stream
 *   small bodies, while nobody waits ────▶   ▲
 *   larger bodies ──▶ ready ──one frame each in turn──┘   only at the moment when the batch goes
 * </pre>
 *
 * <p>The writing task runs when those that made it run have had their turn, so what they send goes in one write. Frames go out
 * in the order of the batch, as header blocks and acknowledged settings need it; and a control frame never waits for more than
 * the batch that is being written, since bodies enter the next one only after it. A stream without window leaves the queue,
 * so it holds nobody up; the others take turns, a frame each.
 *
 * <p>Whoever makes a stream's frames waits while the batch is full, so a peer that does not read stops them. Replies that the
 * peer provokes cannot wait and are counted instead.
 */
final class Http2Writer {

    /** Bytes of a batch; a header block that does not fit makes one larger. */
    static final int BATCH_BYTES = 32 * 1024;

    /** The most that one DATA frame holds, so that many streams share a batch. */
    private static final int MAX_DATA_BYTES = 16 * 1024;

    /** Room below which no DATA frame is begun at the end of a batch, unless it would be whole. */
    private static final int LEAST_DATA_BYTES = 1024;

    private final Loop loop;
    private final ByteStream stream;
    private final BufferStack buffers;
    private final Http2Options options;
    private final Http2Budgets budgets;
    private final HpackWriter hpack = new HpackWriter();
    private final Http2SendWindow window = new Http2SendWindow(Http2Limits.INITIAL_WINDOW);
    private final ArrayDeque<Http2Stream> ready = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waitingForRoom = new ArrayDeque<>();
    private final Waiter work = new Waiter("frames to write");
    private @Nullable ByteBuffer batch;
    private int replies;
    private int maxFrameBytes = Http2Limits.LEAST_FRAME_BYTES;
    private boolean asleep;
    private boolean ending;
    private boolean over;
    private @Nullable Waiter flushed;

    Http2Writer(Loop loop, ByteStream stream, BufferStack buffers, Http2Options options, Http2Budgets budgets) {
        this.loop = loop;
        this.stream = stream;
        this.buffers = buffers;
        this.options = options;
        this.budgets = budgets;
    }

    HpackWriter hpack() {
        return hpack;
    }

    /** The connection's window. */
    Http2SendWindow window() {
        return window;
    }

    /** The peer takes longer or shorter frames. */
    void limitFrames(int bytes) {
        maxFrameBytes = bytes;
    }

    // ---- the writing task ----

    /** Writes until told to end, or until the connection is lost. */
    void run() {
        try {
            CancelScope.open(scope -> {
                while (true) {
                    gather();
                    if (batch != null) {
                        write(scope, batch);
                    } else if (ending) {
                        return;
                    } else {
                        sleep();
                    }
                }
            });
        } finally {
            over = true;
            freeRoom();
            if (flushed != null) {
                flushed.complete();
            }
        }
    }

    private void sleep() {
        work.reset();
        asleep = true;
        try {
            work.await();
        } finally {
            asleep = false;
        }
    }

    private void wake() {
        if (asleep) {
            asleep = false;
            work.complete();
        }
    }

    private void write(CancelScope scope, ByteBuffer out) {
        batch = null;
        replies = 0;
        freeRoom();
        out.flip();
        try {
            scope.deadlineAfter(options.transferLimit().allowance(out.remaining()));
            stream.write(out);
            scope.clearDeadline();
        } finally {
            buffers.give(out);
        }
    }

    /** Puts what the ready streams have into the batch, as far as windows and room go. */
    private void gather() {
        while (!ready.isEmpty()) {
            Http2Stream next = ready.peekFirst();
            ByteBuffer source = next.pending();
            if (source == null) {
                ready.pollFirst().queued = false;
                continue;
            }
            int most = Math.min(Math.min(source.remaining(), MAX_DATA_BYTES), maxFrameBytes);
            int open = Math.min(next.sendWindow().left(), window.left());
            if (source.hasRemaining() && open <= 0) {
                if (window.left() <= 0) {
                    return;
                }
                ready.pollFirst().queued = false;
                continue;
            }
            int room = roomForData();
            if (room < Math.min(most, LEAST_DATA_BYTES)) {
                return;
            }
            int count = source.hasRemaining() ? Math.min(Math.min(most, open), room) : 0;
            boolean all = count == source.remaining();
            putData(next, source, count, all && next.pendingEnds());
            ready.pollFirst();
            next.queued = false;
            if (all) {
                next.allTaken();
            } else {
                enqueue(next);
            }
        }
    }

    private int roomForData() {
        ByteBuffer current = batch;
        return (current == null ? BATCH_BYTES : current.remaining()) - Http2Frame.HEAD_BYTES;
    }

    private void freeRoom() {
        for (Waiter waiter = waitingForRoom.poll(); waiter != null; waiter = waitingForRoom.poll()) {
            waiter.complete();
        }
    }

    /**
     * Has everything written, and then no more.
     *
     * <p>Cancellation: a cancelled call has written some of it.
     */
    void finish() {
        ending = true;
        wake();
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
            next.queued = true;
            ready.addLast(next);
            wake();
        }
    }

    /** The connection's window has opened. */
    void windowOpened() {
        if (!ready.isEmpty()) {
            wake();
        }
    }

    /** Fields of a message, for {@link #head}. */
    interface Block {

        /** The most bytes that {@link #write} writes. */
        int mostBytes();

        /** Writes the fields; never waits. */
        void write(HpackWriter hpack, ByteBuffer target);
    }

    /**
     * Sends a header block, waiting while the peer does not read.
     *
     * <p>Cancellation: a cancelled call has sent nothing.
     *
     * @param end whether nothing follows on the stream
     * @throws ClosedException if the stream is lost, or the peer was too slow
     */
    void head(Http2Stream target, Block fields, boolean end, TransferLimit limit) {
        CancelScope.throwIfCancelled();
        while (isFull()) {
            awaitRoom(limit);
            target.throwIfLost();
        }
        target.throwIfLost();
        headNow(target, fields, end);
    }

    /** Sends a header block without a wait; for the first of a stream, which must leave in the order of the numbers. */
    void headNow(Http2Stream target, Block fields, boolean end) {
        hpackFrames(target.id(), fields, end);
        if (end) {
            target.on(Http2Stream.Event.ENDED_BY_US);
        }
    }

    /** Whether whoever has a frame of a stream should {@link #awaitRoom}. */
    boolean isFull() {
        return batch != null && batch.position() >= BATCH_BYTES / 2 && !over;
    }

    /**
     * Waits until a batch has gone.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws ClosedException if the peer was too slow
     */
    void awaitRoom(TransferLimit limit) {
        var waiter = new Waiter("room in the batch for " + stream.remoteAddress());
        waitingForRoom.add(waiter);
        try {
            wait(waiter, limit, 0);
        } finally {
            waitingForRoom.remove(waiter);
        }
    }

    private void hpackFrames(int id, Block fields, boolean end) {
        int most = fields.mostBytes();
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + most);
        int start = out.position();
        int content = start + Http2Frame.HEAD_BYTES;
        out.position(content);
        hpack.begin(out);
        fields.write(hpack, out);
        int length = out.position() - content;
        int flags = end ? Http2Frame.FLAG_END_STREAM : 0;
        int first = Math.min(length, maxFrameBytes);
        int last = first == length ? Http2Frame.FLAG_END_HEADERS : 0;
        putHead(out.position(start), first, Http2Frame.HEADERS, flags | last, id);
        if (first == length) {
            out.position(content + length);
        } else {
            byte[] rest = new byte[length - first];
            out.get(content + first, rest);
            out.position(content + first);
            continuations(id, rest);
        }
        wake();
    }

    private void continuations(int id, byte[] rest) {
        for (int at = 0; at < rest.length; at += maxFrameBytes) {
            int count = Math.min(maxFrameBytes, rest.length - at);
            int flags = at + count == rest.length ? Http2Frame.FLAG_END_HEADERS : 0;
            ByteBuffer out = room(Http2Frame.HEAD_BYTES + count);
            putHead(out, count, Http2Frame.CONTINUATION, flags, id);
            out.put(rest, at, count);
        }
    }

    /**
     * Sends a piece of a body, waiting until the peer's windows and its reading let all of it go.
     *
     * <p>Cancellation: a cancelled call may have sent a part; the position of the source tells.
     *
     * @param end whether nothing follows on the stream
     * @throws ClosedException if the stream is lost, or the peer was too slow
     */
    void data(Http2Stream target, ByteBuffer source, boolean end, TransferLimit limit) {
        CancelScope.throwIfCancelled();
        target.throwIfLost();
        int count = source.remaining();
        if (ready.isEmpty() && count <= Math.min(maxFrameBytes, roomForData())
                && (count == 0 || count <= Math.min(target.sendWindow().left(), window.left()))) {
            putData(target, source, count, end);
            limit.moved(count);
            return;
        }
        var waiter = new Waiter("window for " + target);
        target.lend(source, end, waiter);
        enqueue(target);
        try {
            wait(waiter, limit, count);
        } finally {
            target.takeBack();
        }
        target.throwIfLost();
    }

    private void wait(Waiter waiter, TransferLimit limit, int bytes) {
        if (over) {
            throw new ClosedException("the connection to " + stream.remoteAddress() + " is closed");
        }
        long start = loop.nanoTime();
        Duration most = limit.allowance(bytes);
        if (!waiter.awaitWithin(most)) {
            throw new ClosedException(stream.remoteAddress() + " takes its response too slowly");
        }
        limit.waited(loop.nanoTime() - start);
        limit.moved(bytes);
    }

    private void putData(Http2Stream target, ByteBuffer source, int count, boolean end) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + count);
        putHead(out, count, Http2Frame.DATA, end ? Http2Frame.FLAG_END_STREAM : 0, target.id());
        out.put(out.position(), source, source.position(), count);
        out.position(out.position() + count);
        source.position(source.position() + count);
        target.sendWindow().take(count);
        window.take(count);
        target.sent(count);
        budgets.sent(count);
        if (end) {
            target.on(Http2Stream.Event.ENDED_BY_US);
        }
        wake();
    }

    // ---- control frames ----

    /** What a client begins with. */
    void preface() {
        byte[] preface = Http2Frame.PREFACE.getBytes(StandardCharsets.US_ASCII);
        room(preface.length).put(preface);
        wake();
    }

    /** Announces settings: numbers and values in turn. */
    void settings(int... settings) {
        int length = settings.length * 3;
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + length);
        putHead(out, length, Http2Frame.SETTINGS, 0, 0);
        for (int i = 0; i < settings.length; i += 2) {
            out.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        wake();
    }

    void settingsAck() {
        reply();
        putHead(room(Http2Frame.HEAD_BYTES), 0, Http2Frame.SETTINGS, Http2Frame.FLAG_ACK, 0);
        wake();
    }

    void ping(long content) {
        putPing(0, content);
    }

    void pingAck(long content) {
        reply();
        putPing(Http2Frame.FLAG_ACK, content);
    }

    private void putPing(int flags, long content) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + 8);
        putHead(out, 8, Http2Frame.PING, flags, 0);
        out.putLong(content);
        wake();
    }

    void reset(int id, Http2Error error) {
        putWord(Http2Frame.RST_STREAM, id, error.code());
    }

    /** Raises the peer's window of a stream, or of stream 0, the connection. */
    void windowUpdate(int id, int increment) {
        putWord(Http2Frame.WINDOW_UPDATE, id, increment);
    }

    private void putWord(int type, int id, int word) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + 4);
        putHead(out, 4, type, 0, id);
        out.putInt(word);
        wake();
    }

    void goAway(int lastStream, Http2Error error) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + 8);
        putHead(out, 8, Http2Frame.GOAWAY, 0, 0);
        out.putInt(lastStream).putInt(error.code());
        wake();
    }

    private void reply() {
        if (++replies > options.limits().maxQueuedReplies()) {
            throw Http2Fault.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "the peer reads no replies");
        }
    }

    private static void putHead(ByteBuffer out, int length, int type, int flags, int id) {
        out.putInt(length << 8 | type).put((byte) flags).putInt(id);
    }

    /** The batch, with this much room. */
    private ByteBuffer room(int bytes) {
        ByteBuffer current = batch;
        if (current == null) {
            current = buffers.take(Math.max(bytes, BATCH_BYTES));
        } else if (current.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(current.position() + bytes, 2 * current.capacity()));
            larger.put(current.flip());
            buffers.give(current);
            current = larger;
        }
        batch = current;
        return current;
    }
}
