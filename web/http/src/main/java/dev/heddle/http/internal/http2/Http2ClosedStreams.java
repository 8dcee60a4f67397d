package dev.heddle.http.internal.http2;

import java.util.Arrays;

/**
 * The streams that were closed last, so that frames which were under way can be told from mistakes (RFC 9113, section
 * 5.1, "closed"). Beyond these the peer has had time enough: before it hears of a reset, all the streams that it may
 * have can be reset, and those that it opens in their places.
 */
final class Http2ClosedStreams {

    private static final int MIN = 128;
    private static final int MAX = 1024;

    private final int remembered;

    /** Numbers; negative for those that we have reset. */
    private int[] ring = new int[8];

    private int next;

    /**
     * @param maxStreams most streams of the peer at once
     */
    Http2ClosedStreams(int maxStreams) {
        remembered = (int) Math.max(MIN, Math.min(MAX, 2L * maxStreams));
    }

    void add(int stream, boolean resetByUs) {
        if (next == ring.length && next < remembered) {
            ring = Arrays.copyOf(ring, Math.min(remembered, 2 * next));
        }
        ring[next++ % ring.length] = resetByUs ? -stream : stream;
        if (next == 2 * remembered) {
            next = remembered;
        }
    }

    /** The peer has reset it too, so from here on it knows. */
    void resetByPeer(int stream) {
        for (int i = 0; i < ring.length; i++) {
            if (ring[i] == -stream) {
                ring[i] = stream;
            }
        }
    }

    /** Whether the peer may not know yet that the stream is no more. */
    boolean wasResetByUs(int stream) {
        return has(-stream);
    }

    /** Whether the stream ended in any other way. */
    boolean hasEnded(int stream) {
        return has(stream);
    }

    private boolean has(int entry) {
        for (int each : ring) {
            if (each == entry) {
                return true;
            }
        }
        return false;
    }
}
