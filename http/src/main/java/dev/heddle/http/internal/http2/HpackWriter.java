package dev.heddle.http.internal.http2;

import dev.heddle.http.Headers;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.hpack.HpackEncoder;

/**
 * The encoder of header blocks, by Jetty's. One for each connection: blocks go out in the order they are written here.
 */
public final class HpackWriter {

    /** The most memory that is used of what the peer offers; also what it offers if it says nothing (section 6.5.2). */
    private static final int MAX_TABLE_BYTES = 4 * 1024;

    /** The most that a field needs beside its text: what says how it is written, and two lengths. */
    private static final int FIELD_OVERHEAD = 16;

    /** The most bytes that the encoder makes of one character: the longest words of its code have 30 bits. */
    private static final int MAX_BYTES_PER_CHARACTER = 4;

    private static final HttpField[] STATUSES = new HttpField[600];

    private final HpackEncoder encoder = new HpackEncoder();

    /** The table's size, and the smallest since the last block, when the peer's decoder must hear of it: -1 if not. */
    private int tableBytes = MAX_TABLE_BYTES;

    private int smallestTableBytes = -1;

    /** The peer has said how large a table it keeps. */
    void limitTable(int bytes) {
        int used = bytes < 0 ? MAX_TABLE_BYTES : Math.min(bytes, MAX_TABLE_BYTES);
        if (used == tableBytes) {
            return;
        }
        smallestTableBytes = smallestTableBytes < 0 ? Math.min(used, tableBytes) : Math.min(used, smallestTableBytes);
        tableBytes = used;
    }

    /** The most bytes that the fields of a message can take, with some of the server's own. */
    public static int mostBytes(Headers headers) {
        int characters = 256;
        for (int i = 0; i < headers.size(); i++) {
            characters += headers.name(i).length() + headers.value(i).length();
        }
        return mostBytes(characters) + (headers.size() + 8) * FIELD_OVERHEAD;
    }

    /** The most bytes that so many characters can take. */
    public static int mostBytes(int characters) {
        return characters * MAX_BYTES_PER_CHARACTER;
    }

    /** Begins a block: says first how the table has changed (RFC 7541, section 4.2). */
    void begin(ByteBuffer target) {
        if (smallestTableBytes >= 0) {
            if (smallestTableBytes < tableBytes) {
                encoder.encodeMaxDynamicTableSize(target, smallestTableBytes);
            }
            encoder.encodeMaxDynamicTableSize(target, tableBytes);
            smallestTableBytes = -1;
        }
    }

    public void status(ByteBuffer target, int status) {
        HttpField field = STATUSES[status];
        if (field == null) {
            field = new HttpField(HttpHeader.C_STATUS, Integer.toString(status));
            STATUSES[status] = field;
        }
        encoder.encode(target, field);
    }

    /** Writes a field whose name may be in any case. */
    public void field(ByteBuffer target, String name, String value) {
        HttpHeader known = HttpHeader.CACHE.get(name);
        encoder.encode(target, known == null ? new HttpField(name, value) : new HttpField(known, value));
    }
}
