package dev.heddle.http.internal.http2;

/**
 * The send window of one stream or of the connection: how many bytes of bodies the peer will take (RFC 9113, section
 * 6.9). Below zero after the peer has made it smaller than what is under way (section 6.9.2).
 */
public final class Http2SendWindow {

    private int left;

    Http2SendWindow(int size) {
        left = size;
    }

    public int left() {
        return left;
    }

    void take(int bytes) {
        left -= bytes;
    }

    /** Makes it larger or smaller; false, and unchanged, beyond 2^31-1. */
    boolean add(int bytes) {
        long sum = (long) left + bytes;
        if (sum > Integer.MAX_VALUE) {
            return false;
        }
        left = (int) sum;
        return true;
    }
}
