package dev.heddle.file;

import java.nio.ByteBuffer;

/**
 * The bytes of a file that were read ahead of whoever reads it in order. Each step asks for twice as many as the one
 * before, up to a bound: a short read costs little, and a long one is not bound by the hops to the worker threads.
 */
final class FileWindow {

    private static final int FIRST_STEP_BYTES = 16 * 1024;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** The unread bytes, from position to limit. */
    private ByteBuffer bytes = NONE;

    /** The last room, if it is still to be filled or was. */
    private ByteBuffer room = NONE;

    /** How many of the unread bytes are no line feeds for sure. */
    private int searched;

    private int step = FIRST_STEP_BYTES;

    int size() {
        return bytes.remaining();
    }

    /** The index of the first line feed; -1 if there is none. What was searched is not searched again. */
    int indexOfLineFeed() {
        for (; searched < bytes.remaining(); searched++) {
            if (at(searched) == '\n') {
                return searched;
            }
        }
        return -1;
    }

    /** The unread byte at an index from 0. */
    byte at(int index) {
        return bytes.get(bytes.position() + index);
    }

    /** Room behind the unread bytes for the next step. What is put there counts after {@link #accept}. */
    ByteBuffer room() {
        if (bytes.capacity() - bytes.limit() < step) {
            int needed = Math.addExact(bytes.remaining(), step);
            if (bytes.capacity() >= needed) {
                bytes.compact().flip();
            } else {
                bytes = ByteBuffer.allocate(needed).put(bytes).flip();
            }
        }
        room = bytes.duplicate().clear().slice(bytes.limit(), step);
        step = Math.min(2 * step, FileWork.MAX_STEP_BYTES);
        return room;
    }

    /**
     * Counts what is before the position of the room.
     *
     * @return false if the bytes were dropped since: then these may be old too
     */
    boolean accept(ByteBuffer filled) {
        if (filled != room) {
            return false;
        }
        bytes.limit(bytes.limit() + filled.position());
        return true;
    }

    /** Moves as many bytes as there are and fit into the target; gives their number. */
    int moveTo(ByteBuffer target) {
        int count = Math.min(target.remaining(), bytes.remaining());
        target.put(target.position(), bytes, bytes.position(), count);
        target.position(target.position() + count);
        skip(count);
        return count;
    }

    /** Takes the first bytes, all of which are there. */
    byte[] take(int count) {
        byte[] taken = new byte[count];
        bytes.get(bytes.position(), taken);
        skip(count);
        return taken;
    }

    /** Shows the first bytes, all of which are there. */
    ByteBuffer first(int count) {
        return bytes.slice(bytes.position(), count);
    }

    /** Takes the first bytes, unless they were dropped meanwhile. */
    void skip(int count) {
        int skipped = Math.min(count, bytes.remaining());
        bytes.position(bytes.position() + skipped);
        searched = Math.max(0, searched - skipped);
    }

    /** Forgets the bytes and gives the memory back; the next steps begin small again. */
    void drop() {
        bytes = NONE;
        room = NONE;
        searched = 0;
        step = FIRST_STEP_BYTES;
    }
}
