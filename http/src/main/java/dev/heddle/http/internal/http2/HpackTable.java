package dev.heddle.http.internal.http2;

import java.util.Arrays;
import org.eclipse.jetty.http2.hpack.HpackContext;

/**
 * The table of the fields that a header block may name by a number (RFC 7541, section 2.3): 61 fixed ones, then those
 * of earlier blocks, the latest first. Names and values lie as they came; whoever uses them checks them.
 */
final class HpackTable {

    /** What an entry costs beside its text: section 4.1. */
    static final int ENTRY_BYTES = 32;

    private static final int FIXED = HpackContext.STATIC_SIZE;

    /** Names at even and values at odd places. */
    private static final String[] FIXED_FIELDS = fixed();

    /** A ring of names and values in turn. */
    private String[] ring = new String[32];

    private int oldest;
    private int count;
    private int bytes;
    private int maxBytes;

    HpackTable(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    private static String[] fixed() {
        var fields = new String[2 * FIXED];
        for (int i = 0; i < FIXED; i++) {
            String[] field = HpackContext.STATIC_TABLE[i + 1];
            fields[2 * i] = field[0];
            fields[2 * i + 1] = field[1] == null ? "" : field[1];
        }
        return fields;
    }

    boolean has(int index) {
        return index >= 1 && index <= FIXED + count;
    }

    String name(int index) {
        return index <= FIXED ? FIXED_FIELDS[2 * index - 2] : ring[place(index)];
    }

    String value(int index) {
        return index <= FIXED ? FIXED_FIELDS[2 * index - 1] : ring[place(index) + 1];
    }

    private int place(int index) {
        return (oldest + count - (index - FIXED)) * 2 & (ring.length - 1);
    }

    /** Adds a field and drops old ones to make room; one that is larger than the table empties it (section 4.4). */
    void add(String name, String value) {
        int size = ENTRY_BYTES + name.length() + value.length();
        shrinkTo(maxBytes - size);
        if (size > maxBytes) {
            return;
        }
        if (2 * count == ring.length) {
            grow();
        }
        int place = (oldest + count) * 2 & (ring.length - 1);
        ring[place] = name;
        ring[place + 1] = value;
        count++;
        bytes += size;
    }

    /** How large it may be. */
    int maxBytes() {
        return maxBytes;
    }

    /** Changes how large it may be (section 4.3). */
    void resize(int maxBytes) {
        this.maxBytes = maxBytes;
        shrinkTo(maxBytes);
    }

    private void shrinkTo(int most) {
        while (count > 0 && bytes > most) {
            int place = oldest * 2 & (ring.length - 1);
            bytes -= ENTRY_BYTES + ring[place].length() + ring[place + 1].length();
            ring[place] = "";
            ring[place + 1] = "";
            oldest = (oldest + 1) & (ring.length / 2 - 1);
            count--;
        }
    }

    private void grow() {
        String[] grown = Arrays.copyOfRange(ring, oldest * 2, oldest * 2 + 2 * ring.length);
        System.arraycopy(ring, 0, grown, ring.length - oldest * 2, oldest * 2);
        ring = grown;
        oldest = 0;
    }
}
