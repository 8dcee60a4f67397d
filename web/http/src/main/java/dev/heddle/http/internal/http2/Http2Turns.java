package dev.heddle.http.internal.http2;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The turns of the streams that have something to send, a frame each (RFC 9218, section 10). The most urgent go first. Of
 * one urgency those that are not incremental go one after the other, by their numbers, and the incremental ones in turn;
 * where there are both kinds, each kind has every other turn.
 *
 * <p>Every sixteenth turn is that of the stream that has waited longest, whatever its priority: so none is starved.
 * Without priorities that is every turn.
 */
final class Http2Turns {

    /** How many turns there are for one that goes by nothing but the wait. */
    private static final int FAIR_EVERY = 16;

    /** In the order of their last turns. */
    private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>();

    private boolean heeded;
    private boolean incrementalIsNext;
    private int taken;

    /** Some stream has another priority than the rest. */
    void heed() {
        heeded = true;
    }

    boolean areHeeded() {
        return heeded;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(Http2Stream stream) {
        stream.queued = true;
        waiting.addLast(stream);
    }

    /** Takes a stream out that has nothing to send, or no window. */
    void remove(Http2Stream stream) {
        stream.queued = false;
        if (waiting.peekFirst() == stream) {
            waiting.removeFirst();
        } else {
            waiting.remove(stream);
        }
    }

    /** Takes a stream out that has had its turn. */
    void took(Http2Stream stream) {
        remove(stream);
        taken++;
        incrementalIsNext = !stream.priority().incremental();
    }

    /** Whose turn it is; null if nobody waits. */
    @Nullable Http2Stream next() {
        Http2Stream first = waiting.peekFirst();
        if (!heeded || first == null || taken % FAIR_EVERY == FAIR_EVERY - 1) {
            return first;
        }
        Http2Stream inOrder = null;
        Http2Stream incremental = null;
        int urgency = Integer.MAX_VALUE;
        for (Http2Stream each : waiting) {
            Http2Priority priority = each.priority();
            if (priority.urgency() > urgency) {
                continue;
            }
            if (priority.urgency() < urgency) {
                urgency = priority.urgency();
                inOrder = null;
                incremental = null;
            }
            if (!priority.incremental()) {
                inOrder = inOrder == null || each.id() < inOrder.id() ? each : inOrder;
            } else if (incremental == null) {
                incremental = each;
            }
        }
        return inOrder == null || (incrementalIsNext && incremental != null) ? incremental : inOrder;
    }
}
