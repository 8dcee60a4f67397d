package dev.heddle.cli.sight.leaks;

import java.io.IOException;

/**
 * An index of where the records of a file stand, by their ids, and a mark for each: a hash table with open addressing, of 17 bytes
 * a slot.
 */
final class PlaceTable {

    private static final int FIRST_SLOTS = 1 << 10;
    private static final int MAX_SLOTS = 1 << 30;

    /** Spreads ids, which are multiples of 8, over the table (Knuth, The Art of Computer Programming 3, 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] ids = new long[FIRST_SLOTS];
    private long[] places = new long[FIRST_SLOTS];
    private byte[] marks = new byte[FIRST_SLOTS];
    private int size;

    /**
     * Adds a record.
     *
     * @param id not 0
     * @throws IOException if there are too many
     */
    void put(long id, long place) throws IOException {
        if (size >= ids.length / 3 * 2) {
            grow();
        }
        int slot = find(ids, id);
        if (ids[slot] == 0) {
            ids[slot] = id;
            size++;
        }
        places[slot] = place;
    }

    private void grow() throws IOException {
        if (ids.length == MAX_SLOTS) {
            throw new IOException("the heap has more than " + size + " objects that refer to others");
        }
        long[] newIds = new long[ids.length * 2];
        long[] newPlaces = new long[newIds.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != 0) {
                int slot = find(newIds, ids[i]);
                newIds[slot] = ids[i];
                newPlaces[slot] = places[i];
            }
        }
        ids = newIds;
        places = newPlaces;
        marks = new byte[newIds.length];
    }

    private static int find(long[] ids, long id) {
        int mask = ids.length - 1;
        int slot = (int) ((id * SPREAD) >>> 32) & mask;
        while (ids[slot] != 0 && ids[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The slot of a record, by which it is called from now on; -1 if there is none. Stays until the next put. */
    int slot(long id) {
        if (id == 0) {
            return -1;
        }
        int slot = find(ids, id);
        return ids[slot] == 0 ? -1 : slot;
    }

    /** How many slots there are, taken and free. */
    int slots() {
        return ids.length;
    }

    /** How many records it has. */
    int size() {
        return size;
    }

    /** The id in a slot; 0 if it is free. */
    long id(int slot) {
        return ids[slot];
    }

    /** Where the record of a slot stands. */
    long place(int slot) {
        return places[slot];
    }

    byte mark(int slot) {
        return marks[slot];
    }

    void mark(int slot, byte mark) {
        marks[slot] = mark;
    }
}
