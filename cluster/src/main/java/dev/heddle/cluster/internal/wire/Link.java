package dev.heddle.cluster.internal.wire;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages over one connection between two nodes. Long ones go in pieces, by turns with the others, so that a cancel
 * or a short body does not wait behind a long one. A task of its own writes them: who has something to say must not wait
 * for the peer, and may be cancelled at any time, where half a message would end the connection.
 *
 * <p>What waits to be written is held here until the peer takes it, so the senders bound it: an asker by the bodies
 * that it has under way, a node by those that it has taken.
 *
 * <p>Confined to the loop of the stream: one task reads, one {@linkplain #write writes}, any sends.
 */
public final class Link implements AutoCloseable {

    private static final int HEAD_BYTES = Integer.BYTES + 2 + Long.BYTES;

    /** Of the content of a frame. */
    private static final int MAX_PIECE = 64 * 1024;

    /** How many messages go in pieces at a time. */
    private static final int MAX_PARTS = 4;

    private static final int BUFFER_BYTES = MAX_PIECE + 4096;

    /** A message on its way out. */
    private static final class Outgoing {
        final Kind kind;
        final long number;
        final byte[] head;
        final byte[] content;
        int done;

        Outgoing(Kind kind, long number, byte[] head, byte[] content) {
            this.kind = kind;
            this.number = number;
            this.head = head;
            this.content = content;
        }

        boolean isLong() {
            return head.length + content.length > MAX_PIECE;
        }

        int left() {
            return head.length + content.length - done;
        }

        void take(ByteBuffer into, int count) {
            int ofHead = Math.clamp(head.length - done, 0, count);
            into.put(head, Math.min(done, head.length), ofHead);
            into.put(content, Math.max(0, done - head.length), count - ofHead);
            done += count;
        }
    }

    /** A message that has come in part. */
    private static final class Incoming {
        byte[] bytes;
        int size;

        Incoming(int first) {
            bytes = new byte[4 * first];
        }

        void add(ByteBuffer from, int count) {
            if (count > bytes.length - size) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64L, 2L * bytes.length + count));
            }
            from.get(bytes, size, count);
            size += count;
        }
    }

    private final ByteStream stream;
    private final int maxBytes;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ArrayDeque<Outgoing> outgoing = new ArrayDeque<>();
    private final Map<Long, Incoming> parts = new HashMap<>();
    private final WaitSlot more = new WaitSlot("something to send");

    /** Long messages that wait until fewer are being written. */
    private final ArrayDeque<Outgoing> later = new ArrayDeque<>();

    /** Long messages that are being written, in pieces. */
    private int inPieces;

    private boolean greeted;
    private boolean ended;

    /**
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
     * Waits for the next message.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return null at the end of the connection
     * @throws MalformedMessageException if the peer says what is no message
     * @throws EndOfStreamException if the connection ends inside a message
     * @throws BrokenException if it is lost
     */
    public @Nullable Message read() {
        while (true) {
            ByteBuffer in = stream.fill(HEAD_BYTES);
            if (!in.hasRemaining()) {
                return null;
            }
            int at = in.position();
            int length = in.remaining() < HEAD_BYTES ? 0 : in.getInt(at) - (HEAD_BYTES - Integer.BYTES);
            if (length < 0 || length > MAX_PIECE) {
                throw new MalformedMessageException("a frame of " + length + " bytes between nodes");
            }
            in = stream.fill(HEAD_BYTES + length);
            if (in.remaining() < HEAD_BYTES + length) {
                throw new MalformedMessageException("the connection between nodes ends inside a frame");
            }
            in.getInt();
            Message message = take(in, length);
            if (message != null) {
                return message;
            }
        }
    }

    private @Nullable Message take(ByteBuffer in, int length) {
        byte kindNumber = in.get();
        boolean more = in.get() != 0;
        long number = in.getLong();
        Kind kind = Kind.of(kindNumber);
        if (kind == null) {
            throw new MalformedMessageException("a message of kind " + kindNumber + " between nodes");
        }
        Incoming part = parts.get(number);
        if (part == null && !more) {
            byte[] content = length == 0 ? Message.NOTHING : new byte[length];
            in.get(content);
            return new Message(kind, number, content);
        }
        boolean mayBeLong = kind == Kind.BODY || kind == Kind.ANSWER;
        if (!mayBeLong && more) {
            throw new MalformedMessageException("a " + kind + " in pieces between nodes");
        }
        if (!mayBeLong) {
            return between(kind, number, in, length);
        }
        if (part == null) {
            if (!greeted || parts.size() >= MAX_PARTS) {
                throw new MalformedMessageException("too many messages in pieces between nodes");
            }
            part = new Incoming(length);
            parts.put(number, part);
        }
        if (length > maxBytes - part.size) {
            throw new MalformedMessageException("a message of more than " + maxBytes + " bytes between nodes");
        }
        part.add(in, length);
        if (more) {
            return null;
        }
        parts.remove(number);
        return new Message(kind, number, part.size == part.bytes.length
                ? part.bytes
                : Arrays.copyOf(part.bytes, part.size));
    }

    /** A short message about a body that has come in part. */
    private @Nullable Message between(Kind kind, long number, ByteBuffer in, int length) {
        byte[] content = new byte[length];
        in.get(content);
        if (kind == Kind.DROPPED) {
            parts.remove(number);
            return null;
        }
        return new Message(kind, number, content);
    }

    // ---- writing ----

    /** Has a message written; never waits. */
    public void send(Kind kind, long number, byte[] head, byte[] content) {
        if (ended) {
            return;
        }
        var message = new Outgoing(kind, number, head, content);
        if (!message.isLong()) {
            outgoing.add(message);
        } else if (inPieces < MAX_PARTS) {
            inPieces++;
            outgoing.add(message);
        } else {
            later.add(message);
        }
        more.wake();
    }

    /** Has a short message written, before what waits; never waits. */
    public void sendSoon(Kind kind, long number, byte[] content) {
        if (!ended) {
            outgoing.addFirst(new Outgoing(kind, number, Message.NOTHING, content));
            more.wake();
        }
    }

    /**
     * Takes a body back that has not been written as a whole: the peer surely does not begin it.
     *
     * @return whether it has been taken back
     */
    public boolean takeBack(long number) {
        if (later.removeIf(each -> isBody(each, number))) {
            return true;
        }
        for (Outgoing each : outgoing) {
            if (isBody(each, number)) {
                outgoing.remove(each);
                leave(each);
                if (each.done > 0) {
                    sendSoon(Kind.DROPPED, number, Message.NOTHING);
                }
                return true;
            }
        }
        return false;
    }

    /** A long message is written no more. */
    private void leave(Outgoing message) {
        if (message.isLong()) {
            inPieces--;
            Outgoing next = later.poll();
            if (next != null) {
                inPieces++;
                outgoing.add(next);
            }
        }
    }

    /** Whether the last piece of a body has not been written: then the peer has surely not begun it. */
    public boolean isUnwritten(long number) {
        return outgoing.stream().anyMatch(each -> isBody(each, number))
                || later.stream().anyMatch(each -> isBody(each, number));
    }

    private static boolean isBody(Outgoing message, long number) {
        return message.kind == Kind.BODY && message.number == number;
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
        } finally {
            ended = true;
        }
    }

    private void put(Outgoing next) {
        int length = Math.min(next.left(), MAX_PIECE);
        if (out.remaining() < HEAD_BYTES + length) {
            flush();
            return; // it may have been taken back
        }
        outgoing.remove();
        boolean whole = length == next.left();
        out.putInt(HEAD_BYTES - Integer.BYTES + length)
                .put(next.kind.number())
                .put((byte) (whole ? 0 : 1))
                .putLong(next.number);
        next.take(out, length);
        if (whole) {
            leave(next);
        } else {
            outgoing.add(next);
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
