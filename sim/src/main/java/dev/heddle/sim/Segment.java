package dev.heddle.sim;

/**
 * A piece of one direction of a connection.
 *
 * @param position the place of its first byte, counted from 0 at the start of the connection
 * @param bytes where the bytes are; never changed after sending
 * @param offset the first of them in {@code bytes}
 * @param length how many they are; 0 for one that only ends
 * @param end what comes after its bytes
 */
record Segment(long position, byte[] bytes, int offset, int length, End end) {

    /** What a segment says about the direction it belongs to. */
    enum End {
        /** More may come. */
        NONE,
        /** That was all, in good order. */
        FINISH,
        /** That was all: the sender has closed without reading what was sent to it. */
        RESET
    }

    private static final byte[] NO_BYTES = {};

    static Segment ending(long position, End end) {
        return new Segment(position, NO_BYTES, 0, 0, end);
    }

    long endPosition() {
        return position + length;
    }
}
