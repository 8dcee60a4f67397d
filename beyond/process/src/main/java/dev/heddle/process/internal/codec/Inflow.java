package dev.heddle.process.internal.codec;

import dev.heddle.internal.AsksSystem;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The content of a long frame, which is decoded while it comes: what somebody waits for goes straight to where it
 * belongs, so that a long array is in memory once. What comes before it is wanted is kept here.
 *
 * <pre>
 *   coming ──the last byte──▶ whole
 *      └──────drop──────────▶ dropped: who waits for more hears it
 * </pre>
 *
 * <p>Threads: one brings the bytes, another one takes them. The first waits a moment for the other where much is kept,
 * but no longer: it must hear of other things, and the second may be in code of users.
 */
@AsksSystem("processes live in real time")
public final class Inflow {

    private static final int BLOCK_BYTES = 64 * 1024;

    /** How many blocks are full before who brings more waits, and are kept for what still comes when they are empty. */
    private static final int MAX_BLOCKS = 16;

    private static final long PATIENCE_NANOS = 100_000_000;

    /**
     * How many bytes get their place before they have come. So many are only said to come: where they are more, the
     * place grows with them.
     */
    private static final int MAX_AWAITED = 128 * 1024 * 1024;

    private final int size;
    private final long patienceNanos;
    private final int maxAwaited;

    // ---- behind the monitor ----

    private int come;
    private boolean dropped;

    /** Nobody wants what still comes. */
    private boolean unread;

    /** The other one was waited for, and has taken nothing since; or will not for long. */
    private boolean slow;

    private boolean hurried;

    /** What has come and was not wanted yet: from an index in the first block to one in the last. */
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>(0);

    private int first;
    private int last;
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>(0);

    /** Where the next bytes go; null while nobody waits for them. */
    private @Nullable ByteBuffer wanted;

    /**
     * @param size how many bytes come in all
     */
    Inflow(int size) {
        this(size, PATIENCE_NANOS, MAX_AWAITED);
    }

    /**
     * @param patienceNanos how long who brings them waits for who takes them
     * @param maxAwaited for how many of them there is room before they come, at least 1
     */
    Inflow(int size, long patienceNanos, int maxAwaited) {
        this.size = size;
        this.patienceNanos = patienceNanos;
        this.maxAwaited = maxAwaited;
    }

    int size() {
        return size;
    }

    /** For how many bytes there may be room before they come. */
    int maxAwaited() {
        return maxAwaited;
    }

    // ---- who brings the bytes ----

    /** How many bytes are still to come. */
    synchronized int left() {
        return size - come;
    }

    /** How many bytes have come before they were wanted, and are here. */
    synchronized int kept() {
        return blocks.isEmpty() ? 0 : (blocks.size() - 1) * BLOCK_BYTES + last - first;
    }

    /** Brings the next bytes, which are taken from the buffer; no more than are to come. */
    synchronized void add(ByteBuffer from, int count) {
        Objects.checkFromIndexSize(come, count, size);
        awaitTaker();
        come += count;
        int left = count;
        if (wanted != null) {
            int step = Math.min(left, wanted.remaining());
            wanted.put(wanted.position(), from, from.position(), step).position(wanted.position() + step);
            from.position(from.position() + step);
            left -= step;
        }
        if (unread) {
            from.position(from.position() + left);
        } else {
            keep(from, left);
        }
        if (come == size || (wanted != null && !wanted.hasRemaining())) {
            notifyAll();
        }
    }

    private void awaitTaker() {
        long since = System.nanoTime();
        while (blocks.size() >= MAX_BLOCKS && !unread && !slow && !hurried) {
            long leftMillis = (patienceNanos - (System.nanoTime() - since)) / 1_000_000;
            try {
                if (leftMillis > 0) {
                    wait(leftMillis);
                } else {
                    slow = true;
                }
            } catch (InterruptedException e) {
                slow = true;
            }
        }
    }

    private void keep(ByteBuffer from, int count) {
        for (int left = count; left > 0;) {
            if (blocks.isEmpty() || last == BLOCK_BYTES) {
                byte[] empty = spare.poll();
                blocks.add(empty == null ? new byte[BLOCK_BYTES] : empty);
                last = 0;
            }
            int step = Math.min(left, BLOCK_BYTES - last);
            from.get(blocks.getLast(), last, step);
            last += step;
            left -= step;
        }
    }

    /** The rest does not come. */
    synchronized void drop() {
        dropped = true;
        blocks.clear();
        notifyAll();
    }

    // ---- who takes them ----

    /** Makes something, which may take a while, while nothing comes in: else that would be kept meanwhile. */
    synchronized <T> T hold(Supplier<T> making) {
        return making.get();
    }

    /**
     * Takes the next bytes, waiting until they have come; an interrupt is kept for later.
     *
     * @throws UnreadableException if they do not come
     */
    synchronized void read(byte[] target, int from, int count) {
        var into = ByteBuffer.wrap(target, from, count);
        slow = false;
        takeKept(into);
        notifyAll();
        if (into.hasRemaining()) {
            wanted = into;
            try {
                if (awaitMore(into)) {
                    Thread.currentThread().interrupt();
                }
            } finally {
                wanted = null;
            }
        }
        if (into.hasRemaining()) {
            throw new UnreadableException("the rest of it does not come: nobody waits for it any more");
        }
    }

    private void takeKept(ByteBuffer into) {
        while (into.hasRemaining() && !blocks.isEmpty()) {
            int end = blocks.size() == 1 ? last : BLOCK_BYTES;
            int step = Math.min(into.remaining(), end - first);
            into.put(blocks.getFirst(), first, step);
            first += step;
            if (first == end) {
                byte[] empty = blocks.removeFirst();
                if (spare.size() < MAX_BLOCKS) {
                    spare.add(empty);
                }
                first = 0;
            }
        }
    }

    /** Nothing is taken until something else has come. */
    public synchronized void hurry() {
        hurried = true;
        notifyAll();
    }

    /**
     * Waits for the end of what comes, of which nothing is wanted any more; an interrupt is forgotten.
     *
     * @return whether it has come as a whole
     */
    public synchronized boolean finish() {
        unread = true;
        blocks.clear();
        notifyAll();
        awaitMore(null);
        return come == size;
    }

    /** Waits until a buffer is full; null for the last byte. Says whether the thread was interrupted. */
    private boolean awaitMore(@Nullable ByteBuffer buffer) {
        boolean interrupted = false;
        while (!dropped && (buffer == null ? come < size : buffer.hasRemaining())) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    @Override
    public synchronized String toString() {
        return come + " of " + size + " bytes" + (dropped ? ", the rest does not come" : "");
    }
}
