package dev.heddle.cluster.internal.pool;

import java.util.function.LongSupplier;

/**
 * The number of bodies of this node that another one gets, so that it has the next one at hand, also from afar: a few
 * for each worker whatever they take, and while they are short more, so that many travel together. A node gives back
 * those that are more than the few if one before them takes long.
 *
 * <p>The time of a body is measured over a window full of answers, of a node that had one to do all the time. A full
 * window that is more than the few is filled again when a part of it is free, for the same reason.
 *
 * <p>Confined to a loop.
 */
final class Window {

    /** How many bodies a node has for each worker in any case. */
    private static final int FEW = 8;

    /** How many short ones it has for each worker, at most. */
    private static final int MANY = 256;

    /** About how much work of this node another one has before its turn, if that is more than the few. */
    private static final long AHEAD_NANOS = 10_000_000;

    /** A measure that takes so long says already that bodies are not short any more. */
    private static final long LATE_NANOS = 4 * AHEAD_NANOS;

    /** What is free of a full window until it is filled again. */
    private static final int PARTS = 4;

    private final LongSupplier nanoTime;
    private int workers;
    private int size;
    private boolean full;

    /** How many have been answered since when. */
    private int answered;

    private long sinceNanos;

    /**
     * @param nanoTime the clock
     */
    Window(LongSupplier nanoTime, int workers) {
        this.nanoTime = nanoTime;
        this.workers = workers;
        shrink();
    }

    /** The few of a node with so many workers. */
    static int few(int workers) {
        return FEW * workers;
    }

    /** The node has said how many workers it has. */
    void workers(int count) {
        workers = count;
        shrink();
    }

    /** Back to the few, until more is known. */
    void shrink() {
        size = few(workers);
        full = false;
        measure();
    }

    private void measure() {
        answered = 0;
        sinceNanos = nanoTime.getAsLong();
    }

    /**
     * Whether the node gets another one.
     *
     * @param given how many it has
     */
    boolean hasRoom(int given) {
        return given < few(workers) || (given < size && !full && !isLate());
    }

    private boolean isLate() {
        return nanoTime.getAsLong() - sinceNanos > LATE_NANOS;
    }

    /**
     * The node has got one.
     *
     * @param given how many it has now
     */
    void gave(int given) {
        if (given == 1) {
            measure();
        }
        full |= given >= size && size > few(workers);
    }

    /**
     * The node has answered one.
     *
     * @param given how many it still has
     */
    void answered(int given) {
        if (given <= size - size / PARTS) {
            full = false;
        }
        answered++;
        if (answered >= size) {
            long each = (nanoTime.getAsLong() - sinceNanos) / answered;
            size = (int) Math.clamp(AHEAD_NANOS / Math.max(1, each), few(workers), (long) MANY * workers);
            measure();
        }
    }
}
