package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.codec.FieldName;
import dev.heddle.http.internal.codec.RecentValues;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

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

    /** Longest text that is kept for decoding from one to the next. */
    private static final int MAX_SCRATCH_BYTES = 4 * 1024;

    private final int announcedBytes;
    private final HpackTable table;

    /** The most that the peer may take for the table now. */
    private int maxTableBytes;

    /** Whether the next block must begin with a smaller table, since the peer knows by now how large it may be. */
    private boolean mustShrink;

    private byte[] scratch = new byte[256];

    /** In their code; made for a peer that does not use the table for them. */
    private @Nullable RecentValues recent;

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
                int index = known(number(in, 7));
                sink.field(table.name(index), table.value(index));
            } else if ((first & 0xe0) == 0x20) {
                resize(number(in, 5), started);
                continue;
            } else {
                boolean added = (first & 0x40) != 0;
                int index = number(in, added ? 6 : 4);
                String name = index == 0 ? text(in, null) : table.name(known(index));
                String value = text(in, added ? null : HpackTable.recurring(index));
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

    /** A number that begins in the low bits of a byte (section 5.1). */
    private static int number(ByteBuffer in, int bits) {
        int most = (1 << bits) - 1;
        int value = next(in) & most;
        if (value < most) {
            return value;
        }
        long sum = value;
        // Five bytes hold all that fits an int; more of them would be zeros that say nothing.
        for (int shift = 0; shift <= 28; shift += 7) {
            int b = next(in);
            sum += (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                if (sum > Integer.MAX_VALUE) {
                    break;
                }
                return (int) sum;
            }
        }
        throw malformed("a number is too large");
    }

    /**
     * Reads a text.
     *
     * @param recurring the name of the field whose value it is, if that recurs and is written out each time, as nginx
     *     does; null for any other text
     */
    private String text(ByteBuffer in, @Nullable FieldName recurring) {
        if (!in.hasRemaining()) {
            throw malformed("it ends in a field");
        }
        boolean huffman = (in.get(in.position()) & 0x80) != 0;
        int length = number(in, 7);
        if (length > in.remaining()) {
            throw malformed("a text is longer than the rest");
        }
        int from = in.position();
        in.position(from + length);
        if (huffman) {
            return recurring == null || length > RecentValues.MAX_BYTES
                    ? decoded(in, from, length)
                    : decoded(in, from, length, recurring);
        }
        byte[] bytes = room(length);
        in.get(from, bytes, 0, length);
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(ByteBuffer in, int from, int length) {
        byte[] bytes = room(HpackHuffman.mostCharacters(length));
        int characters = HpackHuffman.read(in, from, length, bytes);
        if (characters < 0) {
            throw malformed("a text is not in its code");
        }
        return new String(bytes, 0, characters, StandardCharsets.ISO_8859_1);
    }

    /** What is the same in its code as before is the same text. */
    private String decoded(ByteBuffer in, int from, int length, FieldName recurring) {
        int characters = HpackHuffman.mostCharacters(length);
        byte[] bytes = room(characters + length);
        int end = characters + length;
        in.get(from, bytes, characters, length);
        RecentValues values = recent;
        if (values == null) {
            values = new RecentValues();
            recent = values;
        }
        String before = values.find(recurring, bytes, characters, end);
        if (before != null) {
            return before;
        }
        String text = decoded(in, from, length);
        values.keep(recurring, bytes, characters, end, text);
        return text;
    }

    private byte[] room(int bytes) {
        if (bytes <= scratch.length) {
            return scratch;
        }
        byte[] larger = new byte[Math.max(bytes, 2 * scratch.length)];
        if (larger.length <= MAX_SCRATCH_BYTES) {
            scratch = larger;
        }
        return larger;
    }

    private static int next(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw malformed("it ends in a number");
        }
        return in.get();
    }

    private static Http2Fault malformed(String what) {
        return Http2Fault.ofConnection(Http2Error.COMPRESSION_ERROR, "bad header block: " + what);
    }
}
