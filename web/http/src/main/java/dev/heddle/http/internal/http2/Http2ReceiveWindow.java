package dev.heddle.http.internal.http2;

/**
 * The receive window of one stream or of the connection: how many bytes of bodies the peer may still send (RFC 9113,
 * section 6.9). What is used up is given back in halves, so that an update comes in time and not with every byte.
 */
final class Http2ReceiveWindow {

    private int size;
    private int left;
    private int used;

    Http2ReceiveWindow(int size) {
        this.size = size;
        left = size;
    }

    /** Counts bytes that have come; false if they were too many. None never are, also below zero: section 6.9.1. */
    boolean receive(int bytes) {
        left -= bytes;
        return bytes == 0 || left >= 0;
    }

    /**
     * Counts bytes that are used up.
     *
     * @return by how much to raise the peer's window now; mostly 0
     */
    int use(int bytes) {
        used += bytes;
        if (used == 0 || used < size / 2) {
            return 0;
        }
        int increment = used;
        used = 0;
        left += increment;
        return increment;
    }

    /** Changes the size, as a setting that the peer has acknowledged. */
    void resize(int size) {
        left += size - this.size;
        this.size = size;
    }
}
