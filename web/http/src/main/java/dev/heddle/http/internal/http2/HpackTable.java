package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.codec.FieldName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of the fields that a header block may name by a number (RFC 7541, section 2.3): 61 fixed ones, then those
 * of earlier blocks, the latest first. Names and values lie as they came; whoever uses them checks them.
 */
final class HpackTable {

    /** What an entry costs beside its text: section 4.1. */
    static final int ENTRY_BYTES = 32;

    /** Appendix A, in its order: names, and values where there are any. */
    private static final String[] FIXED_TEXTS = """
            :authority; :method GET; :method POST; :path /; :path /index.html; :scheme http; :scheme https;
            :status 200; :status 204; :status 206; :status 304; :status 400; :status 404; :status 500;
            accept-charset; accept-encoding gzip, deflate; accept-language; accept-ranges; accept;
            access-control-allow-origin; age; allow; authorization; cache-control; content-disposition;
            content-encoding; content-language; content-length; content-location; content-range;
            content-type; cookie; date; etag; expect; expires; from; host; if-match; if-modified-since;
            if-none-match; if-range; if-unmodified-since; last-modified; link; location; max-forwards;
            proxy-authenticate; proxy-authorization; range; referer; refresh; retry-after; server;
            set-cookie; strict-transport-security; transfer-encoding; user-agent; vary; via;
            www-authenticate""".split(";\\s", -1);

    private static final int FIXED = FIXED_TEXTS.length;

    /** Names at even and values at odd places; the names are the same objects as literals. */
    private static final String[] FIXED_FIELDS = new String[2 * FIXED];

    /** The names of those whose values recur. */
    private static final @Nullable FieldName[] RECURRING = new FieldName[FIXED];

    /** The first place of each name. */
    private static final Map<String, Integer> FIXED_NAMES = new HashMap<>();

    static {
        for (int i = 0; i < FIXED; i++) {
            int space = FIXED_TEXTS[i].indexOf(' ');
            String name = (space < 0 ? FIXED_TEXTS[i] : FIXED_TEXTS[i].substring(0, space)).intern();
            FIXED_FIELDS[2 * i] = name;
            FIXED_FIELDS[2 * i + 1] = space < 0 ? "" : FIXED_TEXTS[i].substring(space + 1);
            FIXED_NAMES.putIfAbsent(name, i + 1);
            FieldName known = FieldName.find(name);
            RECURRING[i] = known != null && known.recurs() ? known : null;
        }
    }

    /** A ring of names and values in turn. */
    private String[] ring = new String[32];

    private int oldest;
    private int count;
    private int bytes;
    private int maxBytes;

    HpackTable(int maxBytes) {
        this.maxBytes = maxBytes;
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

    /** A fixed field's name if its value recurs from one message to the next, else null. */
    static @Nullable FieldName recurring(int index) {
        return index >= 1 && index <= FIXED ? RECURRING[index - 1] : null;
    }

    /** The names of the fixed fields. */
    static Set<String> fixedNames() {
        return FIXED_NAMES.keySet();
    }

    /** The number of the first fixed field of this name. */
    static int fixed(String name) {
        return FIXED_NAMES.getOrDefault(name, 0);
    }

    /**
     * The number of a field, or the negated number of one that has only its name, or 0.
     *
     * @param fixed the number of a fixed field of this name, or 0
     */
    int find(String name, String value, int fixed) {
        for (int i = fixed; i != 0 && i <= FIXED && FIXED_FIELDS[2 * i - 2].equals(name); i++) {
            if (FIXED_FIELDS[2 * i - 1].equals(value)) {
                return i;
            }
        }
        int named = -fixed;
        for (int i = FIXED + 1; i <= FIXED + count; i++) {
            int place = place(i);
            if (ring[place].equals(name)) {
                if (ring[place + 1].equals(value)) {
                    return i;
                }
                named = named == 0 ? -i : named;
            }
        }
        return named;
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
