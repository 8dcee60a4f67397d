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

    private final Link link;
    private final Loop loop;
    private final long number;
    private final ArrayDeque<ByteBuffer> come = new ArrayDeque<>();
    private @Nullable Runnable told;
    private int size;

    // ---- the link's ----

    /** How many may still come in all, and how many now. */
    private int left;

    private int granted;

    // ---- the taker's ----

    private int taken;

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
            come.addFirst(first);
        }
        return this;
    }

    @Override
    public int size() {
        return size;
    }

    // ---- the link's ----

    /**
     * Brings one.
     *
     * @return false if it is more than may come now
     */
    boolean add(byte[] piece) {
        left -= piece.length;
        granted -= piece.length;
        if (left < 0 || granted < 0) {
            return false;
        }
        Runnable wake;
        synchronized (come) {
            wake = come.isEmpty() ? told : null;
            come.addLast(ByteBuffer.wrap(piece));
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
        ByteBuffer piece;
        synchronized (come) {
            piece = come.poll();
        }
        if (piece != null) {
            taken += piece.remaining();
            if (taken >= WINDOW / 2) {
                grantSoon(taken);
                taken = 0;
            }
        }
        return piece;
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
