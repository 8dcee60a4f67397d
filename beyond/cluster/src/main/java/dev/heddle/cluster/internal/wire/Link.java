package dev.heddle.cluster.internal.wire;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.io.TruncatedException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages over one connection between two nodes. Long ones go in pieces, by turns with the others, so that a cancel
 * or a short body does not wait behind a long one. A task of its own writes them: who has something to say must not wait
 * for the peer, and may be cancelled at any time, where half a message would end the connection.
 *
 * <pre>
 *   a long body:  waiting ──first piece──▶ stalled ──GRANT──▶ waiting ──next piece──▶ ... ──last piece──▶ written
 * </pre>
 *
 * <p>What waits to be written is held here until the peer takes it, so the senders bound it: an asker by the bodies
 * that it has under way, a node by those that it has taken. Of a long body the peer gets one piece, and the others as
 * somebody takes them there; the reader goes on with other messages meanwhile. Long answers are gathered by the reader,
 * who has asked for them.
 *
 * <p>Confined to the loop of the stream: one task reads, one {@linkplain #write writes}, any sends.
 */
public final class Link implements AutoCloseable {

    private static final int HEAD_BYTES = Integer.BYTES + 2 + Long.BYTES;

    /** Of the content of a frame. */
    private static final int MAX_PIECE = 64 * 1024;

    /** Of a piece and its head: what fills whole records of TLS, since the rest of one costs as much as another. */
    private static final int PIECE_FRAME = 4 * (16 * 1024 - 32);

    static final int NEXT_PIECE = PIECE_FRAME - HEAD_BYTES;
    private static final int FIRST_PIECE = NEXT_PIECE - Integer.BYTES;

    /** How many answers go in pieces at a time. */
    private static final int MAX_PARTS = 4;

    private static final int BUFFER_BYTES = MAX_PIECE + 4096;

    /** Frames up to this length are gathered in the buffer of the stream, longer ones where they belong. */
    private static final int MAX_GATHERED = 8 * 1024;

    // The place of a frame in its message.

    private static final byte WHOLE = 0;
    private static final byte FIRST = 1;
    private static final byte NEXT = 2;
    private static final byte LAST = 3;

    /** A message on its way out. */
    private static final class Outgoing {
        final Kind kind;
        final long number;
        final List<ByteBuffer> parts;
        final int size;
        int done;

        /** How much of it may be written. */
        int allowed;

        /** Whether the peer must allow more before more is written. */
        boolean stalled;

        private int part;

        Outgoing(Kind kind, long number, List<ByteBuffer> parts) {
            this.kind = kind;
            this.number = number;
            this.parts = parts;
            int all = 0;
            for (ByteBuffer each : parts) {
                all += each.remaining();
            }
            this.size = all;
            this.allowed = isLongBody() ? FIRST_PIECE : size;
        }

        boolean isLong() {
            return size > MAX_PIECE;
        }

        boolean isLongBody() {
            return isLong() && kind == Kind.BODY;
        }

        boolean isLongAnswer() {
            return isLong() && kind == Kind.ANSWER;
        }

        boolean isBody(long which) {
            return kind == Kind.BODY && number == which;
        }

        /** How much of it the next frame has. */
        int next() {
            int left = allowed - done;
            return isLong() ? Math.min(left, done == 0 ? FIRST_PIECE : NEXT_PIECE) : left;
        }

        byte place(int count) {
            if (count == size) {
                return WHOLE;
            }
            if (done == 0) {
                return FIRST;
            }
            return done + count == size ? LAST : NEXT;
        }

        void take(ByteBuffer into, int count) {
            for (int left = count; left > 0;) {
                ByteBuffer from = parts.get(part);
                int step = Math.min(left, from.remaining());
                into.put(into.position(), from, from.position(), step).position(into.position() + step);
                from.position(from.position() + step);
                left -= step;
                if (!from.hasRemaining()) {
                    part++;
                }
            }
            done += count;
        }
    }

    private final ByteStream stream;
    private final Loop loop = Heddle.currentLoop();
    private final int maxBytes;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final WaitSlot more = new WaitSlot("something to send");
    private final ArrayDeque<Outgoing> outgoing = new ArrayDeque<>();

    /** Long bodies that have been written in part. */
    private final Map<Long, Outgoing> longBodies = new HashMap<>();

    /** Long answers that wait until fewer are being written. */
    private final ArrayDeque<Outgoing> later = new ArrayDeque<>();

    /** Long answers that are being written, in pieces. */
    private int longAnswers;

    /** Answers that have come in part. */
    private final Map<Long, ByteBuffer> answers = new HashMap<>();

    /** Bodies that have come in part. */
    private final Map<Long, BodyPieces> bodies = new HashMap<>();

    private boolean greeted;

    /** Whether the connection has ended inside a message, which no later read may take for an end. */
    private boolean cut;

    private boolean ended;

    /**
     * Makes one, on the loop of the stream.
     *
     * @param maxBytes the longest message
     */
    public Link(ByteStream stream, int maxBytes) {
        this.stream = stream;
        this.maxBytes = maxBytes;
    }

    /** The peer is known: long messages may come. */
    public void greeted() {
        greeted = true;
    }

    // ---- reading ----

    /**
     * Waits for the next message; of a long body, for its first piece.
     *
     * <p>Cancellation: a cancelled call may have taken a part of it: then nothing more can be read.
     *
     * @return null at the end of the connection
     * @throws MalformedMessageException if the peer says what is no message
     * @throws TruncatedException if the connection ends inside a message
     * @throws BrokenException if it is lost
     */
    public @Nullable Message read() {
        while (true) {
            ByteBuffer in = stream.fill(HEAD_BYTES);
            if (!in.hasRemaining()) {
                requireWhole(!cut && answers.isEmpty() && bodies.isEmpty());
                return null;
            }
            requireWhole(in.remaining() >= HEAD_BYTES);
            int at = in.position();
            int length = in.getInt(at) - (HEAD_BYTES - Integer.BYTES);
            if (length < 0 || length > MAX_PIECE) {
                throw new MalformedMessageException("a frame of " + length + " bytes between nodes");
            }
            byte kindNumber = in.get(at + Integer.BYTES);
            byte place = in.get(at + Integer.BYTES + 1);
            long number = in.getLong(at + Integer.BYTES + 2);
            Kind kind = Kind.of(kindNumber);
            if (kind == null || place < WHOLE || place > LAST) {
                throw new MalformedMessageException("a message of kind " + kindNumber + " between nodes");
            }
            if (kind == Kind.BODY && place > FIRST) {
                goOnWithBody(number, place, in, length);
                continue;
            }
            byte[] content = length == 0 ? Message.NOTHING : new byte[length];
            read(in, content, length);
            Message message = take(kind, place, number, content);
            if (message != null) {
                if (longBodies.containsKey(number)) {
                    takeBack(number); // the peer is done with a body, of which it has not taken all
                }
                return message;
            }
        }
    }

    /** Reads the content of a frame whose head is there. */
    private void read(ByteBuffer head, byte[] content, int length) {
        if (length <= MAX_GATHERED) {
            ByteBuffer in = stream.fill(HEAD_BYTES + length);
            requireWhole(in.remaining() >= HEAD_BYTES + length);
            in.position(in.position() + HEAD_BYTES);
            in.get(content, 0, length);
            return;
        }
        head.position(head.position() + HEAD_BYTES);
        for (int at = 0; at < length;) {
            int count = stream.read(content, at, length - at);
            requireWhole(count >= 0);
            at += count;
        }
    }

    private void requireWhole(boolean whole) {
        if (!whole) {
            cut = true;
            throw new TruncatedException("the connection to " + stream.remoteAddress() + " ends inside a message");
        }
    }

    private @Nullable Message take(Kind kind, byte place, long number, byte[] content) {
        if (place == WHOLE) {
            return kind == Kind.GRANT ? granted(number, content) : new Message(kind, number, content);
        }
        if (place == FIRST) {
            return first(kind, number, content);
        }
        return goOnWithAnswer(kind, number, place, content);
    }

    /** The first piece of a long message. */
    private @Nullable Message first(Kind kind, long number, byte[] content) {
        boolean mayBeLong = greeted && (kind == Kind.BODY || (kind == Kind.ANSWER && answers.size() < MAX_PARTS));
        if (!mayBeLong || content.length < Integer.BYTES) {
            throw new MalformedMessageException("a " + kind + " in pieces between nodes");
        }
        ByteBuffer in = ByteBuffer.wrap(content);
        int total = in.getInt();
        if (total < in.remaining() || total > maxBytes) {
            throw new MalformedMessageException(
                    "a message of " + total + " bytes between nodes, at most " + maxBytes + " may come");
        }
        if (kind == Kind.ANSWER) {
            if (answers.putIfAbsent(number, ByteBuffer.allocate(total).put(in)) != null) {
                throw new MalformedMessageException("two answers with one number between nodes");
            }
            return null;
        }
        byte[] begin = new byte[in.remaining()];
        in.get(begin);
        var rest = new BodyPieces(this, loop, number, total - begin.length);
        if (bodies.putIfAbsent(number, rest) != null) {
            throw new MalformedMessageException("two bodies with one number between nodes");
        }
        return new Message(kind, number, begin, rest);
    }

    private void goOnWithBody(long number, byte place, ByteBuffer head, int length) {
        BodyPieces body = bodies.get(number);
        byte[] content = body == null ? new byte[length] : body.room(length);
        read(head, content, length);
        if (body == null || bodies.get(number) != body) {
            return; // nobody takes it any more, which the peer did not know yet
        }
        if (!body.add(content, length) || body.isWhole() != (place == LAST)) {
            throw new MalformedMessageException("more of a body than may come");
        }
        if (body.isWhole()) {
            bodies.remove(number);
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // the buffer was made here, and is full
    private @Nullable Message goOnWithAnswer(Kind kind, long number, byte place, byte[] content) {
        ByteBuffer answer = answers.get(number);
        if (kind != Kind.ANSWER || answer == null || answer.remaining() < content.length) {
            throw new MalformedMessageException("a piece of a " + kind + " that was not begun");
        }
        answer.put(content);
        if (answer.hasRemaining() == (place == LAST)) {
            throw new MalformedMessageException("an answer of another length than was said");
        }
        if (place != LAST) {
            return null;
        }
        answers.remove(number);
        return new Message(kind, number, answer.array());
    }

    /** Lets the peer send more of a body. */
    void grant(long number, int bytes) {
        if (bodies.containsKey(number)) {
            sendSoon(Kind.GRANT, number, ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
        }
    }

    private @Nullable Message granted(long number, byte[] content) {
        int bytes = content.length == Integer.BYTES ? ByteBuffer.wrap(content).getInt() : 0;
        if (bytes <= 0) {
            throw new MalformedMessageException("a grant of " + bytes + " bytes");
        }
        Outgoing body = longBodies.get(number);
        if (body != null) {
            body.allowed = (int) Math.min(body.size, (long) body.allowed + bytes);
            if (body.stalled) {
                body.stalled = false;
                outgoing.add(body);
                more.wake();
            }
        }
        return null;
    }

    // ---- writing ----

    /** Has a message written; never waits. */
    public void send(Kind kind, long number, byte[] head, byte[] content) {
        send(kind, number, head, List.of(ByteBuffer.wrap(content)));
    }

    /**
     * Has a message written; never waits. Nobody takes the rest of a body that has come in part, once it is answered
     * or returned.
     *
     * @param content moved over; its bytes are not changed until it is written, or taken back
     */
    public void send(Kind kind, long number, byte[] head, List<ByteBuffer> content) {
        if (ended) {
            return;
        }
        if (kind == Kind.ANSWER || kind == Kind.RETURNED) {
            bodies.remove(number);
        }
        List<ByteBuffer> parts = new ArrayList<>(content.size() + 1);
        parts.add(ByteBuffer.wrap(head));
        parts.addAll(content);
        var message = new Outgoing(kind, number, parts);
        if (message.isLongBody()) {
            longBodies.put(number, message);
        }
        if (!message.isLongAnswer()) {
            outgoing.add(message);
        } else if (longAnswers < MAX_PARTS) {
            longAnswers++;
            outgoing.add(message);
        } else {
            later.add(message);
        }
        more.wake();
    }

    /** Has a short message written, before what waits; never waits. */
    public void sendSoon(Kind kind, long number, byte[] content) {
        if (!ended) {
            outgoing.addFirst(new Outgoing(kind, number, List.of(ByteBuffer.wrap(content))));
            more.wake();
        }
    }

    /**
     * Takes a body back that has not been written as a whole: the peer surely does not begin it.
     *
     * @return whether it has been taken back
     */
    public boolean takeBack(long number) {
        Outgoing begun = longBodies.remove(number);
        boolean waited = outgoing.removeIf(each -> each.isBody(number));
        if (begun != null && begun.done > 0) {
            sendSoon(Kind.DROPPED, number, Message.NOTHING);
        }
        return begun != null || waited;
    }

    /** Whether the last piece of a body has not been written: then the peer has surely not begun it. */
    public boolean isUnwritten(long number) {
        return longBodies.containsKey(number) || outgoing.stream().anyMatch(each -> each.isBody(number));
    }

    /** Writes until the connection ends, as its reader sees too, or it is cancelled. */
    public void write() {
        try {
            while (true) {
                Outgoing next = outgoing.peek();
                if (next != null) {
                    put(next);
                } else if (out.position() > 0) {
                    flush();
                } else {
                    more.await();
                }
            }
        } catch (BrokenException | ClosedException e) {
            // See above.
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            abort(); // else its reader would wait for answers to what was never written
            throw e;
        } finally {
            ended = true;
        }
    }

    private void put(Outgoing next) {
        int length = next.next();
        byte place = next.place(length);
        int before = place == FIRST ? Integer.BYTES : 0;
        if (out.remaining() < HEAD_BYTES + before + length) {
            flush();
            return; // it may have been taken back
        }
        outgoing.remove();
        out.putInt(HEAD_BYTES - Integer.BYTES + before + length)
                .put(next.kind.number())
                .put(place)
                .putLong(next.number);
        if (place == FIRST) {
            out.putInt(next.size);
        }
        next.take(out, length);
        if (place == WHOLE || place == LAST) {
            written(next);
        } else if (next.done < next.allowed) {
            outgoing.add(next);
        } else {
            next.stalled = true;
        }
    }

    private void written(Outgoing message) {
        if (message.isLongBody()) {
            longBodies.remove(message.number);
        } else if (message.isLongAnswer()) {
            Outgoing next = later.poll();
            if (next == null) {
                longAnswers--;
            } else {
                outgoing.add(next);
            }
        }
    }

    private void flush() {
        out.flip();
        try {
            stream.write(out);
        } finally {
            out.clear();
        }
    }

    @Override
    public void close() {
        stream.close();
    }

    /** Ends the connection at once. */
    public void abort() {
        stream.transport().abort();
    }

    @Override
    public String toString() {
        return "a link over " + stream;
    }
}
