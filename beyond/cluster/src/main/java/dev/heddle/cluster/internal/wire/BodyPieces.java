package dev.heddle.cluster.internal.wire;

import dev.heddle.Loop;
import dev.heddle.process.internal.codec.Pieces;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a long body on their way from its asker to the process that will do it. Until that one begins to take
 * them no more come than the first; from then on as many as it is ahead of the asker by a {@linkplain #WINDOW window}.
 *
 * <p>Threads: the link brings the pieces on its loop; one taker takes them on any.
 */
public final class BodyPieces implements Pieces {

    /** How many bytes may be on their way, so that neither a line with a long delay nor a turn of a loop stops them. */
    static final int WINDOW = 1024 * 1024;

    /** Some bytes that have come. */
    private static final class Piece {
        final ByteBuffer bytes;

        /** What they are in, for what comes next; null for what came with the message, which nobody changes. */
        final byte @Nullable [] room;

        Piece(ByteBuffer bytes, byte @Nullable [] room) {
            this.bytes = bytes;
            this.room = room;
        }
    }

    private final Link link;
    private final Loop loop;
    private final long number;
    private int size;

    // ---- behind the monitor of what has come ----

    private final ArrayDeque<Piece> come = new ArrayDeque<>();

    /** What the taker has taken, and needs no more: for what comes next. */
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

    private @Nullable Runnable told;

    // ---- the link's ----

    /** How many may still come in all, and how many now. */
    private int left;

    private int granted;

    // ---- the taker's ----

    private int taken;

    /** What it has taken last. */
    private @Nullable Piece held;

    /**
     * @param size how many bytes are to come
     */
    BodyPieces(Link link, Loop loop, long number, int size) {
        this.link = link;
        this.loop = loop;
        this.number = number;
        this.size = size;
        this.left = size;
    }

    /** These with others before them, which have come; before any is taken. */
    public Pieces behind(ByteBuffer first) {
        size += first.remaining();
        if (first.hasRemaining()) {
            come.addFirst(new Piece(first, null));
        }
        return this;
    }

    @Override
    public int size() {
        return size;
    }

    // ---- the link's ----

    /** Where the next one goes, if it is added. A short one gets no more than it needs, since many may come. */
    byte[] room(int length) {
        if (length <= Link.NEXT_PIECE / 2) {
            return new byte[length];
        }
        byte[] empty;
        synchronized (come) {
            empty = spare.poll();
        }
        return empty == null || empty.length < length ? new byte[Math.max(length, Link.NEXT_PIECE)] : empty;
    }

    /**
     * Brings one.
     *
     * @return false if it is more than may come now
     */
    boolean add(byte[] piece, int length) {
        left -= length;
        granted -= length;
        if (left < 0 || granted < 0) {
            return false;
        }
        Runnable wake;
        synchronized (come) {
            wake = come.isEmpty() ? told : null;
            come.addLast(new Piece(ByteBuffer.wrap(piece, 0, length), piece));
        }
        if (wake != null) {
            wake.run();
        }
        return true;
    }

    boolean isWhole() {
        return left == 0;
    }

    private void grant(int bytes) {
        granted += bytes;
        link.grant(number, bytes);
    }

    // ---- the taker's ----

    @Override
    public void begin(Runnable wake) {
        synchronized (come) {
            told = wake;
        }
        grantSoon(WINDOW);
    }

    @Override
    public @Nullable ByteBuffer next() {
        Piece piece;
        synchronized (come) {
            if (held != null && held.room != null && held.room.length >= Link.NEXT_PIECE) {
                spare.add(held.room);
            }
            piece = come.poll();
        }
        held = piece;
        if (piece == null) {
            return null;
        }
        taken += piece.bytes.remaining();
        if (taken >= WINDOW / 2) {
            grantSoon(taken);
            taken = 0;
        }
        return piece.bytes;
    }

    private void grantSoon(int bytes) {
        try {
            loop.callFromThread(() -> grant(bytes));
        } catch (IllegalStateException e) {
            // The loop has ended, and the body with it.
        }
    }

    @Override
    public String toString() {
        return "the rest of body " + number + " over " + link;
    }
}
