package dev.heddle.http.internal.http2;

import java.nio.ByteBuffer;

/**
 * The decoder of header blocks (RFC 7541). One for each connection, since a block may refer to those before it; so
 * every block is read to its end, also one that nobody wants.
 *
 * <p>The codec that the rest comes from also makes a message of the fields, and fails the connection for what is wrong
 * with one request: a section that is too large, an authority that it cannot read. Here fields are only read. A block's
 * cost is linear in its bytes: what a number names is shared, never copied.
 */
public final class HpackReader {

    /** The receiver of a block's fields, in order. */
    public interface Sink {

        /** A field as it came, in Latin-1, not checked at all. */
        void field(String name, String value);
    }

    /** The table that every peer begins with, whatever was announced to it: RFC 9113, section 6.5.2. */
    private static final int FIRST_TABLE_BYTES = 4 * 1024;

    private static final int TEXT_BITS = 7;

    private final int announcedBytes;
    private final HpackTable table;

    /** The most that the peer may take for the table now. */
    private int maxTableBytes;

    /** Whether the next block must begin with a smaller table, since the peer knows by now how large it may be. */
    private boolean mustShrink;

    private final HpackTexts texts = new HpackTexts();

    /**
     * @param announcedBytes most memory for fields of earlier blocks, as announced to the peer
     */
    public HpackReader(int announcedBytes) {
        this.announcedBytes = announcedBytes;
        this.maxTableBytes = Math.max(announcedBytes, FIRST_TABLE_BYTES);
        this.table = new HpackTable(maxTableBytes);
    }

    /** The peer knows what was announced; its next block says so if it has to (section 4.2). */
    void acknowledged() {
        maxTableBytes = announcedBytes;
        mustShrink = table.maxBytes() > announcedBytes;
    }

    /**
     * Reads a whole block.
     *
     * @throws Http2Fault COMPRESSION_ERROR of the connection if it is malformed: the tables no longer agree
     */
    public void read(ByteBuffer in, Sink sink) {
        boolean started = false;
        while (in.hasRemaining()) {
            int first = in.get(in.position());
            if (mustShrink && (first & 0xe0) != 0x20) {
                throw malformed("the table stays larger than " + maxTableBytes + " bytes");
            }
            if ((first & 0x80) != 0) {
                int index = known(HpackTexts.number(in, 7));
                sink.field(table.name(index), table.value(index));
            } else if ((first & 0xe0) == 0x20) {
                resize(HpackTexts.number(in, 5), started);
                continue;
            } else {
                boolean added = (first & 0x40) != 0;
                int index = HpackTexts.number(in, added ? 6 : 4);
                String name = index == 0 ? texts.read(in, TEXT_BITS, null) : table.name(known(index));
                String value = texts.read(in, TEXT_BITS, added ? null : HpackTable.recurring(index));
                if (added) {
                    table.add(name, value);
                }
                sink.field(name, value);
            }
            started = true;
        }
    }

    private int known(int index) {
        if (!table.has(index)) {
            throw malformed("a field names entry " + index + " that is not there");
        }
        return index;
    }

    /** Section 4.2: only before the first field, and never beyond what was announced. */
    private void resize(int bytes, boolean started) {
        if (started || bytes > maxTableBytes) {
            throw malformed("the table cannot become " + bytes + " bytes large here");
        }
        table.resize(bytes);
        mustShrink = false;
    }

    private static Http2Fault malformed(String what) {
        return HpackTexts.malformed(what);
    }
}
