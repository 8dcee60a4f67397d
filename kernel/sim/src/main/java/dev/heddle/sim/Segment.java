package dev.heddle.sim;

import java.nio.ByteBuffer;

/**
 * A piece of one direction of a connection.
 *
 * @param position the place of its first byte, counted from 0 at the start of the connection
 * @param bytes its bytes, from 0 to the limit; shared by all that look at the segment, so read through a view
 * @param end what comes after its bytes
 */
record Segment(long position, ByteBuffer bytes, End end) {

    /** What a segment says about the direction it belongs to. */
    enum End {
        /** More may come. */
        NONE,
        /** That was all, in good order. */
        FINISH,
        /** That was all: the sender has closed without reading what was sent to it. */
        RESET
    }

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static Segment ending(long position, End end) {
        return new Segment(position, NO_BYTES, end);
    }

    int length() {
        return bytes.limit();
    }

    long endPosition() {
        return position + length();
    }
}
