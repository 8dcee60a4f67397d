package dev.heddle.http.internal.http2;

import dev.heddle.http.Headers;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The encoder of header blocks (RFC 7541). One for each connection: blocks go out in the order they are written here.
 *
 * <pre>
 *   a field as a whole is known      1 index
 *   it shall be known from now on    01 name value
 *   it is another each time          0000 name value
 *   it is secret                     0001 name value
 * </pre>
 */
public final class HpackWriter implements FieldWriter {

    /** The most memory that is used of what the peer offers; also what it offers if it says nothing (section 6.5.2). */
    private static final int MAX_TABLE_BYTES = 4 * 1024;

    /** The most that a field needs beside its text: what says how it is written, and two lengths. */
    private static final int FIELD_OVERHEAD = 16;

    /**
     * Secrets that could be guessed from the length of what is written, and must not be in a table of proxies: section
     * 7.1.3.
     */
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "set-cookie");

    /** A shorter one could be guessed. */
    private static final int MIN_SHARED_COOKIE = 20;

    /** Fields whose value is seldom the one of a message before; they would only drive others out of the table. */
    private static final Set<String> CHANGING = Set.of(
            ":path", "age", "content-length", "content-range", "etag", "if-modified-since", "if-none-match",
            "last-modified", "location", "range");

    /** How a field of a name is written. */
    private record Rule(int fixed, int form) {

        static Rule of(String name) {
            int form = SECRET.contains(name) ? NEVER_ADDED : CHANGING.contains(name) ? NOT_ADDED : ADDED;
            return new Rule(HpackTable.fixed(name), form);
        }
    }

    private static final int INDEXED = 0x80;
    private static final int ADDED = 0x40;
    private static final int TABLE_SIZE = 0x20;
    private static final int NEVER_ADDED = 0x10;
    private static final int NOT_ADDED = 0;
    private static final int TEXT_BITS = 7;

    private static final Rule OTHER = new Rule(0, ADDED);

    /** For the names of the fixed table, with which those above are. */
    private static final Map<String, Rule> RULES = HpackTable.fixedNames().stream()
            .collect(Collectors.toMap(name -> name, Rule::of));

    private final HpackTable table = new HpackTable(MAX_TABLE_BYTES);

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
        return characters + (headers.size() + 8) * FIELD_OVERHEAD;
    }

    /** Begins a block: says first how the table has changed (section 4.2). */
    void begin(ByteBuffer target) {
        if (smallestTableBytes >= 0) {
            if (smallestTableBytes < tableBytes) {
                resize(target, smallestTableBytes);
            }
            resize(target, tableBytes);
            smallestTableBytes = -1;
        }
    }

    private void resize(ByteBuffer target, int bytes) {
        table.resize(bytes);
        HpackTexts.number(target, TABLE_SIZE, 5, bytes);
    }

    @Override
    public void raw(ByteBuffer target, String name, String value) {
        Rule rule = RULES.getOrDefault(name, OTHER);
        int found = table.find(name, value, rule.fixed);
        if (found > 0) {
            HpackTexts.number(target, INDEXED, 7, found);
            return;
        }
        int form = name.equals("cookie") && value.length() < MIN_SHARED_COOKIE ? NEVER_ADDED : rule.form;
        HpackTexts.number(target, form, form == ADDED ? 6 : 4, -found);
        if (found == 0) {
            HpackTexts.write(target, 0, TEXT_BITS, name);
        }
        HpackTexts.write(target, 0, TEXT_BITS, value);
        if (form == ADDED) {
            table.add(name, value);
        }
    }
}
