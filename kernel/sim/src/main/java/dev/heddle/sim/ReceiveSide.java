package dev.heddle.sim;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** The receiving half of one end of a connection: puts segments in order again and keeps bytes until they are read. */
final class ReceiveSide {

    /** No limit for {@link #limitTo}. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final TreeMap<Long, Segment> early = new TreeMap<>();
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private long received;
    private long read;
    private long limit = UNLIMITED;
    private boolean finished;
    private boolean reset;

    /** Lets only so many bytes through from now on; at that count {@link #isAtLimit} becomes true. */
    void limitTo(long moreBytes) {
        limit = Math.min(limit, received + moreBytes);
    }

    boolean isAtLimit() {
        return received >= limit;
    }

    /** Takes a segment in, whatever its place; returns how many bytes have become readable by it. */
    long accept(Segment segment) {
        long before = received;
        if (segment.position() > received) {
            early.merge(segment.position(), segment, ReceiveSide::further);
            return 0;
        }
        append(segment);
        Map.Entry<Long, Segment> next = early.firstEntry();
        while (next != null && next.getKey() <= received) {
            early.pollFirstEntry();
            append(next.getValue());
            next = early.firstEntry();
        }
        return received - before;
    }

    /** Whether a segment has bytes that were not received before. */
    boolean isNews(Segment segment) {
        return segment.endPosition() > received;
    }

    /**
     * Moves bytes of one segment out; returns their count. More would be allowed, but a reader that gets every segment
     * by itself meets every way a message can be cut.
     *
     * @param most most bytes to move
     */
    int read(ByteBuffer target, int most) {
        ByteBuffer first = ready.peek();
        if (first == null) {
            return 0;
        }
        int count = Math.min(most, Math.min(first.remaining(), target.remaining()));
        target.put(target.position(), first, first.position(), count);
        target.position(target.position() + count);
        first.position(first.position() + count);
        if (!first.hasRemaining()) {
            ready.remove();
        }
        read += count;
        return count;
    }

    boolean hasBytes() {
        return !ready.isEmpty();
    }

    /** How many bytes were read so far. */
    long readPosition() {
        return read;
    }

    /** Whether all was received, in good order. */
    boolean isFinished() {
        return finished;
    }

    /** Whether all was received and the sender wants no more of the connection. */
    boolean isReset() {
        return reset;
    }

    /** Forgets what nobody will read. */
    void discard() {
        early.clear();
        ready.clear();
    }

    private void append(Segment segment) {
        // A doubled segment may lie before what is received. None lies across: segments are never cut anew.
        if (segment.position() < received) {
            return;
        }
        int count = (int) Math.min(segment.length(), limit - received);
        if (count > 0) {
            ready.add(segment.bytes().slice(0, count));
            received += count;
        }
        finished |= segment.end() == Segment.End.FINISH;
        reset |= segment.end() == Segment.End.RESET;
    }

    /** An end and a reset may stand at the same place; the one with more to say wins. */
    private static Segment further(Segment first, Segment second) {
        return second.end().compareTo(first.end()) > 0 ? second : first;
    }
}
